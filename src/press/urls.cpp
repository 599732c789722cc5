#include "press/urls.h"

#include <fmt/format.h>
#include <libxml/uri.h>

#include "press/clean_text.h"
#include "press/formats/xml_tree.h"

namespace colport {
namespace {

constexpr std::size_t max_address = 4096;

bool is_hex(char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}

/// People write addresses with blanks and in their own alphabet; RFC 3986
/// knows neither.
std::string escape(std::string_view reference) {
    const bool address_in_brackets = reference.find("://[") != reference.npos;
    std::string out;
    bool in_fragment = false;
    for (std::size_t i = 0; i < reference.size(); ++i) {
        const char c = reference[i];
        const auto byte = static_cast<unsigned char>(c);
        if (c == '\t' || c == '\n' || c == '\r') continue;
        bool plain = byte > 0x20 && byte < 0x7f && !std::strchr("\"<>\\^`{|}", c);
        if (c == '%')
            plain = i + 2 < reference.size() && is_hex(reference[i + 1]) &&
                    is_hex(reference[i + 2]);
        if (c == '[' || c == ']') plain = address_in_brackets;
        if (c == '#') plain = !std::exchange(in_fragment, true);
        if (plain)
            out += c;
        else
            out += fmt::format("%{:02X}", byte);
    }
    return out;
}

bool has_scheme(const std::string& address, std::string_view scheme) {
    return ascii_lower(std::string_view(address).substr(0, scheme.size())) == scheme;
}

bool counts_clicks(std::string_view parameter) {
    for (const std::string_view name :
         {"utm_", "fbclid=", "gclid=", "yclid=", "mc_cid=", "mc_eid="})
        if (parameter.starts_with(name)) return true;
    return false;
}

std::string kept_query(std::string_view query) {
    std::string out;
    while (!query.empty()) {
        const auto end = query.find('&');
        const auto part = query.substr(0, end);
        query.remove_prefix(end == query.npos ? query.size() : end + 1);
        if (part.empty() || counts_clicks(part)) continue;
        out += out.empty() ? '?' : '&';
        out += part;
    }
    return out;
}

}  // namespace

std::string resolve_link(std::string_view reference, const std::string& base) {
    const auto begin = reference.find_first_not_of(" \t\r\n\f");
    if (begin == reference.npos || reference[begin] == '#') return {};
    reference = reference.substr(begin, reference.find_last_not_of(" \t\r\n\f") + 1 - begin);
    if (reference.size() > max_address || reference.find('\0') != reference.npos) return {};
    const auto escaped = escape(reference);
    const auto* from = base.empty() ? nullptr : reinterpret_cast<const xmlChar*>(base.c_str());
    const XmlString built(
        xmlBuildURI(reinterpret_cast<const xmlChar*>(escaped.c_str()), from));
    if (!built) return {};
    std::string out(reinterpret_cast<const char*>(built.get()));
    for (std::string_view scheme : {"http://", "https://", "mailto:"})
        if (has_scheme(out, scheme) && out.size() > scheme.size() && out.size() <= max_address)
            return std::string(scheme) + out.substr(scheme.size());
    return {};
}

std::string resolve_web_address(std::string_view reference, const std::string& base) {
    auto out = resolve_link(reference, base);
    return has_scheme(out, "http") ? out : std::string();
}

std::string host_of(const std::string& url) {
    const auto begin = url.find("://");
    if (begin == url.npos) return {};
    auto host = url.substr(begin + 3, url.find_first_of("/?#", begin + 3) - begin - 3);
    if (const auto at = host.rfind('@'); at != host.npos) host.erase(0, at + 1);
    if (host.starts_with("www.")) host.erase(0, 4);
    return host;
}

std::string address_key(const std::string& url) {
    const auto address = resolve_web_address(url, {});
    if (address.empty()) return {};
    auto rest = address.substr(address.find("://") + 3);
    rest = rest.substr(0, rest.find('#'));
    const auto question = rest.find('?');
    std::string query;
    if (question != rest.npos) query = kept_query(std::string_view(rest).substr(question + 1));
    rest = rest.substr(0, question);
    const auto slash = std::min(rest.find('/'), rest.size());
    auto host = ascii_lower(std::string_view(rest).substr(0, slash));
    if (host.starts_with("www.")) host.erase(0, 4);
    auto path = rest.substr(slash);
    while (path.ends_with('/')) path.pop_back();
    return host + path + query;
}

}  // namespace colport
