#include "press/page/markup_limits.h"

#include <fmt/format.h>

#include <array>
#include <cstdint>

#include "press/clean_text.h"

namespace colport {
namespace {

// Real tags have dozens.
constexpr std::uint64_t max_attributes = 5000;
// Comparisons of names in all tags together: about a second.
constexpr std::uint64_t max_comparisons = 100'000'000;

bool is_blank(char c) {
    return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\f' || c == '/';
}
bool is_letter(char c) { return (c | 0x20) >= 'a' && (c | 0x20) <= 'z'; }

/// Behind the end of a script or a style, whose text holds no tags.
std::size_t skip_raw(Bytes html, std::size_t at, Bytes name) {
    while ((at = html.find("</", at)) != html.npos) {
        if (ascii_lower(html.substr(at + 2, name.size())) == name) return at;
        at += 2;
    }
    return html.size();
}

struct TagEnd {
    std::size_t at = 0;          ///< behind the tag
    std::uint64_t attributes = 0;
};

/// Precondition: `at` is behind the tag's name.
TagEnd read_tag(Bytes html, std::size_t at) {
    TagEnd out;
    bool in_name = false;
    for (; at < html.size() && html[at] != '>'; ++at) {
        const char c = html[at];
        if (is_blank(c)) {
            in_name = false;
        } else if (c == '=') {
            while (at + 1 < html.size() && is_blank(html[at + 1])) ++at;
            const char quote = at + 1 < html.size() ? html[at + 1] : '\0';
            if (quote != '"' && quote != '\'') continue;
            const auto end = html.find(quote, at + 2);
            // libxml2 reads on to the next tag then, and so do we.
            if (end != html.npos) at = end;
            in_name = false;
        } else if (!in_name) {
            in_name = true;
            ++out.attributes;
        }
    }
    out.at = at;
    return out;
}

}  // namespace

Status check_markup(Bytes html) {
    std::uint64_t comparisons = 0;
    for (std::size_t at = 0; (at = html.find('<', at)) != html.npos;) {
        if (html.substr(at, 4) == "<!--") {
            at = std::min(html.find("-->", at + 4), html.size());
            continue;
        }
        const auto name_at = ++at;
        while (at < html.size() && is_letter(html[at])) ++at;
        if (at == name_at) continue;
        const auto name = html.substr(name_at, at - name_at);
        const auto tag = read_tag(html, at);
        comparisons += tag.attributes * tag.attributes / 2;
        if (tag.attributes > max_attributes || comparisons > max_comparisons)
            return Error{Errc::too_large,
                         fmt::format("a tag has {} attributes, more than any page needs",
                                     tag.attributes)};
        at = tag.at;
        if (name.size() <= 6)
            if (const auto lower = ascii_lower(name); lower == "script" || lower == "style")
                at = skip_raw(html, at, lower);
    }
    return done();
}

}  // namespace colport
