#include "web/api.h"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "article/article.h"
#include "core/look_alike.h"
#include "feed/fingerprint.h"
#include "web/books.h"
#include "web/did_you_mean.h"
#include "web/pages.h"
#include "web/parameters.h"
#include "web/reply.h"
#include "web/status_json.h"

namespace colport::web {
namespace {

using nlohmann::json;

constexpr std::size_t default_limit = 20;
constexpr std::size_t most_hits = 1000;
constexpr std::size_t most_offset = 100'000'000;

json suggestion_json(const std::optional<Suggestion>& meant) {
    if (!meant) return nullptr;
    json marked = json::array();
    for (const auto& [begin, end] : meant->marked) marked.push_back({begin, end});
    return {{"query", meant->query}, {"marked", std::move(marked)}};
}

json hit_json(const Hit& hit) {
    std::string snippet;
    json marked = json::array();
    std::size_t begin = 0;
    for (const char c : hit.snippet) {
        if (c == mark_begin) begin = snippet.size();
        else if (c == mark_end) marked.push_back({begin, snippet.size()});
        else snippet += c;
    }
    return {{"id", hit.id.hex()},
            {"revision", hit.revision},
            {"feed", hit.feed.hex()},
            {"feed_name", hit.feed_name},
            {"title", hit.title},
            {"language", hit.language},
            {"published", time_json(hit.published, hit.zone)},
            {"section", hit.section},
            {"snippet", std::move(snippet)},
            {"marked", std::move(marked)},
            {"withdrawn_key", withdrawn_json(hit.withdrawn)}};
}

/// The archive hands out a hundred at a time.
Result<Response> hits_reply(const Context& context, Query query) {
    query.offset = COLPORT_TRY(number_parameter(context.request, "offset", 0, 0, most_offset));
    const auto limit =
        COLPORT_TRY(number_parameter(context.request, "limit", default_limit, 0, most_hits));
    json hits = json::array();
    Page found;
    const auto first = query;
    do {
        query.limit = limit - hits.size();
        found = COLPORT_TRY(search(context, query));
        for (const auto& hit : found.hits) hits.push_back(hit_json(hit));
        if (found.hits.empty()) break;
        query.offset += found.hits.size();
    } while (hits.size() < limit);
    const auto meant = COLPORT_TRY(did_you_mean(context, first, found));
    return json_reply(200, {{"total", found.total},
                            {"total_is_exact", found.total_is_exact},
                            {"partial", found.partial},
                            {"next", found.next ? json(*found.next) : json()},
                            {"index", index_json(index_progress(context))},
                            {"did_you_mean", suggestion_json(meant)},
                            {"hits", std::move(hits)}});
}

Result<Response> search_reply(const Context& context) {
    return hits_reply(context, COLPORT_TRY(query_parameters(context)));
}

Result<Response> complete_reply(const Context& context) {
    json hits = json::array();
    if (context.archive != nullptr)
        for (const auto& hit : COLPORT_TRY(context.archive->complete(
                 text_parameter(context.request, "q"), context.request.stop)))
            hits.push_back({{"id", hit.id.hex()},
                            {"feed", hit.feed.hex()},
                            {"feed_name", hit.feed_name},
                            {"title", hit.title},
                            {"language", hit.language},
                            {"published", time_json(hit.published, hit.zone)},
                            {"withdrawn_key", withdrawn_json(hit.withdrawn)},
                            {"address", "/article/" + hit.id.hex()}});
    return json_reply(200, {{"stopped", context.request.stop.stop_requested()},
                            {"hits", std::move(hits)}});
}

Result<Response> latest_reply(const Context& context) {
    auto query = COLPORT_TRY(filter_parameters(context));
    query.sort = Sort::date;
    return hits_reply(context, std::move(query));
}

Result<Response> article_reply(const Context& context, const std::string& id_prefix) {
    auto format = text_parameter(context.request, "format");
    if (format.empty()) format = "json";
    if (format == "html" && context.request.origin != Origin::control)
        return Error{Errc::denied, "format html is for the command line",
                     "open /article/ followed by the id"};
    const auto feed = COLPORT_TRY(feed_parameter(context));
    const auto article = COLPORT_TRY(stored_article(context, id_prefix, feed));
    opened(context, article);
    if (format == "epub") return book_of_article(context, article);
    return article_as(article, format);
}

Result<Response> feeds_reply(const Context& context) {
    json out = json::array();
    const auto views = COLPORT_TRY(feed_views(context));
    std::vector<std::string> names;
    for (const auto& view : views) names.push_back(view.summary.name);
    const auto alike = look_alikes(names);
    for (std::size_t i = 0; i < views.size(); ++i) {
        const auto& view = views[i];
        const auto& summary = view.summary;
        json feed{{"feed", summary.feed.hex()},
                  {"words", fingerprint_words(summary.feed)},
                  {"looks_like", alike[i] ? views[*alike[i]].summary.feed.hex() : ""},
                  {"name", summary.name},
                  {"seq", view.seq},
                  {"articles", summary.articles},
                  {"state", name_of(view.state)},
                  {"updated", time_json(summary.updated)},
                  {"released", time_json(view.released)},
                  {"link", summary.link}};
        if (context.request.origin == Origin::control)
            feed["directory"] = summary.directory.string();
        out.push_back(std::move(feed));
    }
    return json_reply(200, out);
}

Error no_daemon() {
    return {Errc::network, "no daemon is running", "start it with `colportd`"};
}

Result<Response> status_reply(const Context& context) {
    if (context.peer == nullptr) return no_daemon();
    return json_reply(200, status_json(context.peer->status(), context.request.origin));
}

/// A string from the body, which is one JSON object.
Result<std::string> body_text(const Context& context, const char* key) {
    const auto body = json::parse(context.request.body, nullptr, false);
    if (!body.is_object() || !body.contains(key) || !body[key].is_string())
        return Error{Errc::invalid, fmt::format("the body must be {{\"{}\": \"…\"}}", key)};
    return body[key].get<std::string>();
}

Result<Response> follow_reply(const Context& context) {
    if (context.peer == nullptr) return no_daemon();
    if (const auto list = body_text(context, "list")) {
        COLPORT_TRY(context.peer->follow_list(*list));
        return json_reply(200, {{"list", *list}});
    }
    const auto feed = context.peer->follow(COLPORT_TRY(body_text(context, "link")));
    if (!feed) return feed.error();
    return json_reply(200, {{"feed", feed->hex()}});
}

Result<Response> unfollow_reply(const Context& context) {
    if (context.peer == nullptr) return no_daemon();
    if (const auto list = body_text(context, "list")) {
        COLPORT_TRY(context.peer->unfollow_list(*list));
        return json_reply(200, {{"list", *list}});
    }
    const auto feed = COLPORT_TRY(find_feed(context, COLPORT_TRY(body_text(context, "feed"))));
    COLPORT_TRY(context.peer->unfollow(feed));
    return json_reply(200, {{"feed", feed.hex()}});
}

Result<Response> import_reply(const Context& context) {
    if (context.peer == nullptr) return no_daemon();
    const auto feeds =
        COLPORT_TRY(context.peer->import(COLPORT_TRY(body_text(context, "path"))));
    json out = json::array();
    for (const auto& feed : feeds) out.push_back(feed.hex());
    return json_reply(200, {{"feeds", std::move(out)}});
}

Result<Response> fetch_reply(const Context& context) {
    if (context.peer == nullptr) return no_daemon();
    const auto feed = COLPORT_TRY(find_feed(context, COLPORT_TRY(body_text(context, "feed"))));
    const auto day = COLPORT_TRY(body_text(context, "since"));
    const auto since = day.empty() ? std::optional<std::int64_t>(0) : parse_time(day, false);
    if (!since) return bad_parameter("since", "a day such as 2026-03-14");
    COLPORT_TRY(context.peer->fetch(feed, *since));
    return json_reply(200, {{"feed", feed.hex()}});
}

Result<Response> mode_reply(const Context& context) {
    if (context.peer == nullptr) return no_daemon();
    const auto mode = reach_named(COLPORT_TRY(body_text(context, "mode")));
    if (!mode) return bad_parameter("mode", "open, proxy, lan or offline");
    const auto address = COLPORT_TRY(body_text(context, "proxy"));
    std::optional<Proxy> proxy;
    if (!address.empty()) proxy = COLPORT_TRY(parse_proxy(address));
    COLPORT_TRY(context.peer->set_mode(*mode, proxy));
    return json_reply(200, {{"mode", name_of(*mode)}});
}

Result<Response> look_reply(const Context& context) {
    if (context.peer == nullptr) return no_daemon();
    context.peer->look_soon();
    return json_reply(200, json::object());
}

/// Of one feed, or of all and then of the daemon as well.
Result<Response> purge_reply(const Context& context) {
    if (context.peer == nullptr) return no_daemon();
    const auto name = COLPORT_TRY(body_text(context, "feed"));
    if (!name.empty()) {
        const auto feed = COLPORT_TRY(find_feed(context, name));
        COLPORT_TRY(erase_all_of(context, feed));
        return json_reply(200, {{"feed", feed.hex()}});
    }
    if (!context.desk.purge) return no_daemon();
    context.desk.purge();
    return json_reply(200, json::object());
}

/// Marks or unmarks an article, whichever feed's it is.
Result<Response> star_as(const Context& context, std::optional<std::int64_t> time) {
    const auto stored = COLPORT_TRY(
        stored_article(context, COLPORT_TRY(body_text(context, "article")),
                       COLPORT_TRY(feed_parameter(context))));
    const auto id = ArticleId::from(stored.article.id());
    if (!id) return Error{Errc::corrupt, "damaged archive: an article's id"};
    auto* reading = COLPORT_TRY(context.reading.make());
    COLPORT_TRY(reading->mark_starred(stored.feed, *id, time));
    return json_reply(200, {{"article", id->hex()}, {"feed", stored.feed.hex()}});
}

Result<Response> star_reply(const Context& context) { return star_as(context, context.now); }
Result<Response> unstar_reply(const Context& context) { return star_as(context, std::nullopt); }

Response change(const Context& context, Result<Response> (*reply)(const Context&)) {
    if (context.request.origin != Origin::control)
        return json_error({Errc::denied, "the reading page changes nothing",
                           "use the command `colport`"});
    if (context.request.method != "POST") {
        auto out = json_error(405, "method", "this address takes POST", "");
        out.headers["Allow"] = "POST";
        return out;
    }
    auto out = reply(context);
    if (out) return std::move(out).value();
    auto response = json_error(out.error());
    // What was sent is at fault here, not the archive.
    if (out.error().code == Errc::corrupt || out.error().code == Errc::forged)
        response.status = 422;
    return response;
}

Result<Response> read(const Context& context, std::string_view path) {
    if (path == "search") return search_reply(context);
    if (path == "complete") return complete_reply(context);
    if (path == "latest") return latest_reply(context);
    if (path == "feeds") return feeds_reply(context);
    if (path == "status") return status_reply(context);
    constexpr std::string_view articles = "articles/";
    if (path.starts_with(articles))
        return article_reply(context, std::string(path.substr(articles.size())));
    return Error{Errc::not_found, "there is nothing at this address"};
}

}  // namespace

Response api(const Context& context) {
    const auto path = std::string_view(context.request.path).substr(api_root.size());
    if (path == "follow") return change(context, follow_reply);
    if (path == "unfollow") return change(context, unfollow_reply);
    if (path == "import") return change(context, import_reply);
    if (path == "fetch") return change(context, fetch_reply);
    if (path == "mode") return change(context, mode_reply);
    if (path == "look") return change(context, look_reply);
    if (path == "purge") return change(context, purge_reply);
    if (path == "star") return change(context, star_reply);
    if (path == "unstar") return change(context, unstar_reply);
    if (context.request.method != "GET" && context.request.method != "HEAD") {
        auto out = json_error(405, "method", "this address takes GET", "");
        out.headers["Allow"] = "GET, HEAD";
        return out;
    }
    auto out = read(context, path);
    return out ? std::move(out).value() : json_error(out.error());
}

}  // namespace colport::web
