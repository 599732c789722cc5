#include "web/html.h"

#include <fmt/format.h>

#include "article/article.h"
#include "article/render.h"
#include "core/crypto.h"
#include "web/assets.h"
#include "web/words.h"

namespace colport::web {
namespace {

/// The style sheet's address changes with its content, so browsers may keep it.
const std::string& style_address() {
    static const std::string address = [] {
        const auto* style = find_asset("style.css");
        const auto hash = sha256(style == nullptr ? std::string_view{} : style->content).hex();
        return "/style.css?v=" + hash.substr(0, 16);
    }();
    return address;
}

std::string menu_entry(const char* address, Text name, std::string_view current) {
    return fmt::format("<a href=\"{}\"{}>{}</a>", address,
                       current == address ? " aria-current=\"page\"" : "", escape_html(name));
}

std::string time_element(const std::string& shown, std::int64_t seconds, std::int32_t zone) {
    const auto timestamp = format_timestamp(seconds, zone);
    if (timestamp.empty() || shown.empty()) return "";
    return fmt::format("<time datetime=\"{}\">{}</time>", timestamp, escape_html(shown));
}

std::string clock_html(std::int64_t seconds, std::int32_t zone) {
    return time_element(clock_text(seconds, zone), seconds, zone);
}

std::string hit_html(const Hit& hit, When when) {
    const auto time = when == When::time ? clock_html(hit.published, hit.zone)
                                         : date_html(hit.published, hit.zone);
    std::string about = fmt::format("<span>{}</span>", bdi(hit.feed_name));
    if (!hit.section.empty()) about += fmt::format("<span>{}</span>", bdi(hit.section));
    if (!time.empty()) about += fmt::format("<span>{}</span>", time);
    const auto title = escape_html(hit.title.empty() ? words::untitled.view() : hit.title);
    return fmt::format(
        "<li{}><h3><a href=\"/article/{}\">{}</a></h3>\n<p class=\"snippet\">{}</p>\n"
        "<p class=\"about\">{}</p></li>\n",
        language_attributes(hit.language), hit.id.hex(), title, snippet_html(hit.snippet), about);
}

}  // namespace

std::string layout(const Layout& page) {
    const auto title = page.title.empty() ? std::string(words::product)
                                          : fmt::format("{} – {}", page.title, words::product);
    return fmt::format(
        R"(<!DOCTYPE html>
<html lang="{language}" dir="{direction}">
<head>
<meta charset="utf-8">
<title>{title}</title>
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<link rel="stylesheet" href="{style}">
<link rel="icon" href="/icon.svg" type="image/svg+xml">
</head>
<body>
<a class="skip" href="#main">{skip}</a>
<header class="top">
<a class="brand" href="/">{product}</a>
<nav>{latest}{feeds}</nav>
<form action="/search" role="search">
<input type="search" name="q" value="{words}" placeholder="{search_label}"
 aria-label="{search_label}" dir="auto" maxlength="1000" autocomplete="off">
<button>{search}</button>
</form>
</header>
<main id="main">
{main}</main>
<footer>{footer}</footer>
</body>
</html>
)",
        fmt::arg("language", spoken().tag),
        fmt::arg("direction", is_right_to_left(spoken().tag) ? "rtl" : "ltr"), fmt::arg("title", escape_html(title)),
        fmt::arg("style", style_address()), fmt::arg("skip", escape_html(words::skip)),
        fmt::arg("product", escape_html(words::product)),
        fmt::arg("latest", menu_entry("/", words::latest, page.current)),
        fmt::arg("feeds", menu_entry("/feeds", words::feeds, page.current)),
        fmt::arg("words", escape_html(page.words)),
        fmt::arg("search_label", escape_html(words::search_label)),
        fmt::arg("search", escape_html(words::search)), fmt::arg("main", page.main),
        fmt::arg("footer", escape_html(words::footer)));
}

std::string language_attributes(std::string_view language) {
    if (language.empty()) return " dir=\"auto\"";
    return fmt::format(" lang=\"{}\" dir=\"{}\"", escape_html(language),
                       is_right_to_left(language) ? "rtl" : "ltr");
}

std::string bdi(std::string_view text) { return "<bdi>" + escape_html(text) + "</bdi>"; }

std::string date_html(std::int64_t seconds, std::int32_t zone) {
    return time_element(date_text(seconds, zone), seconds, zone);
}

std::string time_html(std::int64_t seconds, std::int32_t zone) {
    return time_element(moment_text(seconds, zone), seconds, zone);
}

std::string day_name(std::int64_t seconds, std::int32_t zone) {
    auto day = day_text(seconds, zone);
    return day.empty() ? std::string(words::undated) : day;
}

std::string snippet_html(std::string_view snippet) {
    std::string out;
    bool marked = false;
    while (!snippet.empty()) {
        const char wanted = marked ? mark_end : mark_begin;
        const auto end = snippet.find(wanted);
        out += escape_html(snippet.substr(0, end));
        if (end == snippet.npos) break;
        out += marked ? "</mark>" : "<mark>";
        marked = !marked;
        snippet.remove_prefix(end + 1);
    }
    return marked ? out + "</mark>" : out;
}

std::string hits_html(const std::vector<Hit>& hits, When when) {
    std::string out = "<ol class=\"hits\">\n";
    for (const auto& hit : hits) out += hit_html(hit, when);
    return out + "</ol>\n";
}

std::string paging_html(std::size_t page, std::size_t pages, const std::string& address,
                        Text previous, Text next) {
    if (pages < 2) return "";
    std::string out = "<nav class=\"paging\">";
    out += page > 1 ? fmt::format("<a rel=\"prev\" href=\"{}{}\">← {}</a>", escape_html(address),
                                  page - 1, escape_html(previous))
                    : "<span></span>";
    out += fmt::format("<span>{}</span>", escape_html(fill(words::page_of, {number_text(static_cast<std::int64_t>(page)),
                                              number_text(static_cast<std::int64_t>(pages))})));
    out += page < pages ? fmt::format("<a rel=\"next\" href=\"{}{}\">{} →</a>",
                                      escape_html(address), page + 1, escape_html(next))
                        : "<span></span>";
    return out + "</nav>\n";
}

std::string notice_html(std::string_view heading, std::string_view text, int level) {
    const auto below = text.empty() ? "" : "<p>" + escape_html(text) + "</p>";
    return fmt::format("<section class=\"notice\"><h{0}>{1}</h{0}>\n{2}</section>\n", level,
                       escape_html(heading), below);
}

std::string state_text(const FeedView& view, std::int64_t now) {
    switch (view.state) {
        case FeedState::current: return std::string(words::state_current);
        case FeedState::fetching: return std::string(words::state_fetching);
        case FeedState::waiting: return std::string(words::state_waiting);
        case FeedState::forked: return std::string(words::state_forked);
        case FeedState::stale:
            return count_text(words::stale, static_cast<std::uint64_t>(std::max<std::int64_t>(
                                                1, (now - view.released) / 86'400)));
    }
    return "";
}

}  // namespace colport::web
