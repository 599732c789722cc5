#include <chrono>
#include <nlohmann/json.hpp>
#include <thread>

#include "feed/link.h"
#include "support/silent_swarm.h"
#include "web/parameters.h"
#include "web/status_json.h"
#include "web_sample.h"

using namespace colport;
using namespace colport::web_testing;
using nlohmann::json;

namespace {

json parsed(const web::Response& answer) {
    CHECK(answer.content_type == "application/json");
    return json::parse(answer.body);
}

/// A site over a daemon of its own.
struct Daemon {
    Folder folder;
    std::unique_ptr<Peer> peer = must(Peer::start(
        PeerSettings{.data = folder.path(), .swarm = {.reach = Reach::offline}, .reach_given = true},
        [](const SwarmSettings&, const SwarmSink&) -> Result<std::unique_ptr<Swarm>> {
            return std::unique_ptr<Swarm>(new test::SilentSwarm);
        },
        [] { return noon; }));
    web::Site site{DataDirectory{folder.path()}.archive(), peer.get(), [] { return noon; }};

    web::Response ask(const std::string& method, const std::string& path,
                      const std::string& body = "", web::Origin origin = web::Origin::control) {
        web::Request request;
        request.origin = origin;
        request.method = method;
        request.path = path;
        request.body = body;
        request.host = "localhost";
        return site.render(request);
    }
};

}  // namespace

TEST_CASE("search and latest give hits in the shape that scripts rely on") {
    Library library;
    auto& article = library.gazette.add("A title", "the harbour is open");
    article.set_zone(120);
    article.set_section("Economy");
    library.ruznameh.add("بندر", "متن harbour", "fa", 3600);
    library.gazette.add("Undated", "text").set_published(0);
    library.save();

    const auto found = parsed(library.get("/api/v1/search", {{"q", "harbour"}}));
    CHECK(found["total"] == 2);
    REQUIRE(found["hits"].size() == 2);
    const auto latest = parsed(library.get("/api/v1/latest"));
    CHECK(latest["total"] == 3);
    CHECK(latest["hits"][2]["published"].is_null());
    const auto& hit = latest["hits"][0];
    CHECK(hit["id"] == id_of(library.gazette.articles[0]));
    CHECK(hit["feed"] == library.gazette.key().hex());
    CHECK(hit["feed_name"] == "Gazette");
    CHECK(hit["title"] == "A title");
    CHECK(hit["language"] == "en");
    CHECK(hit["published"] == "2026-03-14T14:00:00+02:00");
    CHECK(hit["section"] == "Economy");
    CHECK(hit["snippet"] == "the harbour is open");
    CHECK(hit["marked"].empty());
}

TEST_CASE("marks are byte ranges of the plain snippet") {
    Library library;
    library.gazette.add("Title", "старая гавань открыта, гавань", "ru");
    library.save();
    const auto hit = parsed(library.get("/api/v1/search", {{"q", "гавань"}}))["hits"][0];
    const auto snippet = hit["snippet"].get<std::string>();
    REQUIRE(hit["marked"].size() == 2);
    for (const auto& range : hit["marked"]) {
        const std::size_t begin = range[0], end = range[1];
        CHECK(snippet.substr(begin, end - begin) == "гавань");
    }
    CHECK_FALSE(has(snippet, "\x02"));
    CHECK_FALSE(has(snippet, "\x03"));
}

