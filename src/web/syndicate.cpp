#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "article/article.h"
#include "article/syndication.h"
#include "article/xml.h"
#include "query/days.h"
#include "web/books.h"
#include "web/language.h"
#include "web/parameters.h"
#include "web/reply.h"
#include "web/withdrawn.h"
#include "web/words.h"

namespace colport::web {
namespace {

constexpr std::size_t articles_a_feed = 30;
// Of articles, which may be megabytes each and grow tenfold by escaping.
constexpr std::size_t bytes_a_feed = 4 << 20;
constexpr std::int64_t seconds_a_day = 86'400;
constexpr std::string_view feed_root = "/feed/";
constexpr int days_listed = 30, weeks_listed = 26;
constexpr const char* acquisition = "application/atom+xml;profile=opds-catalog;kind=acquisition";
constexpr const char* navigation = "application/atom+xml;profile=opds-catalog;kind=navigation";

std::string base_of(const Context& context) { return "http://" + context.request.host; }

Result<Syndication> syndicate(const Context& context, Query query) {
    Syndication out;
    query.sort = Sort::date;
    query.limit = articles_a_feed;
    const auto page = COLPORT_TRY(search(context, query));
    std::size_t bytes = 0;
    for (const auto& hit : page.hits) {
        // A damaged bundle costs its own articles, not the feed, and a huge article itself.
        auto stored = stored_article(context, hit.id.hex(), hit.feed);
        if (!stored) continue;
        const auto size = stored->article.ByteSizeLong();
        if (bytes + size > bytes_a_feed) continue;
        bytes += size;
        out.articles.push_back(
            {marked(std::move(*stored)),
             fmt::format("urn:colport:{}:{}", hit.feed.hex(), hit.id.hex()),
             fmt::format("{}/article/{}?feed={}", base_of(context), hit.id.hex(), hit.feed.hex()),
             hit.feed_name});
    }
    out.updated = context.now;
    if (!out.articles.empty()) out.updated = 0;
    return out;
}

Result<Response> in_form(const Syndication& feed, std::string_view form) {
    if (form == "atom.xml")
        return Response{200, "application/atom+xml; charset=utf-8", to_atom(feed), {}};
    auto out = json_reply(200, to_json_feed(feed));
    out.content_type = "application/feed+json";
    return out;
}

std::string link(std::string_view rel, std::string_view type, const std::string& address) {
    return fmt::format("<link rel=\"{}\" type=\"{}\" href=\"{}\"/>\n", rel, type,
                       escape_xml(address));
}

/// An entry of a catalogue.
std::string entry(const Context& context, const std::string& id, const std::string& title,
                  const std::string& links) {
    return fmt::format("<entry>\n<title>{}</title>\n<id>urn:colport:opds:{}</id>\n"
                       "<updated>{}</updated>\n<author><name>Colport</name></author>\n"
                       "<content type=\"text\">{}</content>\n{}</entry>\n",
                       escape_xml(title), id, format_timestamp(context.now), escape_xml(title),
                       links);
}

Response catalogue(const Context& context, const std::string& path, std::string_view title,
                   const char* kind, const std::string& entries) {
    const auto base = base_of(context);
    return {200, std::string(kind),
            fmt::format("<?xml version=\"1.0\" encoding=\"utf-8\"?>\n"
                        "<feed xmlns=\"http://www.w3.org/2005/Atom\" "
                        "xmlns:dc=\"http://purl.org/dc/terms/\">\n<id>urn:colport:opds{}</id>\n"
                        "<title>{}</title>\n<updated>{}</updated>\n"
                        "<author><name>Colport</name></author>\n{}{}{}</feed>\n",
                        path, escape_xml(title), format_timestamp(context.now),
                        link("self", kind, base + "/opds" + path),
                        link("start", navigation, base + "/opds"), entries),
            {}};
}

/// The books of all feeds, or of one, whose part of the addresses is `root`.
std::string shelves(const Context& context, const std::string& root) {
    const auto base = base_of(context) + "/opds" + root;
    return entry(context, root.substr(root.empty() ? 0 : 1) + "days",
                 std::string(words::books_by_day), link("subsection", acquisition, base + "/days")) +
           entry(context, root.substr(root.empty() ? 0 : 1) + "weeks",
                 std::string(words::books_by_week),
                 link("subsection", acquisition, base + "/weeks"));
}

Result<Response> front_catalogue(const Context& context) {
    auto entries = shelves(context, "");
    for (const auto& view : COLPORT_TRY(feed_views(context))) {
        const auto root = std::string(feed_root) + view.summary.feed.hex();
        entries += entry(context, root.substr(1), view.summary.name,
                         link("subsection", navigation, base_of(context) + "/opds" + root));
    }
    return catalogue(context, "", "Colport", navigation, entries);
}

/// The beginning of the day, or of the week from Monday on.
std::int64_t begin_of(std::int64_t now, int days) {
    const auto day = now / seconds_a_day;
    // 1 January 1970 was a Thursday.
    return (days == 1 ? day : day - (day + 3) % 7) * seconds_a_day;
}

Result<Response> book_catalogue(const Context& context, const std::optional<FeedSummary>& feed,
                                bool weeks) {
    const auto root = feed ? std::string(feed_root) + feed->feed.hex() : std::string();
    const auto chosen = feed ? "?feed=" + feed->feed.hex() : std::string();
    const int days = weeks ? 7 : 1;
    std::string entries;
    auto begin = begin_of(context.now, days);
    for (int i = 0; i < (weeks ? weeks_listed : days_listed); ++i, begin -= days * seconds_a_day) {
        Query query;
        query.since = begin;
        query.until = begin + days * seconds_a_day;
        query.limit = 0;
        if (feed) query.feed = feed->feed;
        const auto found = COLPORT_TRY(search(context, query));
        if (found.total == 0) continue;
        const auto day = typed::day_text(std::chrono::floor<std::chrono::days>(
            std::chrono::sys_seconds{std::chrono::seconds{begin}}));
        const auto title = weeks ? fill(words::week_of, {date_text(begin, 0)}) : day_text(begin, 0);
        const auto name = fmt::format("{}/{}", weeks ? "week" : "day", day);
        entries += entry(context, root.substr(root.empty() ? 0 : 1) + name,
                         fmt::format("{} – {}", title, count_text(words::articles, found.total)),
                         link("http://opds-spec.org/acquisition", "application/epub+zip",
                              fmt::format("{}/epub/{}.epub{}", base_of(context), name, chosen)));
    }
    std::string title(weeks ? words::books_by_week : words::books_by_day);
    if (feed) title = fmt::format("{} – {}", feed->name, title);
    return catalogue(context, root + (weeks ? "/weeks" : "/days"), title, acquisition, entries);
}

/// "KEY", "KEY/days" or "KEY/weeks".
Result<Response> catalogue_of_feed(const Context& context, std::string_view rest) {
    const auto key = rest.substr(0, rest.find('/'));
    const auto part = rest.substr(key.size());
    for (const auto& view : COLPORT_TRY(feed_views(context))) {
        if (view.summary.feed.hex() != key) continue;
        const auto root = std::string(feed_root) + view.summary.feed.hex();
        if (part.empty())
            return catalogue(context, root, view.summary.name, navigation, shelves(context, root));
        if (part == "/days" || part == "/weeks")
            return book_catalogue(context, view.summary, part == "/weeks");
    }
    return Error{Errc::not_found, "there is nothing at this address"};
}

bool is_form(std::string_view form) { return form == "atom.xml" || form == "feed.json"; }

}  // namespace

Result<Response> feed_syndication(const Context& context, const PublicKey& feed,
                                  std::string_view form) {
    if (!is_form(form)) return Error{Errc::not_found, "there is nothing at this address"};
    Query query;
    query.feed = feed;
    auto out = COLPORT_TRY(syndicate(context, query));
    for (const auto& view : COLPORT_TRY(feed_views(context)))
        if (view.summary.feed == feed) out.title = view.summary.name;
    out.id = "urn:colport:" + feed.hex();
    out.home = fmt::format("{}/?feed={}", base_of(context), feed.hex());
    out.address = fmt::format("{}/feed/{}/{}", base_of(context), feed.hex(), form);
    return in_form(out, form);
}

Result<Response> search_syndication(const Context& context, std::string_view form) {
    if (!is_form(form)) return Error{Errc::not_found, "there is nothing at this address"};
    const auto query = COLPORT_TRY(query_parameters(context));
    auto out = COLPORT_TRY(syndicate(context, query));
    const auto asked = "q=" + escape_query(query.words);
    out.title = fill(words::search_title, {query.words});
    out.id = "urn:colport:search:" + escape_query(query.words);
    out.home = fmt::format("{}/search?{}", base_of(context), asked);
    out.address = fmt::format("{}/search/{}?{}", base_of(context), form, asked);
    return in_form(out, form);
}

Result<Response> catalogue_page(const Context& context, std::string_view rest) {
    if (rest.empty()) return front_catalogue(context);
    if (rest == "/days") return book_catalogue(context, {}, false);
    if (rest == "/weeks") return book_catalogue(context, {}, true);
    if (rest.starts_with(feed_root))
        return catalogue_of_feed(context, rest.substr(feed_root.size()));
    return Error{Errc::not_found, "there is nothing at this address"};
}

}  // namespace colport::web
