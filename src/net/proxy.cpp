#include "net/proxy.h"

#include <arpa/inet.h>
#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <optional>

#include "core/bytes.h"

namespace colport {
namespace {

// RFC 1928 and 1929 give each of these one byte of length.
constexpr std::size_t most_bytes = 255;

Error invalid(std::string message) {
    return {Errc::invalid, std::move(message),
            "write it as 127.0.0.1:9050 or socks5://USER:PASSWORD@HOST:PORT"};
}

bool is_letter_or_digit(char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

bool is_name(std::string_view host) {
    return !host.empty() && host.size() <= most_bytes && host.front() != '-' &&
           std::all_of(host.begin(), host.end(), [](char c) {
               return is_letter_or_digit(c) || c == '.' || c == '-' || c == '_';
           });
}

std::optional<std::string> parse_host(std::string_view text) {
    if (text.size() > 2 && text.front() == '[' && text.back() == ']') {
        std::string inner(text.substr(1, text.size() - 2));
        in6_addr address{};
        if (inet_pton(AF_INET6, inner.c_str(), &address) != 1) return std::nullopt;
        return inner;
    }
    if (!is_name(text)) return std::nullopt;
    return std::string(text);
}

std::optional<std::uint16_t> parse_port(std::string_view text) {
    std::uint16_t port = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), port);
    if (error != std::errc{} || end != text.data() + text.size() || port == 0) return std::nullopt;
    return port;
}

std::optional<std::string> percent_decoded(std::string_view text) {
    std::string out;
    for (; !text.empty(); text.remove_prefix(1)) {
        if (text.front() != '%') {
            out += text.front();
            continue;
        }
        unsigned value = 0;
        if (text.size() < 3) return std::nullopt;
        const auto [end, error] = std::from_chars(text.data() + 1, text.data() + 3, value, 16);
        if (error != std::errc{} || end != text.data() + 3) return std::nullopt;
        out += static_cast<char>(value);
        text.remove_prefix(2);
    }
    if (out.size() > most_bytes || !is_text(out)) return std::nullopt;
    return out;
}

std::string percent_encoded(std::string_view text) {
    std::string out;
    for (const char c : text)
        if (is_letter_or_digit(c) || c == '-' || c == '.' || c == '_' || c == '~') out += c;
        else out += fmt::format("%{:02X}", static_cast<unsigned char>(c));
    return out;
}

Status read_login(std::string_view text, Proxy& out) {
    const auto colon = text.find(':');
    const auto user = percent_decoded(text.substr(0, colon));
    const auto password =
        percent_decoded(colon == text.npos ? std::string_view() : text.substr(colon + 1));
    if (!user || user->empty() || !password)
        return invalid("the user or the password of the proxy cannot be read");
    out.user = *user;
    out.password = *password;
    return done();
}

}  // namespace

Result<Proxy> parse_proxy(std::string_view text) {
    Proxy out;
    if (const auto scheme = text.find("://"); scheme != text.npos) {
        const auto name = text.substr(0, scheme);
        if (name != "socks5" && name != "socks5h")
            return invalid("the proxy is no SOCKS5 proxy, and no other kind is spoken");
        text.remove_prefix(scheme + 3);
        if (const auto at = text.rfind('@'); at != text.npos) {
            COLPORT_TRY(read_login(text.substr(0, at), out));
            text.remove_prefix(at + 1);
        }
    }
    const auto colon = text.rfind(':');
    if (colon == text.npos) return invalid("the proxy has no port");
    auto host = parse_host(text.substr(0, colon));
    const auto port = parse_port(text.substr(colon + 1));
    if (!host || !port) return invalid("the proxy's host or port cannot be read");
    out.host = std::move(*host);
    out.port = *port;
    return out;
}

std::string to_string(const Proxy& proxy) {
    const bool is_ipv6 = proxy.host.find(':') != std::string::npos;
    return fmt::format("socks5://{}{}:{}",
                       proxy.user.empty() ? "" : percent_encoded(proxy.user) + "@",
                       is_ipv6 ? "[" + proxy.host + "]" : proxy.host, proxy.port);
}

}  // namespace colport
