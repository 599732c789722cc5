#include "web/host.h"

#include <arpa/inet.h>

namespace colport::web {
namespace {

bool is_address(const std::string& host) {
    in6_addr address{};
    if (host.size() > 2 && host.front() == '[' && host.back() == ']')
        return inet_pton(AF_INET6, host.substr(1, host.size() - 2).c_str(), &address) == 1;
    return inet_pton(AF_INET, host.c_str(), &address) == 1;
}

}  // namespace

HostPort split_host(std::string_view text) {
    const auto bracket = text.rfind(']');
    const auto colon = text.rfind(':');
    if (colon == text.npos || (bracket != text.npos && colon < bracket)) return {text, {}};
    return {text.substr(0, colon), text.substr(colon + 1)};
}

bool is_our_host(const Request& request) {
    const auto [host, port] = split_host(request.host);
    const auto bound = split_host(request.bound);
    if (!port.empty() && !bound.port.empty() && port != bound.port) return false;
    std::string name(host);
    for (char& c : name)
        if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
    if (name == "localhost" || name == "127.0.0.1" || name == "[::1]") return true;
    if (bound.host.empty()) return false;
    // Names can be rebound, addresses cannot.
    if (bound.host == "0.0.0.0" || bound.host == "[::]") return is_address(name);
    return name == bound.host;
}

bool is_foreign_request(const Request& request) {
    if (request.fetch_site != "cross-site" && request.fetch_site != "same-site") return false;
    return request.fetch_mode != "navigate" || request.fetch_dest != "document";
}

}  // namespace colport::web
