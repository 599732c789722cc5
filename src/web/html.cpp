#include "web/html.h"

#include <fmt/format.h>

#include "article/article.h"
#include "article/render.h"
#include "core/crypto.h"
#include "feed/fingerprint.h"
#include "web/assets.h"
#include "web/parameters.h"
#include "web/words.h"

namespace colport::web {
namespace {

/// An asset's address changes with its content, so browsers may keep it.
std::string asset_address(const char* name) {
    const auto* found = find_asset(name);
    const auto hash = sha256(found == nullptr ? std::string_view{} : found->content).hex();
    return fmt::format("/{}?v={}", name, hash.substr(0, 16));
}

const std::string& style_address() {
    static const std::string address = asset_address("style.css");
    return address;
}

const std::string& script_address() {
    static const std::string address = asset_address("page.js");
    return address;
}

/// What the style sheet goes by.
std::string look_of(const Settings& settings) {
    return fmt::format("{} {} {}", settings.size, settings.typeface, settings.colours);
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

std::string hit_html(const Hit& hit, const Reading::Marks& marks, When when) {
    const auto time = when == When::time ? clock_html(hit.published, hit.zone)
                                         : date_html(hit.published, hit.zone);
    std::string about = fmt::format("<span>{}</span>", bdi(hit.feed_name));
    if (!hit.section.empty()) about += fmt::format("<span>{}</span>", bdi(hit.section));
    if (!time.empty()) about += fmt::format("<span>{}</span>", time);
    const auto title = escape_html(hit.title.empty() ? words::untitled.view() : hit.title);
    // Below a day's heading, or below the page's own.
    const char* heading = when == When::time ? "h3" : "h2";
    about += doubt_html(hit);
    if (marks.opened)
        about += fmt::format("<span class=\"mark\">{}</span>", escape_html(words::is_read));
    return fmt::format(
        "<li{}{}{} data-feed=\"{}\"><{} class=\"title\">"
        "<a href=\"/article/{}\">{}</a></{}>\n"
        "<p class=\"snippet\">{}</p>\n<p class=\"about\">{}</p></li>\n",
        language_attributes(hit.language), marks.opened ? " data-read" : "",
        marks.starred ? " data-starred" : "", hit.feed.hex(), heading, hit.id.hex(),
        title, heading,
        snippet_html(hit.snippet), about);
}

}  // namespace

std::string doubt_html(const Hit& hit) {
    if (!hit.withdrawn || !hit.withdrawn->doubtful) return "";
    return fmt::format("<span class=\"doubtful\">{}</span>", escape_html(words::is_doubtful));
}

std::string layout(const Context& context, const Layout& page) {
    const auto title = page.title.empty() ? std::string(words::product)
                                          : fmt::format("{} – {}", page.title, words::product);
    return fmt::format(
        R"(<!DOCTYPE html>
<html lang="{language}" dir="{direction}" class="{look}">
<head>
<meta charset="utf-8">
<title>{title}</title>
<meta name="viewport" content="width=device-width, initial-scale=1">
<link rel="stylesheet" href="{style}">
<script src="{script}" defer></script>
<link rel="icon" href="/icon.svg" type="image/svg+xml">
</head>
<body data-token="{token}">
<a class="skip" href="#main">{skip}</a>
<header class="top">
<a class="brand" href="/">{product}</a>
<nav aria-label="{menu}">{latest}{starred}{feeds}{settings}</nav>
<form action="/search" role="search">
<input type="search" name="q" value="{words}" placeholder="{search_label}"
 aria-label="{search_label}" dir="auto" maxlength="1000" autocomplete="off"
 data-suggestions="{suggestions}" data-doubtful="{doubtful}">
<button>{search}</button>
</form>
</header>
<main id="main">
{main}</main>
<footer>
<p>{footer}</p>
<nav aria-label="{more}"><a href="/sections">{sections}</a><a href="/history">{history}</a><a
 href="/keys">{keys_title}</a>{leave}</nav>
</footer>
<dialog id="keys" aria-label="{keys_title}">{keys}<form method="dialog"><button>{close}</button></form></dialog>
</body>
</html>
)",
        fmt::arg("language", spoken().tag),
        fmt::arg("direction", direction_of(spoken().tag)), fmt::arg("title", escape_html(title)),
        fmt::arg("look", look_of(context.settings)), fmt::arg("token", context.desk.token),
        fmt::arg("style", style_address()), fmt::arg("script", script_address()),
        fmt::arg("menu", escape_html(words::main_menu)), fmt::arg("more", escape_html(words::more)),
        fmt::arg("starred", menu_entry("/starred", words::starred, page.current)),
        fmt::arg("settings", menu_entry("/settings", words::settings, page.current)),
        fmt::arg("suggestions", escape_html(words::suggestions)),
        fmt::arg("doubtful", escape_html(words::is_doubtful)),
        fmt::arg("sections", escape_html(words::sections)),
        fmt::arg("history", escape_html(words::history)),
        fmt::arg("keys_title", escape_html(words::help)), fmt::arg("keys", keys_html()),
        fmt::arg("close", escape_html(words::close)),
        fmt::arg("leave", action_html(context, "leave", {}, words::panic_link, "quiet")), 
        fmt::arg("skip", escape_html(words::skip)),
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
                       direction_of(language));
}

const char* direction_of(std::string_view language) {
    return is_right_to_left(language) ? "rtl" : "ltr";
}

std::string keys_html() {
    constexpr std::pair<const char*, Text> all[] = {
        {"j", words::key_next},   {"k", words::key_previous}, {"o", words::key_open},
        {"s", words::key_star},   {"m", words::key_read},     {"/", words::key_search},
        {"?", words::key_help},   {"Esc", words::key_leave}};
    std::string out = "<dl class=\"keys\">";
    for (const auto& [key, meaning] : all)
        out += fmt::format("<dt><kbd>{}</kbd></dt><dd>{}</dd>", key, escape_html(meaning.view()));
    return out + "</dl>";
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

std::string form_begin(const Context& context, std::string_view action,
                       std::string_view attributes) {
    return fmt::format("<form method=\"post\" action=\"/do/{}\"{}{}>{}", action,
                       attributes.empty() ? "" : " ", attributes,
                       hidden_field("token", context.desk.token));
}

std::string hidden_field(std::string_view name, std::string_view value) {
    return fmt::format("<input type=\"hidden\" name=\"{}\" value=\"{}\">", name,
                       escape_html(value));
}

std::string action_html(const Context& context, std::string_view action, const Fields& fields,
                        std::string_view label, std::string_view style) {
    auto out = form_begin(context, action, "class=\"act\"");
    for (const auto& [name, value] : fields) out += hidden_field(name, value);
    return out + fmt::format("<button{}>{}</button></form>\n",
                             style.empty() ? "" : fmt::format(" class=\"{}\"", style),
                             escape_html(label));
}

std::string search_address(const char* filter, const std::string& value) {
    // Quotation marks of any language part a value in two.
    return escape_html("/search?sort=date&q=" +
                       escape_query(fmt::format("{}:\"{}\"", filter, value)));
}

std::string choice_html(const std::string& address, const std::string& name_html, bool current) {
    return fmt::format("<a href=\"{}\"{}>{}</a>", escape_html(address),
                       current ? " aria-current=\"true\"" : "", name_html);
}

std::string hits_html(const Context& context, const std::vector<Hit>& hits, When when) {
    std::string out = "<ol class=\"hits\">\n";
    const auto marks = context.reading.marks(hits);
    for (std::size_t i = 0; i < hits.size(); ++i) out += hit_html(hits[i], marks[i], when);
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

std::string key_html(const PublicKey& key) {
    constexpr std::size_t group = 8;
    const auto hex = key.hex();
    std::string out = "<code class=\"key\">";
    for (std::size_t i = 0; i < hex.size(); i += group)
        out += (i == 0 ? "" : " ") + hex.substr(i, group);
    return out + "</code>";
}

std::string fingerprint_html(const PublicKey& key) {
    const auto picture = fmt::format("<img class=\"fingerprint\" src=\"/fingerprint/{}.svg\" "
                                     "alt=\"\" width=\"96\" height=\"96\">", key.hex());
    std::string out;
    for (const auto& [name, value] :
         {std::pair(words::key, key_html(key)),
          std::pair(words::key_words, fmt::format("<code class=\"spoken\" dir=\"ltr\">{}</code>",
                                                  fingerprint_words(key))),
          std::pair(words::key_picture, picture)})
        out += fmt::format("<dt>{}</dt><dd>{}</dd>\n", escape_html(name), value);
    return out;
}

std::string back_html() {
    return fmt::format("<p class=\"hint\"><a href=\"/\">{}</a></p>\n", escape_html(words::back));
}

std::string detail_html(std::string text) {
    // Errors are written for a terminal, in lower case.
    if (!text.empty() && text[0] >= 'a' && text[0] <= 'z')
        text[0] = static_cast<char>(text[0] - 'a' + 'A');
    return fmt::format("<p class=\"detail\" lang=\"en\" dir=\"ltr\">{}</p>\n", escape_html(text));
}

std::string state_text(const FeedView& view, std::int64_t now) {
    switch (view.state) {
        case FeedState::current: return std::string(words::state_current);
        case FeedState::fetching: return std::string(words::state_fetching);
        case FeedState::waiting: return std::string(words::state_waiting);
        case FeedState::forked: return std::string(words::state_forked);
        case FeedState::stale:
            return count_text(words::stale, static_cast<std::uint64_t>(std::max<std::int64_t>(
                                                1, (now - view.released) / 86'400))) +
                   ". " + std::string(words::news_by_hand);
    }
    return "";
}

}  // namespace colport::web
