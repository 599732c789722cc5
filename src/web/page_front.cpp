#include <fmt/format.h>

#include "article/render.h"
#include "web/html.h"
#include "web/pages.h"
#include "web/parameters.h"
#include "web/reply.h"
#include "web/words.h"

namespace colport::web {
namespace {

constexpr std::size_t hits_a_page = 30;
constexpr std::size_t most_pages = 100'000;
// So many are looked through for unread ones, a hundred at a time.
constexpr std::size_t hits_a_look = 100, most_looks = 10;

/// What a list of articles is narrowed to.
struct Choice {
    std::optional<PublicKey> feed;
    std::string section;
    bool unread = false;

    /// Its address, up to where more parameters go.
    [[nodiscard]] std::string address() const {
        std::string out = "/?";
        if (feed) out += "feed=" + feed->hex() + "&";
        if (!section.empty()) out += "section=" + escape_query(section) + "&";
        if (unread) out += "unread=1&";
        return out;
    }
};

/// The day that an article is dated, as a number that sorts; 0 for none.
std::int64_t day_of(const Hit& hit) {
    if (hit.published == 0) return 0;
    const std::int64_t local = hit.published + std::int64_t{hit.zone} * 60;
    return (local >= 0 ? local : local - 86'399) / 86'400;
}

/// Hits come newest first; places with other clocks share one heading a day.
std::string days_html(const Context& context, std::vector<Hit> hits) {
    std::stable_sort(hits.begin(), hits.end(),
                     [](const Hit& a, const Hit& b) { return day_of(a) > day_of(b); });
    std::string out;
    for (auto begin = hits.begin(); begin != hits.end();) {
        const auto end = std::find_if(
            begin, hits.end(), [&](const Hit& hit) { return day_of(hit) != day_of(*begin); });
        out += fmt::format("<section><h2 class=\"day\">{}</h2>\n{}</section>\n",
                           escape_html(day_name(begin->published, begin->zone)),
                           hits_html(context, {begin, end}, When::time));
        begin = end;
    }
    return out;
}

std::string feed_choice(const std::vector<FeedView>& feeds, const Choice& chosen) {
    if (feeds.size() < 2) return "";
    auto other = chosen;
    other.section.clear();
    other.feed.reset();
    std::string out = fmt::format("<nav class=\"choice\" aria-label=\"{}\">",
                                  escape_html(words::feeds)) +
                      choice_html(chosen.unread ? other.address() : "/",
                                  escape_html(words::all_feeds), !chosen.feed);
    for (const auto& view : feeds) {
        other.feed = view.summary.feed;
        auto address = other.address();
        address.pop_back();
        out += choice_html(address, bdi(view.summary.name), chosen.feed == view.summary.feed);
    }
    return out + "</nav>\n";
}

/// Under the feeds: the section that is shown, and a way to what is unread.
std::string tools_html(const Context& context, const Choice& chosen) {
    std::string out;
    if (!chosen.section.empty())
        out += fmt::format("<a href=\"/sections\">{}</a> {} ", escape_html(words::sections),
                           bdi(chosen.section));
    if (context.settings.keeps_history()) {
        auto other = chosen;
        other.unread = !chosen.unread;
        auto address = other.address();
        address.pop_back();
        out += fmt::format("<a href=\"{}\">{}</a>", escape_html(address),
                           escape_html(chosen.unread ? words::unread_too : words::unread_only));
    }
    return out.empty() ? "" : "<p class=\"tools\">" + out + "</p>\n";
}

/// What a reader must know before she trusts that nothing happened today.
std::string warnings_html(const std::vector<FeedView>& feeds, std::int64_t now) {
    std::string out;
    for (const auto& view : feeds) {
        const bool cut_off = view.live && view.live->cut_off;
        if (view.state != FeedState::stale && view.state != FeedState::forked && !cut_off) continue;
        const auto text = cut_off && view.state != FeedState::forked
                              ? std::string(words::cut_off_never) + " " +
                                    std::string(words::news_by_hand)
                              : state_text(view, now);
        out += fmt::format("<p class=\"warning\">{}: {}</p>\n", bdi(view.summary.name),
                           escape_html(text));
    }
    return out;
}

struct Unread {
    std::vector<Hit> hits;
    std::optional<std::size_t> next;  ///< where looking goes on; nothing: at the end
};

Result<Unread> find_unread(const Context& context, Query query) {
    Unread out;
    query.limit = hits_a_look;
    for (std::size_t look = 0; look < most_looks; ++look) {
        const auto page = COLPORT_TRY(search(context, query));
        const auto marks = context.reading.marks(page.hits);
        for (std::size_t i = 0; i < page.hits.size(); ++i) {
            if (marks[i].opened) continue;
            if (out.hits.size() == hits_a_page) {
                out.next = query.offset + i;
                return out;
            }
            out.hits.push_back(page.hits[i]);
        }
        if (page.hits.size() < hits_a_look) return out;
        query.offset += page.hits.size();
    }
    out.next = query.offset;
    return out;
}

Result<std::string> unread_html(const Context& context, Query query, const Choice& chosen) {
    query.offset = COLPORT_TRY(
        number_parameter(context.request, "from", 0, 0, most_pages * hits_a_page));
    auto found = COLPORT_TRY(find_unread(context, query));
    std::string out = found.hits.empty() && !found.next
                          ? notice_html(words::nothing_unread, "", 2)
                          : days_html(context, std::move(found.hits));
    if (found.next)
        out += fmt::format(
            "<nav class=\"paging\"><span></span><a rel=\"next\" href=\"{}from={}\">{} →</a></nav>\n",
            escape_html(chosen.address()), *found.next, escape_html(words::older_page));
    return out;
}

Result<std::string> list_html(const Context& context, Query query, const Choice& chosen,
                              bool no_feeds) {
    const auto number =
        COLPORT_TRY(number_parameter(context.request, "page", 1, 1, most_pages));
    query.limit = hits_a_page;
    query.offset = (number - 1) * hits_a_page;
    auto page = COLPORT_TRY(search(context, query));
    std::string out;
    if (no_feeds) {
        out += notice_html(words::no_feeds, words::no_feeds_hint, 2) +
               fmt::format("<p><a class=\"button\" href=\"/follow\">{}</a></p>\n",
                           escape_html(words::follow));
    } else if (page.total == 0) {
        out += notice_html(words::no_articles, words::no_articles_hint, 2);
    } else if (page.hits.empty()) {
        out += notice_html(words::past_the_end, "", 2);
    }
    out += days_html(context, std::move(page.hits));
    return out + paging_html(number, (page.total + hits_a_page - 1) / hits_a_page,
                             chosen.address() + "page=", words::newer_page, words::older_page);
}

Result<Response> make_front_page(const Context& context) {
    const auto feeds = COLPORT_TRY(feed_views(context));
    Choice chosen;
    chosen.feed = COLPORT_TRY(feed_parameter(context));
    chosen.section = text_parameter(context.request, "section");
    chosen.unread = context.settings.keeps_history() &&
                    text_parameter(context.request, "unread") == "1";
    Query query;
    query.feed = chosen.feed;
    query.section = chosen.section;
    query.sort = Sort::date;
    std::string main = fmt::format("<h1 class=\"hidden\">{}</h1>\n", escape_html(words::latest));
    main += warnings_html(feeds, context.now) + feed_choice(feeds, chosen);
    if (!feeds.empty()) main += tools_html(context, chosen);
    main += chosen.unread ? COLPORT_TRY(unread_html(context, query, chosen))
                          : COLPORT_TRY(list_html(context, query, chosen, feeds.empty()));
    return html_reply(200, layout(context, {std::string(words::latest), main, "/", ""}));
}

}  // namespace

Response front_page(const Context& context) {
    auto page = make_front_page(context);
    return page ? std::move(page).value() : error_page(context, page.error());
}

}  // namespace colport::web
