// What is kept of reading, and where else articles are listed.

#include <fmt/format.h>

#include "article/render.h"
#include "web/html.h"
#include "web/pages.h"
#include "web/parameters.h"
#include "web/reply.h"
#include "web/words.h"

namespace colport::web {
namespace {

constexpr std::size_t entries_a_page = 30;
constexpr std::size_t most_pages = 100'000;

using Entries = std::vector<Reading::Entry>;

/// As they stand in the archive; what is gone from there leaves a line.
Result<std::string> entries_html(const Context& context, const Entries& entries) {
    std::string gone;
    std::vector<Hit> hits;
    for (const auto& entry : entries) {
        const auto hit = context.archive == nullptr
                             ? std::optional<Hit>()
                             : COLPORT_TRY(context.archive->hit(entry.feed, entry.article));
        if (hit) hits.push_back(*hit);
        else gone += fmt::format("<p class=\"total\">{}</p>\n", escape_html(words::gone_article));
    }
    return hits_html(context, hits, When::date) + gone;
}

struct Kept {
    Text title, empty, hint;
    const char* address;
    Result<Entries> (Reading::*list)(std::size_t, std::size_t);
    std::uint64_t total;
    std::string tools;                 ///< HTML under the heading when there are any
};

Result<Response> kept_page(const Context& context, const Kept& kept) {
    const auto number =
        COLPORT_TRY(number_parameter(context.request, "page", 1, 1, most_pages));
    std::string main = fmt::format("<h1>{}</h1>\n", escape_html(kept.title));
    auto* reading = context.reading.if_there();
    if (reading == nullptr || kept.total == 0) {
        main += notice_html(kept.empty, kept.hint, 2);
    } else {
        const auto entries = COLPORT_TRY(
            (reading->*kept.list)((number - 1) * entries_a_page, entries_a_page));
        main += kept.tools + COLPORT_TRY(entries_html(context, entries)) +
                paging_html(number, (kept.total + entries_a_page - 1) / entries_a_page,
                            fmt::format("{}?page=", kept.address), words::newer_page,
                            words::older_page);
    }
    return html_reply(200, layout(context, {std::string(kept.title), main, kept.address, ""}));
}

Result<Reading::Counts> counts_of(const Context& context) {
    auto* reading = context.reading.if_there();
    return reading == nullptr ? Reading::Counts{} : reading->counts();
}

Result<Response> make_starred_page(const Context& context) {
    return kept_page(context, {words::starred, words::no_stars, words::no_stars_hint, "/starred",
                               &Reading::starred, COLPORT_TRY(counts_of(context)).starred, ""});
}

Result<Response> make_history_page(const Context& context) {
    const auto hint = context.settings.keeps_history() ? words::no_history_hint
                                                       : words::history_is_off;
    return kept_page(context,
                     {words::history, words::no_history, hint, "/history", &Reading::opened,
                      COLPORT_TRY(counts_of(context)).opened,
                      action_html(context, "clear-history", {}, words::clear_history)});
}

Result<Response> make_sections_page(const Context& context) {
    std::string main = fmt::format("<h1>{}</h1>\n", escape_html(words::sections));
    const auto feeds = COLPORT_TRY(feed_views(context));
    const auto sections = context.archive == nullptr
                              ? std::vector<ArchiveReader::Section>{}
                              : COLPORT_TRY(context.archive->sections());
    if (sections.empty()) main += notice_html(words::no_sections, "", 2);
    for (const auto& view : feeds) {
        std::string list;
        for (const auto& section : sections)
            if (section.feed == view.summary.feed)
                list += fmt::format(
                    "<li><a href=\"/?feed={}&amp;section={}\">{}</a> <span>{}</span></li>\n",
                    section.feed.hex(), escape_html(escape_query(section.name)), bdi(section.name),
                    escape_html(count_text(words::articles, section.articles)));
        if (!list.empty())
            main += fmt::format("<h2>{}</h2>\n<ul class=\"sections\">\n{}</ul>\n",
                                bdi(view.summary.name), list);
    }
    return html_reply(200,
                      layout(context, {std::string(words::sections), main, "/sections", ""}));
}

Response page_of(const Context& context, Result<Response> page) {
    return page ? std::move(page).value() : error_page(context, page.error());
}

}  // namespace

Response starred_page(const Context& context) {
    return page_of(context, make_starred_page(context));
}

Response history_page(const Context& context) {
    return page_of(context, make_history_page(context));
}

Response sections_page(const Context& context) {
    return page_of(context, make_sections_page(context));
}

}  // namespace colport::web
