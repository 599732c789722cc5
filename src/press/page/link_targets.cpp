#include "press/page/link_targets.h"

#include <algorithm>
#include <array>

#include "press/clean_text.h"

namespace colport {
namespace {

constexpr std::array<std::string_view, 20> paths{
    "subscribe", "subscription", "subscriptions", "newsletter",  "newsletters", "donate",
    "donation",  "donations",    "support",       "support-us",  "supportus",   "membership",
    "join",      "signup",       "sign-up",       "register",    "login",       "contribute",
    "suscribete", "abone-ol"};
constexpr std::array<std::string_view, 7> givers{"patreon.com",      "boosty.to",  "ko-fi.com",
                                                 "liberapay.com",    "apps.apple.com",
                                                 "play.google.com",  "chat.whatsapp.com"};
constexpr std::array<std::string_view, 2> channels{"t.me", "telegram.me"};

template <class Words>
bool is_one_of(const Words& words, std::string_view word) {
    return std::find(words.begin(), words.end(), word) != words.end();
}

}  // namespace

bool leads_to_box(std::string_view address) {
    const auto lower = ascii_lower(address.substr(0, address.find_first_of("?#")));
    std::string_view rest = lower;
    std::string_view host;
    if (const auto scheme = rest.find("://"); scheme != rest.npos) {
        rest.remove_prefix(scheme + 3);
        host = rest.substr(0, rest.find('/'));
        rest.remove_prefix(host.size());
        if (host.starts_with("www.")) host.remove_prefix(4);
    }
    if (is_one_of(givers, host)) return true;
    std::size_t parts = 0;
    bool known = false;
    while (!rest.empty()) {
        const auto end = std::min(rest.find('/'), rest.size());
        if (end > 0) ++parts;
        known = known || is_one_of(paths, rest.substr(0, end));
        rest.remove_prefix(std::min(end + 1, rest.size()));
    }
    return known || (is_one_of(channels, host) && parts == 1);
}

}  // namespace colport
