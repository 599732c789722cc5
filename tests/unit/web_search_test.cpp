#include <nlohmann/json.hpp>

#include "web_sample.h"

using namespace colport;
using namespace colport::web_testing;
using nlohmann::json;

namespace {

json search(Library& library, std::map<std::string, std::string> query) {
    return json::parse(library.get("/api/v1/search", std::move(query)).body);
}

json complete(Library& library, const std::string& typed) {
    const auto answer = library.get("/api/v1/complete", {{"q", typed}});
    CHECK(answer.status == 200);
    return json::parse(answer.body);
}

/// Enough articles of a word for others to be mistakes for it.
void add_many(Library& library, const std::string& text) {
    for (int i = 0; i < 60; ++i)
        library.gazette.add("Report", text, "en", i * one_day);
}

}  // namespace

TEST_CASE("a search that finds nothing offers what may have been meant, and stays as it is") {
    Library library;
    add_many(library, "the river ferry is late");
    library.save();
    const auto found = search(library, {{"q", "river fery"}, {"sort", "date"}});
    CHECK(found["total"] == 0);
    CHECK(found["did_you_mean"] == json{{"query", "river ferry"}, {"marked", {{6, 11}}}});
    CHECK(search(library, {{"q", "river ferry"}})["did_you_mean"].is_null());
    CHECK(search(library, {{"q", "zzqqxx"}})["did_you_mean"].is_null());
    // What is offered must find something.
    CHECK(search(library, {{"q", "fery"}, {"language", "ru"}})["did_you_mean"].is_null());

    const auto page =
        library.get("/search", {{"q", "river fery"}, {"sort", "date"}, {"language", "en"}}).body;
    CHECK(has(page, "Did you mean: <a href=\"/search?q=river%20ferry&amp;language=en&amp;sort=date\""));
    CHECK(has(page, "river <mark>ferry</mark></a>"));
    CHECK(has(page, "Nothing found"));
    CHECK_FALSE(has(library.get("/search", {{"q", "river"}}).body, "Did you mean"));
}

TEST_CASE("what is offered is escaped") {
    Library library;
    add_many(library, "the ferry is late");
    library.save();
    const auto page = library.get("/search", {{"q", "fery<b>&\"x"}}).body;
    CHECK_FALSE(has(page, "<b>&"));
}

TEST_CASE("words of a retracted article are not suggested") {
    Library library;
    auto& feed = library.gazette;
    for (int i = 0; i < 60; ++i) feed.add("Report", "the smuggler knows", "en", i);
    library.save();
    REQUIRE(search(library, {{"q", "smugler"}})["did_you_mean"]["query"] == "smuggler");
    for (auto& article : feed.articles) {
        article.Clear();
        article.set_id(article_id(feed.key(), std::to_string(&article - feed.articles.data() + 1))
                           .str());
        article.set_revision(2);
        article.set_status(pb::Article::RETRACTED);
    }
    auto archive = must(Archive::open(library.file));
    feed.save(archive, 2);
    // Before the index is tidied and after.
    for (int round = 0; round < 2; ++round) {
        CHECK(search(library, {{"q", "smuggler"}})["total"] == 0);
        CHECK(search(library, {{"q", "smugler"}})["did_you_mean"].is_null());
        CHECK_FALSE(has(library.get("/search", {{"q", "smugler"}}).body, "smuggler"));
        CHECK(complete(library, "smugg")["hits"].empty());
        while (must(archive.work())) {}
    }
}

TEST_CASE("what is being typed is completed, titles first, with what a page needs to link it") {
    Library library;
    library.gazette.add("Weather", "storms over the harbour");
    library.gazette.add("The harbour opens", "text", "en", 10 * one_day);
    for (int i = 0; i < 30; ++i) library.gazette.add("Fish", "market", "en", i);
    library.save();
    const auto found = complete(library, "harb");
    CHECK(found["stopped"] == false);
    REQUIRE(found["hits"].size() == 2);
    const auto id = id_of(library.gazette.articles[1]);
    CHECK(found["hits"][0] == json{{"id", id},
                                   {"feed", library.gazette.key().hex()},
                                   {"feed_name", "Gazette"},
                                   {"title", "The harbour opens"},
                                   {"language", "en"},
                                   {"published", "2026-03-04T12:00:00Z"},
                                   {"withdrawn_key", nullptr},
                                   {"address", "/article/" + id}});
    CHECK(found["hits"][1]["title"] == "Weather");
    CHECK(complete(library, "fish")["hits"].size() == 20);
    for (const char* typed : {"", " ", "\"", "\xff", "nothing"})
        CHECK(complete(library, typed)["hits"].empty());
}

TEST_CASE("a completion that was stopped gives what it has") {
    Library library;
    library.gazette.add("The harbour opens", "text");
    library.save();
    std::stop_source stop;
    stop.request_stop();
    web::Request request;
    request.path = "/api/v1/complete";
    request.query = {{"q", "harb"}};
    request.host = "localhost";
    request.stop = stop.get_token();
    const auto answer = library.site.render(request);
    CHECK(answer.status == 200);
    CHECK(json::parse(answer.body) == json{{"stopped", true}, {"hits", json::array()}});
    request.stop = {};
    CHECK(json::parse(library.site.render(request).body)["hits"].size() == 1);
}

TEST_CASE("results are offered in both orders") {
    Library library;
    for (int i = 0; i < 3; ++i) library.gazette.add("Report", "word", "en", i);
    library.save();
    const auto page = library.get("/search", {{"q", "word"}, {"feed", "Gazette"}}).body;
    CHECK(has(page, "<a href=\"/search?q=word&amp;feed=Gazette&amp;sort=rank\" "
                    "aria-current=\"true\">Best match first</a>"));
    CHECK(has(page, "<a href=\"/search?q=word&amp;feed=Gazette&amp;sort=date\">Newest first</a>"));
}

TEST_CASE("a search that was cut short says so and goes on") {
    Library library;
    std::string filler;
    for (int i = 0; i < 3000; ++i) filler += " word" + std::to_string(i * 7919 % 1000);
    for (int i = 0; i < 60; ++i)
        library.gazette.add("Report", (i < 59 ? "not or be to" : "to be or not") + filler, "en",
                            i * one_day);
    library.save();
    const std::string phrase = "\"to be or not\"";
    auto found = search(library, {{"q", phrase}});
    CHECK(found["total"] == 0);
    CHECK(found["partial"] == true);
    CHECK(found["total_is_exact"] == false);
    CHECK(found["did_you_mean"].is_null());
    const auto next = std::to_string(found["next"].get<std::int64_t>());
    const auto page = library.get("/search", {{"q", phrase}}).body;
    CHECK(has(page, "Nothing found among the newer articles"));
    CHECK(has(page, "&amp;before=" + next + "\">Search older articles</a>"));
    int total = 0;
    for (int i = 0; i < 60 && found["next"].is_number(); ++i) {
        found = search(library, {{"q", phrase},
                                 {"before", std::to_string(found["next"].get<std::int64_t>())}});
        total += found["total"].get<int>();
    }
    CHECK(total == 1);
    CHECK(found["partial"] == false);
}
