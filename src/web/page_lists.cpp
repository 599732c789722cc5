#include <fmt/format.h>

#include "article/article.h"
#include "article/render.h"
#include "web/did_you_mean.h"
#include "web/html.h"
#include "web/pages.h"
#include "web/parameters.h"
#include "web/reply.h"
#include "web/search_words.h"
#include "web/words.h"

namespace colport::web {
namespace {

constexpr std::size_t hits_a_page = 30;
constexpr std::size_t most_pages = 100'000;

std::size_t page_count(std::uint64_t total) {
    return static_cast<std::size_t>((total + hits_a_page - 1) / hits_a_page);
}

/// The day that an article is dated, as a number that sorts; 0 for none.
std::int64_t day_of(const Hit& hit) {
    if (hit.published == 0) return 0;
    const std::int64_t local = hit.published + std::int64_t{hit.zone} * 60;
    return (local >= 0 ? local : local - 86'399) / 86'400;
}

/// Hits come newest first; places with other clocks share one heading a day.
std::string days_html(std::vector<Hit> hits) {
    std::stable_sort(hits.begin(), hits.end(),
                     [](const Hit& a, const Hit& b) { return day_of(a) > day_of(b); });
    std::string out;
    for (auto begin = hits.begin(); begin != hits.end();) {
        const auto end = std::find_if(
            begin, hits.end(), [&](const Hit& hit) { return day_of(hit) != day_of(*begin); });
        out += fmt::format("<section><h2 class=\"day\">{}</h2>\n{}</section>\n",
                           escape_html(day_name(begin->published, begin->zone)),
                           hits_html({begin, end}, When::time));
        begin = end;
    }
    return out;
}

std::string feed_choice(const std::vector<FeedView>& feeds,
                        const std::optional<PublicKey>& chosen) {
    if (feeds.size() < 2) return "";
    const auto entry = [](const std::string& address, const std::string& name, bool current) {
        return fmt::format("<a href=\"{}\"{}>{}</a>", address,
                           current ? " aria-current=\"true\"" : "", name);
    };
    std::string out = "<nav class=\"choice\">" + entry("/", escape_html(words::all_feeds), !chosen);
    for (const auto& view : feeds)
        out += entry("/?feed=" + view.summary.feed.hex(), bdi(view.summary.name),
                     chosen == view.summary.feed);
    return out + "</nav>\n";
}

/// What a reader must know before she trusts that nothing happened today.
std::string warnings_html(const std::vector<FeedView>& feeds, std::int64_t now) {
    std::string out;
    for (const auto& view : feeds) {
        if (view.state != FeedState::stale && view.state != FeedState::forked) continue;
        out += fmt::format("<p class=\"warning\">{}: {}</p>\n", bdi(view.summary.name),
                           escape_html(state_text(view, now)));
    }
    return out;
}

Result<Response> make_front_page(const Context& context) {
    const auto feeds = COLPORT_TRY(feed_views(context));
    Query query;
    query.feed = COLPORT_TRY(feed_parameter(context));
    const auto number =
        COLPORT_TRY(number_parameter(context.request, "page", 1, 1, most_pages));
    query.sort = Sort::date;
    query.limit = hits_a_page;
    query.offset = (number - 1) * hits_a_page;
    auto page = COLPORT_TRY(search(context, query));
    std::string main = fmt::format("<h1 class=\"hidden\">{}</h1>\n", escape_html(words::latest));
    main += warnings_html(feeds, context.now) + feed_choice(feeds, query.feed);
    if (feeds.empty()) main += notice_html(words::no_feeds, words::no_feeds_hint, 2);
    else if (page.total == 0) main += notice_html(words::no_articles, words::no_articles_hint, 2);
    else if (page.hits.empty()) main += notice_html(words::past_the_end, "", 2);
    main += days_html(std::move(page.hits));
    const auto address = query.feed ? "/?feed=" + query.feed->hex() + "&page=" : "/?page=";
    main += paging_html(number, page_count(page.total), address, words::newer_page,
                        words::older_page);
    return html_reply(200, layout({std::string(words::latest), main, "/", ""}));
}

std::string option(std::string_view value, std::string_view name, bool selected) {
    return fmt::format("<option value=\"{}\"{}>{}</option>", escape_html(value),
                       selected ? " selected" : "", escape_html(name));
}

std::string field(Text label, const std::string& control) {
    return fmt::format("<label><span>{}</span>{}</label>\n", escape_html(label), control);
}

std::string input(const char* type, const char* name, const std::string& value,
                  const char* example) {
    return fmt::format("<input type=\"{}\" name=\"{}\" value=\"{}\" placeholder=\"{}\">", type,
                       name, escape_html(value), escape_html(example));
}

std::string search_form(const std::vector<FeedView>& feeds, const SearchWords& shown, Sort sort) {
    std::string feed_options = option("", words::all_feeds, !shown.feed);
    for (const auto& view : feeds)
        feed_options += option(view.summary.feed.hex(), view.summary.name,
                               shown.feed == view.summary.feed);
    std::string fields;
    fields += field(words::feed, "<select name=\"feed\">" + feed_options + "</select>");
    fields += field(words::language_field,
                    input("text", "language", shown.language, "fa, zh-TW"));
    fields += field(words::since, input("date", "since", shown.since, ""));
    fields += field(words::until, input("date", "until", shown.until, ""));
    fields += field(words::sort, "<select name=\"sort\">" +
                                     option("rank", words::sort_rank, sort == Sort::rank) +
                                     option("date", words::sort_date, sort == Sort::date) +
                                     "</select>");
    return fmt::format(
        "<details class=\"narrow\"{}><summary>{}</summary>\n<form action=\"/search\">\n"
        "<input type=\"hidden\" name=\"q\" value=\"{}\">\n{}<button>{}</button>\n"
        "</form></details>\n",
        shown.narrowed() || sort == Sort::date ? " open" : "", escape_html(words::narrow),
        escape_html(shown.rest), fields, escape_html(words::search));
}

using Parameters = std::map<std::string, std::string>;

/// Of this search, with some of its parameters replaced.
std::string search_address(const Context& context, const Parameters& replaced = {}) {
    std::string out = "/search?";
    for (const char* name : {"q", "feed", "language", "since", "until", "sort"}) {
        const auto found = replaced.find(name);
        const auto value =
            found == replaced.end() ? text_parameter(context.request, name) : found->second;
        if (!value.empty()) out += fmt::format("{}={}&", name, escape_query(value));
    }
    return out;
}

std::string meant_html(const Context& context, const std::optional<Suggestion>& meant) {
    if (!meant) return "";
    std::string text;
    std::size_t at = 0;
    for (const auto& [begin, end] : meant->marked) {
        text += meant->query.substr(at, begin - at) + mark_begin;
        text += meant->query.substr(begin, end - begin) + mark_end;
        at = end;
    }
    text += meant->query.substr(at);
    auto address = search_address(context, {{"q", meant->query}});
    address.pop_back();
    return fmt::format("<p class=\"meant\">{} <a href=\"{}\" dir=\"auto\">{}</a></p>\n",
                       escape_html(words::did_you_mean), escape_html(address),
                       snippet_html(text));
}

/// Why nothing may have been found, and what else can be typed.
std::string found_nothing_html(const Context& context, const SearchWords& shown,
                               const Page& page) {
    auto out = notice_html((page.next ? words::found_nothing_new : words::found_nothing).view(),
                           words::found_nothing_hint, 2);
    if (const auto text = understood(context, shown.whole); !text.empty())
        out += fmt::format("<p class=\"total\">{} {}</p>\n", escape_html(words::searched_for),
                           bdi(text));
    return out + search_help_html();
}

std::string total_html(const Page& page) {
    // Matches are counted as far as this; below it the work was what ended the count.
    constexpr std::uint64_t most_counted = 10'000;
    const auto text = count_text(page.total_is_exact          ? words::articles
                                 : page.total >= most_counted ? words::more_than
                                                              : words::at_least,
                                 page.total);
    return fmt::format("<p class=\"total\">{}</p>\n", escape_html(text));
}

std::string order_html(const Context& context, Sort sort) {
    const auto entry = [&](const char* value, Text name, Sort which) {
        auto address = search_address(context, {{"sort", value}});
        address.pop_back();
        return fmt::format("<a href=\"{}\"{}>{}</a>", escape_html(address),
                           sort == which ? " aria-current=\"true\"" : "", escape_html(name));
    };
    return fmt::format("<nav class=\"choice\">{}{}</nav>\n",
                       entry("rank", words::sort_rank, Sort::rank),
                       entry("date", words::sort_date, Sort::date));
}

/// Says what a search may have missed, and where it goes on.
std::string older_html(const Context& context, const Page& page, const std::string& address) {
    if (!page.partial) return "";
    std::string out;
    if (page.next) {
        out = fmt::format("{} <a href=\"{}before={}\">{}</a>", escape_html(words::cut_short),
                          escape_html(address), *page.next, escape_html(words::search_older));
    } else {
        const auto index = index_progress(context);
        out = escape_html(index.is_whole()
                              ? std::string(words::not_whole)
                              : fill(words::index_in_the_making,
                                         {percent_text(index.percent())}));
    }
    return fmt::format("<p class=\"total\">{}</p>\n", out);
}

Result<Response> make_search_page(const Context& context) {
    auto query = COLPORT_TRY(query_parameters(context));
    const auto number =
        COLPORT_TRY(number_parameter(context.request, "page", 1, 1, most_pages));
    const auto feeds = COLPORT_TRY(feed_views(context));
    query.limit = hits_a_page;
    query.offset = (number - 1) * hits_a_page;
    const bool asked = !query.words.empty() || query.feed || !query.language.empty() ||
                       query.since != 0 || query.until != 0;
    const auto title = query.words.empty() ? std::string(words::search)
                                           : fill(words::search_title, {query.words});
    std::string main =
        fmt::format("<h1 class=\"hidden\" dir=\"auto\">{}</h1>\n", escape_html(title));
    const auto shown = search_words(context, feeds, query);
    main += search_form(feeds, shown, query.sort);
    if (!asked) {
        main += notice_html(words::search, words::search_hint, 2) + search_help_html();
        return html_reply(200, layout({title, main, "/search", ""}));
    }
    const auto page = COLPORT_TRY(search(context, query));
    main += meant_html(context, COLPORT_TRY(did_you_mean(context, query, page)));
    if (page.total == 0) main += found_nothing_html(context, shown, page);
    else main += total_html(page) + (page.total > 1 ? order_html(context, query.sort) : "");
    if (page.total != 0 && page.hits.empty()) main += notice_html(words::past_the_end, "", 2);
    main += hits_html(page.hits, When::date);
    const auto address = search_address(context);
    const auto here = query.before ? fmt::format("{}before={}&page=", address, *query.before)
                                   : address + "page=";
    main += paging_html(number, page_count(page.total), here, words::previous_page,
                        words::next_page);
    main += older_html(context, page, address);
    return html_reply(200, layout({title, main, "/search", shown.whole}));
}

}  // namespace

Response front_page(const Context& context) {
    auto page = make_front_page(context);
    return page ? std::move(page).value() : error_page(page.error());
}

Response search_page(const Context& context) {
    auto page = make_search_page(context);
    return page ? std::move(page).value() : error_page(page.error());
}

}  // namespace colport::web
