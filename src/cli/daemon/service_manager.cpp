#include "cli/daemon/service_manager.h"

#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <charconv>
#include <cstddef>
#include <cstdlib>
#include <cstring>

namespace colport::cli {
namespace {

std::string taken(const char* variable) {
    const char* value = std::getenv(variable);
    std::string out = value != nullptr ? value : "";
    ::unsetenv(variable);
    return out;
}

}  // namespace

ServiceManager ServiceManager::from_environment() {
    ServiceManager out;
    out.socket_ = taken("NOTIFY_SOCKET");
    const auto every = taken("WATCHDOG_USEC"), who = taken("WATCHDOG_PID");
    if (out.socket_.empty() || (!who.empty() && who != std::to_string(::getpid()))) return out;
    std::int64_t microseconds = 0;
    std::from_chars(every.data(), every.data() + every.size(), microseconds);
    // Of three messages two may be late.
    out.watchdog_ = microseconds / 3000;
    return out;
}

void ServiceManager::tell(std::string_view message) const {
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    if (socket_.size() < 2 || socket_.size() >= sizeof address.sun_path) return;
    std::memcpy(address.sun_path, socket_.data(), socket_.size());
    const auto size = offsetof(sockaddr_un, sun_path) + socket_.size();
    // A name of no file, which begins with a zero.
    if (socket_.front() == '@') address.sun_path[0] = '\0';
    const int descriptor = ::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (descriptor < 0) return;
    static_cast<void>(::sendto(descriptor, message.data(), message.size(), MSG_NOSIGNAL,
                               reinterpret_cast<const sockaddr*>(&address),
                               static_cast<socklen_t>(size)));
    ::close(descriptor);
}

}  // namespace colport::cli