TEST_CASE("results can be narrowed and come in parts") {
    Library library;
    for (int i = 0; i < 130; ++i)
        library.gazette.add("Report", "word", i % 2 == 0 ? "en" : "ru", i * one_day);
    library.save();
    const auto total = [&](std::map<std::string, std::string> query) {
        query["q"] = "word";
        return parsed(library.get("/api/v1/search", std::move(query)))["total"].get<int>();
    };
    CHECK(total({}) == 130);
    CHECK(total({{"language", "ru"}}) == 65);
    CHECK(total({{"since", "2026-03-14"}}) == 1);
    CHECK(total({{"since", "2026-03-12"}, {"until", "2026-03-13"}}) == 2);
    CHECK(total({{"until", "2026-03-14T11:59:59Z"}}) == 129);
    CHECK(total({{"since", "2026-03-14T14:00:00+02:00"}}) == 1);
    CHECK(total({{"feed", "Gazette"}}) == 130);
    CHECK(total({{"feed", library.ruznameh.key().hex()}}) == 0);

    const auto many = parsed(library.get("/api/v1/latest", {{"limit", "120"}, {"offset", "5"}}));
    CHECK(many["hits"].size() == 120);
    CHECK(many["hits"][0]["published"] == "2026-03-09T12:00:00Z");
    CHECK(parsed(library.get("/api/v1/latest"))["hits"].size() == 20);
    CHECK(parsed(library.get("/api/v1/latest", {{"offset", "500"}}))["hits"].empty());
    const auto none = parsed(library.get("/api/v1/latest", {{"limit", "0"}}));
    CHECK(none["total"] == 130);
    CHECK(none["hits"].empty());
}

TEST_CASE("the last day of 1969 is a bound like any other") {
    Library library;
    library.gazette.add("Moon", "word", "en", noon + one_day);
    library.gazette.add("Report", "word", "en", 0);
    library.save();
    for (const char* words : {"", "word"}) {
        const auto search = [&](const char* name, const char* day) {
            return parsed(library.get("/api/v1/search", {{"q", words}, {name, day}}));
        };
        CAPTURE(words);
        CHECK(search("until", "1969-12-31")["hits"][0]["title"] == "Moon");
        CHECK(search("until", "1969-12-31")["total"] == 1);
        CHECK(search("since", "1970-01-01")["total"] == 1);
    }
    CHECK(has(library.get("/search", {{"until", "1969-12-31"}}).body, "value=\"1969-12-31\""));
}

TEST_CASE("a bad parameter is named") {
    Library library;
    library.save();
    const std::pair<const char*, std::string> bad[] = {
        {"limit", "many"},
        {"limit", "1001"},
        {"limit", "-1"},
        {"offset", "x"},
        {"since", "soon"},
        {"until", "2026-02-30"},
        {"sort", "size"},
        {"feed", "nothing"}};
    for (const auto& [name, value] : bad) {
        const auto answer = library.get("/api/v1/search", {{name, value}});
        CAPTURE(name, value, answer.body);
        CHECK(answer.status == (std::string(name) == "feed" ? 404 : 400));
        const auto error = parsed(answer)["error"];
        CHECK(has(error["message"], std::string("parameter ") + name));
        CHECK(error["code"].is_string());
        CHECK(error["hint"].is_string());
    }
}

TEST_CASE("an article is given as an object, and in other forms") {
    Library library;
    library.gazette.add("Title", "The body.");
    library.save();
    const auto path = "/api/v1/articles/" + id_of(library.gazette.articles[0]);
    const auto object = parsed(library.get(path.substr(0, path.size() - 20)));
    CHECK(object["title"] == "Title");
    CHECK(object["text"] == "The body.");
    CHECK(object["blocks"].size() == 1);
    CHECK(object["feed"] == library.gazette.key().hex());
    CHECK(object["feed_name"] == "Gazette");
    CHECK(has(library.get(path, {{"format", "markdown"}}).content_type, "text/markdown"));
    CHECK(library.get(path, {{"format", "html"}}).status == 403);
    const auto page = library.get(path, {{"format", "html"}}, web::Origin::control);
    CHECK(page.status == 200);
    CHECK(has(page.body, "<!DOCTYPE html>"));
    CHECK(has(page.body, "<p>The body.</p>"));

    const auto missing = library.get("/api/v1/articles/00000000");
    CHECK(missing.status == 404);
    CHECK(parsed(missing)["error"]["code"] == "not_found");
    CHECK(library.get("/api/v1/articles/").status == 400);
    CHECK(library.get("/api/v1/articles/../feeds").status == 400);
    CHECK(library.get("/api/v1/nowhere").status == 404);
}

