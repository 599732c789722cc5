#include "press/sandbox/confinement.h"

#include <fmt/format.h>
#include <linux/landlock.h>
#include <seccomp.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <memory>

namespace colport {
namespace {

// What an allocator, a clock, a mapped file and an open socket need.
constexpr int allowed_calls[] = {
    SCMP_SYS(read),          SCMP_SYS(readv),           SCMP_SYS(write),
    SCMP_SYS(writev),        SCMP_SYS(recvmsg),         SCMP_SYS(recvfrom),
    SCMP_SYS(sendmsg),       SCMP_SYS(sendto),          SCMP_SYS(poll),
    SCMP_SYS(ppoll),         SCMP_SYS(close),           SCMP_SYS(lseek),
    SCMP_SYS(brk),           SCMP_SYS(munmap),
    SCMP_SYS(mremap),        SCMP_SYS(madvise),         SCMP_SYS(futex),
    SCMP_SYS(rt_sigreturn),  SCMP_SYS(rt_sigprocmask),  SCMP_SYS(rt_sigaction),
    SCMP_SYS(clock_gettime), SCMP_SYS(gettimeofday),    SCMP_SYS(getrandom),
    SCMP_SYS(getpid),        SCMP_SYS(gettid),          SCMP_SYS(sched_yield),
    SCMP_SYS(exit),          SCMP_SYS(exit_group),      SCMP_SYS(restart_syscall),
};

void limit(__rlimit_resource what, rlim_t value) {
    const rlimit both{value, value};
    ::setrlimit(what, &both);
}

/// A second lock on the file system, where the kernel has it.
void forbid_files() {
#ifdef SYS_landlock_create_ruleset
    landlock_ruleset_attr rules{};
    // All that the first version knows, which newer kernels know as well.
    rules.handled_access_fs = (LANDLOCK_ACCESS_FS_MAKE_SYM << 1) - 1;
    const auto set = static_cast<int>(
        ::syscall(SYS_landlock_create_ruleset, &rules, sizeof rules.handled_access_fs, 0));
    if (set < 0) return;
    ::syscall(SYS_landlock_restrict_self, set, 0);
    ::close(set);
#endif
}

struct Release {
    void operator()(scmp_filter_ctx filter) const noexcept { seccomp_release(filter); }
};

int allow_calls(scmp_filter_ctx filter) {
    for (const int call : allowed_calls)
        if (const int error = seccomp_rule_add(filter, SCMP_ACT_ALLOW, call, 0)) return error;
    // Memory may never become code.
    for (const int call : {SCMP_SYS(mmap), SCMP_SYS(mprotect)})
        if (const int error = seccomp_rule_add(filter, SCMP_ACT_ALLOW, call, 1,
                                               SCMP_A2(SCMP_CMP_MASKED_EQ, PROT_EXEC, 0)))
            return error;
    // abort() signals its own process.
    return seccomp_rule_add(
        filter, SCMP_ACT_ALLOW, SCMP_SYS(tgkill), 1,
        SCMP_A0(SCMP_CMP_EQ, static_cast<scmp_datum_t>(::getpid())));
}

}  // namespace

Status confine_process(std::size_t memory) {
    limit(RLIMIT_CORE, 0);
    limit(RLIMIT_FSIZE, 0);
    limit(RLIMIT_NOFILE, 16);
    limit(RLIMIT_DATA, memory);
    // Others of this user may neither trace it nor read its memory.
    ::prctl(PR_SET_DUMPABLE, 0);
    if (::prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0)
        return Error{Errc::unsupported, fmt::format("no_new_privs: {}", strerror(errno))};
    forbid_files();
    const std::unique_ptr<void, Release> filter(seccomp_init(SCMP_ACT_ERRNO(EPERM)));
    if (!filter) return Error{Errc::unsupported, "libseccomp cannot start"};
    int error = allow_calls(filter.get());
    if (error == 0) error = seccomp_load(filter.get());
    if (error != 0)
        return Error{Errc::unsupported, fmt::format("seccomp: {}", strerror(-error))};
    return done();
}

}  // namespace colport
