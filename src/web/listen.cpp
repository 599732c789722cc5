#include "web/listen.h"

#include <arpa/inet.h>
#include <fmt/format.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <cerrno>
#include <charconv>
#include <cstring>

#include "web/host.h"

namespace colport::web {
namespace {

constexpr int backlog = 64;
constexpr std::string_view unix_scheme = "unix:";

struct Address {
    sockaddr_storage storage{};
    socklen_t size = 0;
    [[nodiscard]] const sockaddr* get() const {
        return reinterpret_cast<const sockaddr*>(&storage);
    }
    sockaddr* get() { return reinterpret_cast<sockaddr*>(&storage); }
};

Error no_address(const std::string& where) {
    return {Errc::invalid, fmt::format("\"{}\" is no address to listen on", where),
            "write it as 127.0.0.1:8080, [::1]:8080 or unix:/path"};
}

Result<Address> parse_tcp(const std::string& where) {
    const auto [host, port_text] = split_host(where);
    std::uint16_t port = 0;
    const auto [end, error] =
        std::from_chars(port_text.data(), port_text.data() + port_text.size(), port);
    if (port_text.empty() || error != std::errc{} || end != port_text.data() + port_text.size())
        return no_address(where);
    Address out;
    if (host.size() > 2 && host.front() == '[' && host.back() == ']') {
        sockaddr_in6 address{};
        address.sin6_family = AF_INET6;
        address.sin6_port = htons(port);
        const std::string inner(host.substr(1, host.size() - 2));
        if (inet_pton(AF_INET6, inner.c_str(), &address.sin6_addr) != 1) return no_address(where);
        std::memcpy(&out.storage, &address, out.size = sizeof address);
        return out;
    }
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    if (inet_pton(AF_INET, std::string(host).c_str(), &address.sin_addr) != 1)
        return no_address(where);
    std::memcpy(&out.storage, &address, out.size = sizeof address);
    return out;
}

std::string to_string(const Address& address) {
    char text[INET6_ADDRSTRLEN] = "";
    if (address.storage.ss_family == AF_INET6) {
        sockaddr_in6 inner{};
        std::memcpy(&inner, &address.storage, sizeof inner);
        inet_ntop(AF_INET6, &inner.sin6_addr, text, sizeof text);
        return fmt::format("[{}]:{}", text, ntohs(inner.sin6_port));
    }
    sockaddr_in inner{};
    std::memcpy(&inner, &address.storage, sizeof inner);
    inet_ntop(AF_INET, &inner.sin_addr, text, sizeof text);
    return fmt::format("{}:{}", text, ntohs(inner.sin_port));
}

Error failure(const std::string& where, int reason) {
    const auto message = fmt::format("cannot listen on {}: {}", where, std::strerror(reason));
    const bool denied = reason == EACCES || reason == EPERM;
    return {denied ? Errc::denied : reason == EADDRNOTAVAIL ? Errc::invalid : Errc::io, message};
}

Error port_in_use(const std::string& where) {
    const auto [host, port] = split_host(where);
    return {Errc::exists, fmt::format("port {} on {} is in use", port, host),
            "stop the program that uses it, or choose another port"};
}

int new_socket(int family) {
    return socket(family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
}

/// Somebody listens there. Whoever is too busy to accept lives as well.
bool is_answered(const Address& address) {
    const int probe = new_socket(AF_UNIX);
    if (probe < 0) return true;
    const bool answered =
        connect(probe, address.get(), address.size) == 0 || errno == EAGAIN;
    close(probe);
    return answered;
}

/// Makes way for a new socket file. Never removes anything but a dead socket.
Status clear_path(const std::filesystem::path& path, const Address& address) {
    struct stat found {};
    if (lstat(path.c_str(), &found) != 0)
        return errno == ENOENT ? done() : Status(failure(path.string(), errno));
    if (!S_ISSOCK(found.st_mode))
        return Error{Errc::exists, fmt::format("{} is there and is not a socket", path.string())};
    if (is_answered(address))
        return Error{Errc::exists, fmt::format("another daemon answers on {}", path.string()),
                     "stop it first"};
    if (unlink(path.c_str()) != 0 && errno != ENOENT) return failure(path.string(), errno);
    return done();
}

}  // namespace

Result<Listener> Listener::open(const std::string& where) {
    if (where.starts_with(unix_scheme)) return open_unix(where.substr(unix_scheme.size()));
    return open_tcp(where);
}

Result<Listener> Listener::open_tcp(const std::string& where) {
    auto address = COLPORT_TRY(parse_tcp(where));
    Listener out(new_socket(address.storage.ss_family), "");
    if (out.descriptor_ < 0) return failure(where, errno);
    const int on = 1;
    setsockopt(out.descriptor_, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    if (address.storage.ss_family == AF_INET6)
        setsockopt(out.descriptor_, IPPROTO_IPV6, IPV6_V6ONLY, &on, sizeof on);
    if (bind(out.descriptor_, address.get(), address.size) != 0 ||
        ::listen(out.descriptor_, backlog) != 0)
        return errno == EADDRINUSE ? port_in_use(where) : failure(where, errno);
    if (getsockname(out.descriptor_, address.get(), &address.size) != 0)
        return failure(where, errno);
    out.bound_ = to_string(address);
    return out;
}

Result<Listener> Listener::open_unix(const std::filesystem::path& path) {
    sockaddr_un name{};
    name.sun_family = AF_UNIX;
    const auto& text = path.native();
    if (text.empty()) return no_address("unix:");
    if (text.size() >= sizeof name.sun_path)
        return Error{Errc::invalid,
                     fmt::format("the path of the socket is {} bytes long, and {} are possible: {}",
                                 text.size(), sizeof name.sun_path - 1, text),
                     "choose a folder with a shorter path"};
    std::memcpy(name.sun_path, text.data(), text.size());
    Address address;
    std::memcpy(&address.storage, &name, address.size = sizeof name);
    COLPORT_TRY(clear_path(path, address));

    Listener out(new_socket(AF_UNIX), "unix:" + text);
    if (out.descriptor_ < 0) return failure(text, errno);
    if (bind(out.descriptor_, address.get(), address.size) != 0) return failure(text, errno);
    out.file_ = path;
    struct stat made {};
    // Nobody can connect before listen(), so the file is private from the first.
    if (chmod(text.c_str(), 0600) != 0 || lstat(text.c_str(), &made) != 0)
        return failure(text, errno);
    out.inode_ = made.st_ino;
    if (::listen(out.descriptor_, backlog) != 0) return failure(text, errno);
    return out;
}

Listener::~Listener() {
    if (descriptor_ < 0) return;
    struct stat found {};
    if (!file_.empty() && lstat(file_.c_str(), &found) == 0 && found.st_ino == inode_)
        unlink(file_.c_str());
    close(descriptor_);
}

}  // namespace colport::web