TEST_CASE("feeds are listed; folders on disk are for the command line alone") {
    Library library;
    library.gazette.add("Title", "text");
    library.save();
    const auto feeds = parsed(library.get("/api/v1/feeds"));
    REQUIRE(feeds.size() == 2);
    CHECK(feeds[0]["feed"] == library.gazette.key().hex());
    CHECK(feeds[0]["name"] == "Gazette");
    CHECK(feeds[0]["seq"] == 1);
    CHECK(feeds[0]["articles"] == 1);
    CHECK(feeds[0]["state"] == "current");
    CHECK(feeds[0]["updated"] == "2026-03-14T12:00:00Z");
    CHECK_FALSE(feeds[0].contains("directory"));
    const auto control = parsed(library.get("/api/v1/feeds", {}, web::Origin::control));
    CHECK(control[0]["directory"] == library.gazette.record.directory.string());
    library.now = noon + 8 * one_day;
    CHECK(parsed(library.get("/api/v1/feeds"))[0]["state"] == "stale");
}

TEST_CASE("without a daemon status and commands say so") {
    Library library;
    library.save();
    const auto answer = library.get("/api/v1/status", {}, web::Origin::control);
    CHECK(answer.status == 503);
    CHECK(has(parsed(answer)["error"]["message"], "no daemon"));
    web::Request request;
    request.origin = web::Origin::control;
    request.method = "POST";
    request.path = "/api/v1/follow";
    request.body = R"({"link":"x"})";
    CHECK(library.site.render(request).status == 503);
}

TEST_CASE("feeds are followed and forgotten over the control socket") {
    Daemon daemon;
    Link link;
    link.feed = SigningKey::generate().public_key();
    link.name = "Gazette";
    const auto body = json{{"link", to_string(link)}}.dump();
    CHECK(daemon.ask("POST", "/api/v1/follow", body, web::Origin::page).status == 403);
    CHECK(daemon.ask("GET", "/api/v1/follow").status == 405);
    const auto followed = daemon.ask("POST", "/api/v1/follow", body);
    CAPTURE(followed.body);
    REQUIRE(followed.status == 200);
    CHECK(parsed(followed)["feed"] == link.feed.hex());

    const auto feeds = parsed(daemon.ask("GET", "/api/v1/feeds"));
    REQUIRE(feeds.size() == 1);
    CHECK(feeds[0]["state"] == "waiting");
    CHECK(feeds[0]["updated"].is_null());

    for (const char* bad : {"", "[]", "{", R"({"link":7})", R"({"link":"magnet:?x"})", "\"x\""}) {
        const auto refused = daemon.ask("POST", "/api/v1/follow", bad);
        CAPTURE(bad, refused.body);
        CHECK(refused.status >= 400);
        CHECK(refused.status < 500);
    }
    const auto unfollow = [&](const std::string& name) {
        return daemon.ask("POST", "/api/v1/unfollow", json{{"feed", name}}.dump()).status;
    };
    CHECK(unfollow(link.feed.hex().substr(0, 3)) == 404);
    CHECK(unfollow(std::string(64, '0')) == 404);
    CHECK(unfollow(link.feed.hex().substr(0, 6)) == 200);
    CHECK(parsed(daemon.ask("GET", "/api/v1/feeds")).empty());
}

