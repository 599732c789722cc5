// What is kept of reading.

#include <fmt/format.h>

#include <functional>

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
    std::function<Result<Entries>(std::size_t offset, std::size_t limit)> list;
    std::uint64_t total;
    std::string tools;                 ///< HTML under the heading when there are any
};

Result<Response> kept_page(const Context& context, const Kept& kept) {
    const auto number =
        COLPORT_TRY(number_parameter(context.request, "page", 1, 1, most_pages));
    std::string main = fmt::format("<h1>{}</h1>\n", escape_html(kept.title));
    if (kept.total == 0) {
        main += notice_html(kept.empty, kept.hint, 2);
    } else {
        const auto entries = COLPORT_TRY(kept.list((number - 1) * entries_a_page, entries_a_page));
        main += kept.tools + COLPORT_TRY(entries_html(context, entries)) +
                paging_html(number, (kept.total + entries_a_page - 1) / entries_a_page,
                            fmt::format("{}?page=", kept.address), words::newer_page,
                            words::older_page);
    }
    return html_reply(200, layout(context, {std::string(kept.title), main, kept.address, ""}));
}

Result<Response> make_starred_page(const Context& context) {
    auto* reading = context.reading.if_there();
    const auto list = [&](std::size_t offset, std::size_t limit) {
        return reading->starred(offset, limit);
    };
    return kept_page(context, {words::starred, words::no_stars, words::no_stars_hint, "/starred",
                               list, reading == nullptr ? 0 : COLPORT_TRY(reading->counts()).starred,
                               ""});
}

Result<Response> make_history_page(const Context& context) {
    const auto& history = context.settings.history;
    const auto hint = history == "off"  ? words::history_is_off
                      : history == "on" ? words::no_history_hint
                                        : words::history_of_session;
    const auto list = [&](std::size_t offset, std::size_t limit) {
        return context.reading.opened(offset, limit);
    };
    return kept_page(context,
                     {words::history, words::no_history, hint, "/history", list,
                      COLPORT_TRY(context.reading.number_opened()),
                      fmt::format("<p>{}</p>\n<p>{}</p>\n", escape_html(hint),
                                  escape_html(words::browser_history)) +
                          action_html(context, "clear-history", {}, words::clear_history)});
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

}  // namespace colport::web
