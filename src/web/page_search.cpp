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
    fields += field(words::author, input("text", "author", "", ""));
    fields += field(words::tag, input("text", "tag", "", ""));
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
std::string search_address(const Context& context, Parameters replaced = {}) {
    // With what the fields for author and tag added.
    if (const auto query = query_parameters(context)) replaced.try_emplace("q", query->words);
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

/// Keeps a search, or forgets it.
std::string keep_html(const Context& context, const std::string& whole) {
    if (whole.empty()) return "";
    const auto kept = saved_searches(context);
    const bool is_kept = std::find(kept.begin(), kept.end(), whole) != kept.end();
    const auto asked = escape_query(whole);
    return fmt::format("<p class=\"total\">{}: <a href=\"/search/atom.xml?q={}\">Atom</a>, "
                       "<a href=\"/search/feed.json?q={}\">JSON Feed</a></p>\n",
                       escape_html(words::news_readers), asked, asked) +
           action_html(context, is_kept ? "forget-search" : "save-search", {{"query", whole}},
                       is_kept ? words::forget_search : words::save_search, "quiet");
}

std::string saved_html(const Context& context) {
    std::string list;
    for (const auto& query : saved_searches(context))
        list += fmt::format("<li><a href=\"/search?q={}\" dir=\"auto\">{}</a></li>\n",
                            escape_query(query), escape_html(query));
    return list.empty() ? ""
                        : fmt::format("<h2>{}</h2>\n<ul class=\"sections\">\n{}</ul>\n",
                                      escape_html(words::saved_searches), list);
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
                       query.since || query.until;
    const auto title = query.words.empty() ? std::string(words::search)
                                           : fill(words::search_title, {query.words});
    std::string main =
        fmt::format("<h1 class=\"hidden\" dir=\"auto\">{}</h1>\n", escape_html(title));
    const auto shown = search_words(context, feeds, query);
    main += search_form(feeds, shown, query.sort);
    if (!asked) {
        main += saved_html(context) + notice_html(words::search, words::search_hint, 2) +
                search_help_html();
        return html_reply(200, layout(context, {title, main, "/search", ""}));
    }
    const auto page = COLPORT_TRY(search(context, query));
    main += meant_html(context, COLPORT_TRY(did_you_mean(context, query, page)));
    if (page.total == 0) main += found_nothing_html(context, shown, page);
    else main += total_html(page) + (page.total > 1 ? order_html(context, query.sort) : "");
    if (page.total != 0 && page.hits.empty()) main += notice_html(words::past_the_end, "", 2);
    main += hits_html(context, page.hits, When::date);
    const auto address = search_address(context);
    const auto here = query.before ? fmt::format("{}before={}&page=", address, *query.before)
                                   : address + "page=";
    main += paging_html(number, page_count(page.total), here, words::previous_page,
                        words::next_page);
    main += older_html(context, page, address);
    main += keep_html(context, shown.whole);
    return html_reply(200, layout(context, {title, main, "/search", shown.whole}));
}

}  // namespace

Response search_page(const Context& context) {
    auto page = make_search_page(context);
    return page ? std::move(page).value() : error_page(context, page.error());
}

}  // namespace colport::web
