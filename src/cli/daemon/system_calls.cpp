#include "cli/daemon/system_calls.h"

#include <fmt/format.h>
#include <seccomp.h>
#include <sys/socket.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <memory>

namespace colport::cli {
namespace {

// By name, since not every architecture has every one.
constexpr const char* given_up[] = {
    // Programs, and other processes.
    "execve", "execveat", "fork", "vfork", "ptrace", "process_vm_readv", "process_vm_writev",
    "process_madvise", "kcmp", "pidfd_getfd", "pidfd_open", "pidfd_send_signal",
    "perf_event_open", "userfaultfd", "personality",
    // Who and where the process is.
    "setuid", "setgid", "setreuid", "setregid", "setresuid", "setresgid", "setfsuid", "setfsgid",
    "setgroups", "capset", "chroot", "pivot_root", "unshare", "setns", "setsid", "acct",
    // Files of the system.
    "mount", "umount", "umount2", "move_mount", "open_tree", "fsopen", "fsmount", "fsconfig",
    "fspick", "mount_setattr", "mknod", "mknodat", "swapon", "swapoff", "quotactl",
    "quotactl_fd", "open_by_handle_at", "name_to_handle_at", "fanotify_init", "fanotify_mark",
    // The kernel and the machine.
    "init_module", "finit_module", "delete_module", "create_module", "kexec_load",
    "kexec_file_load", "reboot", "bpf", "syslog", "iopl", "ioperm", "modify_ldt", "vhangup",
    "sethostname", "setdomainname", "settimeofday", "clock_settime", "clock_adjtime",
    "adjtimex", "stime", "nfsservctl", "lookup_dcookie", "vm86", "vm86old", "uselib", "ustat",
    // Keys, and doors that have been open too often.
    "add_key", "request_key", "keyctl", "io_uring_setup", "io_uring_enter", "io_uring_register",
    "landlock_create_ruleset", "memfd_secret",
};

// glibc asks the kernel for addresses of the machine by netlink, which is a socket
// of the type for raw ones too.
constexpr int families[] = {AF_UNIX, AF_INET, AF_INET6, AF_NETLINK};
constexpr int families_known = 48;

struct Release {
    void operator()(void* filter) const noexcept { seccomp_release(filter); }
};

Error no_filter(int error) {
    return {Errc::unsupported,
            fmt::format("system calls cannot be given up: {}", std::strerror(-error))};
}

}  // namespace

Status give_up_system_calls() {
    const std::unique_ptr<void, Release> filter(seccomp_init(SCMP_ACT_ALLOW));
    if (!filter) return no_filter(-ENOMEM);
    const auto refuse = SCMP_ACT_ERRNO(EPERM);
    for (const char* name : given_up) {
        const int number = seccomp_syscall_resolve_name(name);
        if (number == __NR_SCMP_ERROR) continue;
        if (const int failed = seccomp_rule_add(filter.get(), refuse, number, 0); failed != 0)
            return no_filter(failed);
    }
    // A child process is made by clone without CLONE_VM; a thread has it. Of clone3
    // the filter cannot see the flags, and without it glibc takes clone.
    constexpr std::uint64_t clone_vm = 0x100;
    seccomp_rule_add(filter.get(), SCMP_ACT_ERRNO(ENOSYS), SCMP_SYS(clone3), 0);
    int failed = seccomp_rule_add(filter.get(), refuse, SCMP_SYS(clone), 1,
                                  SCMP_A0(SCMP_CMP_MASKED_EQ, clone_vm, 0));
    // Raw sockets, and of families that have no business here.
    for (const int family : {AF_INET, AF_INET6})
        if (failed == 0)
            failed = seccomp_rule_add(filter.get(), refuse, SCMP_SYS(socket), 2,
                                      SCMP_A0(SCMP_CMP_EQ, static_cast<unsigned>(family)),
                                      SCMP_A1(SCMP_CMP_MASKED_EQ, 0xf, SOCK_RAW));
    for (int family = 0; failed == 0 && family < families_known; ++family)
        if (std::find(std::begin(families), std::end(families), family) == std::end(families))
            failed = seccomp_rule_add(filter.get(), refuse, SCMP_SYS(socket), 1,
                                      SCMP_A0(SCMP_CMP_EQ, static_cast<unsigned>(family)));
    if (failed == 0) failed = seccomp_load(filter.get());
    if (failed != 0) return no_filter(failed);
    return done();
}

}  // namespace colport::cli