TEST_CASE("status tells all to the command line and no addresses to the page") {
    Daemon daemon;
    Link link;
    link.feed = SigningKey::generate().public_key();
    must(daemon.peer->follow(to_string(link)));
    // A snapshot may be a second old.
    json status;
    for (int i = 0; i < 100 && status["feeds"].empty(); ++i) {
        if (i != 0) std::this_thread::sleep_for(std::chrono::milliseconds(50));
        status = parsed(daemon.ask("GET", "/api/v1/status"));
    }
    for (const char* key : {"feeds", "mode", "listening", "problems", "started", "bytes_received",
                            "bytes_sent", "payload_received", "blocks_read", "blocks_hashed"})
        CHECK(status.contains(key));
    CHECK(status["mode"] == "offline");
    const auto page = parsed(daemon.ask("GET", "/api/v1/status", "", web::Origin::page));
    CHECK_FALSE(page.contains("listening"));
    REQUIRE(status["feeds"].size() == 1);
    for (const char* key :
         {"feed", "name", "seq", "seen_seq", "state", "problem", "peers", "bytes_received",
          "bytes_sent", "payload_received", "payload_sent", "pieces_total", "pieces_have",
          "blocks_read"})
        CHECK(status["feeds"][0].contains(key));
}

TEST_CASE("an index in the making is told in percent, and not when it is whole") {
    CHECK(web::index_json({}).is_null());
    CHECK(web::index_json({7, 7}).is_null());
    CHECK(web::index_json({999, 1000}) ==
          json{{"articles_made", 999}, {"articles", 1000}, {"percent", 99}});
    Daemon daemon;
    const auto status = parsed(daemon.ask("GET", "/api/v1/status"));
    REQUIRE(status.contains("index"));
    CHECK(status["index"].is_null());
}

TEST_CASE("times are days or RFC 3339, and nothing else") {
    CHECK(web::parse_time("2026-03-14", false) == noon - 12 * 3600);
    CHECK(web::parse_time("2026-03-14", true) == noon + 12 * 3600);
    CHECK(web::parse_time("2026-03-14T12:00:00Z", true) == noon);
    CHECK(web::parse_time("2026-03-14T12:00:00.123Z", false) == noon);
    CHECK(web::parse_time("2026-03-14T15:30:00+03:30", false) == noon);
    CHECK(web::parse_time("2026-03-14t05:00:00-07:00", false) == noon);
    CHECK(web::parse_time("2024-02-29", false).has_value());
    for (const char* bad :
         {"", "2026", "2026-3-14", "2026-13-01", "2026-02-29", "2026-03-14T", "2026-03-14T12:00",
          "2026-03-14T12:00:00", "2026-03-14T24:00:00Z", "2026-03-14T12:00:00.Z",
          "2026-03-14T12:00:00+2", "2026-03-14T12:00:00+02:00x", "+026-03-14", "2026-03-14 "})
        CHECK_FALSE(web::parse_time(bad, false).has_value());
}

TEST_CASE("whatever is typed is a query") {
    Library library;
    library.gazette.add("Title", "word");
    library.save();
    for (const std::string& typed :
         {std::string("\xff word"), std::string("word\0", 5), std::string(5000, ' ') + "x"}) {
        CHECK(library.get("/api/v1/search", {{"q", typed}}).status == 200);
        CHECK(library.get("/search", {{"q", typed}}).status == 200);
    }
    CHECK(parsed(library.get("/api/v1/search", {{"q", "\xff word"}}))["total"] == 1);
    CHECK(web::typed_text(std::string(999, 'a') + "я") == std::string(999, 'a'));
    CHECK(web::typed_text(std::string("a\0b\xff", 4)) == "a b ");
}

TEST_CASE("the latest articles can be narrowed") {
    Library library;
    for (int i = 0; i < 4; ++i)
        library.gazette.add("Report", "word", i % 2 == 0 ? "en" : "ru", i * one_day);
    library.save();
    const auto total = [&](std::map<std::string, std::string> query) {
        return parsed(library.get("/api/v1/latest", std::move(query)))["total"].get<int>();
    };
    CHECK(total({{"language", "ru"}}) == 2);
    CHECK(total({{"since", "2026-03-13"}}) == 2);
    CHECK(total({{"until", "2026-03-12"}}) == 2);
    CHECK(library.get("/api/v1/latest", {{"since", "soon"}}).status == 400);
}
