#include "feed/link.h"

#include <arpa/inet.h>
#include <curl/curl.h>
#include <fmt/format.h>

#include <charconv>
#include <memory>

#include "core/limits.h"
#include "feed/door.h"

namespace colport {
namespace {

constexpr std::string_view scheme = "magnet:?";
constexpr std::string_view hash_urn = "urn:btih:";
constexpr std::string_view key_urn = "urn:btpk:";
// Each is asked in turn: more would be a pattern to watch for, or a scan.
constexpr std::size_t most_hints = 32;

struct CurlFree {
    void operator()(char* text) const noexcept { curl_free(text); }
};

// For curl a length of 0 means that the text ends with a NUL: these views do not.
std::string escape(std::string_view text) {
    if (text.empty()) return "";
    const std::unique_ptr<char, CurlFree> out(
        curl_easy_escape(nullptr, text.data(), static_cast<int>(text.size())));
    return out ? out.get() : "";
}

std::string unescape(std::string_view text) {
    if (text.empty()) return "";
    int size = 0;
    const std::unique_ptr<char, CurlFree> out(
        curl_easy_unescape(nullptr, text.data(), static_cast<int>(text.size()), &size));
    return out ? std::string(out.get(), static_cast<std::size_t>(size)) : "";
}

Error invalid(std::string message) {
    return {Errc::invalid, std::move(message),
            "ask the newsroom for its link again; it begins with magnet:?xt=urn:btih:"};
}

std::optional<PublicKey> key_of(std::string_view value) {
    if (!value.starts_with(key_urn)) return std::nullopt;
    return PublicKey::from_hex_text(value.substr(key_urn.size()));
}

}  // namespace

std::string to_string(const Link& link) {
    std::string out = fmt::format("{}xt={}{}&xs={}{}", scheme, hash_urn,
                                  door_of(link.feed).info_hash.hex(), key_urn, link.feed.hex());
    if (!link.name.empty()) out += "&dn=" + escape(link.name);
    for (const auto& tracker : link.trackers) out += "&tr=" + escape(tracker);
    for (const auto& mirror : link.mirrors) out += "&ws=" + escape(mirror);
    for (const auto& peer : link.peers) out += "&x.pe=" + escape(peer);
    return out;
}

Result<Link> parse_link(std::string_view text) {
    while (!text.empty() && std::isspace(static_cast<unsigned char>(text.back())))
        text.remove_suffix(1);
    while (!text.empty() && std::isspace(static_cast<unsigned char>(text.front())))
        text.remove_prefix(1);
    if (text.size() > limits::link) return Error{Errc::too_large, "the link is over 8 KiB"};
    if (!text.starts_with(scheme)) return invalid("not a subscription link");
    text.remove_prefix(scheme.size());
    Link out;
    std::optional<PublicKey> key;
    std::string hash;
    while (!text.empty()) {
        const auto end = text.find('&');
        const auto pair = text.substr(0, end);
        text.remove_prefix(end == text.npos ? text.size() : end + 1);
        const auto equals = pair.find('=');
        if (equals == pair.npos) continue;
        const auto name = pair.substr(0, equals);
        const auto value = unescape(pair.substr(equals + 1));
        if (!is_text(value)) return invalid("the link is damaged");
        if (name == "xt" && value.starts_with(hash_urn)) hash = value.substr(hash_urn.size());
        else if (name == "xt") return invalid("the link names a torrent that is not a feed's door");
        else if (name == "xs" && !key) key = key_of(value);
        else if (name == "s") return invalid("the link carries a salt, which no feed has");
        else if (name == "dn" && value.size() <= limits::feed_name) out.name = value;
        else if (name == "tr") out.trackers.push_back(value);
        else if (name == "ws") out.mirrors.push_back(value);
        else if (name == "x.pe") out.peers.push_back(value);
    }
    if (!key) return invalid("the link names no feed key");
    out.feed = *key;
    if (hash != door_of(out.feed).info_hash.hex())
        return invalid("the link's torrent and its key do not belong together");
    if (out.peers.size() > most_hints || out.trackers.size() > most_hints ||
        out.mirrors.size() > most_hints || to_string(out).size() > limits::link)
        return Error{Errc::too_large, "the link names too many peers, trackers or mirrors"};
    return out;
}

bool is_endpoint(std::string_view text) {
    if (text.find_first_not_of("0123456789abcdefABCDEF.:[]") != text.npos) return false;
    const auto colon = text.rfind(':');
    if (colon == text.npos || colon == 0) return false;
    std::string host(text.substr(0, colon));
    const bool bracketed = host.front() == '[' && host.back() == ']';
    if (bracketed) host = host.substr(1, host.size() - 2);
    unsigned port = 0;
    const char* end = text.data() + text.size();
    const auto [rest, error] = std::from_chars(text.data() + colon + 1, end, port);
    if (error != std::errc() || rest != end || port == 0 || port > 65535) return false;
    in6_addr address{};
    return inet_pton(bracketed ? AF_INET6 : AF_INET, host.c_str(), &address) == 1;
}

}  // namespace colport
