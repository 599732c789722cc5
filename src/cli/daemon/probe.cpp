#include "cli/daemon/probe.h"

#include <fmt/format.h>
#include <netdb.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <cerrno>
#include <charconv>
#include <cstring>
#include <memory>

namespace colport::cli {

namespace {

using Found = std::unique_ptr<addrinfo, decltype(&::freeaddrinfo)>;

struct Address {
    std::string host, port;
    Found found;
};

Result<Address> parse_address(const std::string& address) {
    const Error invalid{Errc::invalid, fmt::format("not an address: {}", address),
                        "write IP:PORT, such as 127.0.0.1:8417 or [::1]:8417"};
    const auto colon = address.rfind(':');
    if (colon == address.npos || colon + 1 == address.size()) return invalid;
    auto host = address.substr(0, colon);
    const auto port = address.substr(colon + 1);
    unsigned number = 0;
    const auto parsed = std::from_chars(port.data(), port.data() + port.size(), number);
    if (parsed.ec != std::errc() || parsed.ptr != port.data() + port.size() || number > 65535)
        return invalid;
    if (host.find(':') != host.npos && host.front() != '[') return invalid;
    if (host.size() > 2 && host.front() == '[' && host.back() == ']')
        host = host.substr(1, host.size() - 2);
    addrinfo wanted{};
    wanted.ai_flags = AI_NUMERICHOST | AI_NUMERICSERV;
    wanted.ai_socktype = SOCK_STREAM;
    addrinfo* found = nullptr;
    if (::getaddrinfo(host.c_str(), port.c_str(), &wanted, &found) != 0) return invalid;
    return Address{host, port, Found(found, ::freeaddrinfo)};
}

}  // namespace

Status check_address(const std::string& address) {
    COLPORT_TRY(parse_address(address));
    return done();
}

Status probe_port(const std::string& address) {
    const auto parsed = COLPORT_TRY(parse_address(address));
    const auto& [host, port, found] = parsed;
    const int probe = ::socket(found->ai_family, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (probe < 0) return done();  // no such protocol here: the listener will say so
    const int yes = 1;
    ::setsockopt(probe, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
    const int failed = ::bind(probe, found->ai_addr, found->ai_addrlen) != 0 ||
                               ::listen(probe, 1) != 0
                           ? errno
                           : 0;
    ::close(probe);
    if (failed == EADDRINUSE)
        return Error{Errc::exists, fmt::format("port {} on {} is in use", port, host),
                     "stop what uses it, or choose another port"};
    if (failed != 0)
        return Error{Errc::denied, fmt::format("cannot listen on {}: {}", address, strerror(failed)),
                     "choose another address"};
    return done();
}

Status probe_socket(const std::filesystem::path& path) {
    std::error_code ignored;
    if (path.string().size() >= sizeof sockaddr_un{}.sun_path)
        return Error{Errc::invalid,
                     fmt::format("{} is too long for a Unix socket", path.string()),
                     "choose a folder with a shorter path"};
    if (path.filename().empty() || (std::filesystem::exists(path, ignored) &&
                                    !std::filesystem::is_socket(path, ignored)))
        return Error{Errc::exists, fmt::format("{} is no place for a Unix socket", path.string()),
                     "name a file that does not exist yet"};
    return done();
}

}  // namespace colport::cli
