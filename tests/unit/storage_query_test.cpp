#include <fmt/format.h>

#include <random>
#include <set>
#include <stop_token>

#include "storage_fixture.h"

using namespace colport;
using namespace colport::testing;

TEST_CASE_METHOD(Fixture, "a phrase is its exact words in order") {
    feed.publish(archive, {{"1", "Order", "the free press is here"},
                           {"2", "Other", "press the free button"},
                           {"3", "Forms", "they freed the presses; free presses"},
                           {"4", "Lines", "they are free.\n\nPress on"},
                           {"5", "Free press", "in the title"},
                           {"6", "Gap", "free and press"}});
    CHECK(titles("\"free press\"").size() == 3);
    CHECK(titles("\"the free press\"") == Titles{"Order"});
    CHECK(titles("\"free presses\"") == Titles{"Forms"});
    CHECK(titles("\"free pres\"*").size() == 4);
    CHECK(titles("title:\"free press\"") == Titles{"Free press"});
    CHECK(titles("title:\"press free\"").empty());
    CHECK(titles("\"presses\"") == Titles{"Forms"});
    CHECK(titles("button -\"free press\"") == Titles{"Other"});
    CHECK(titles("press -\"the free\"").size() == 4);
    const auto page = search("\"free press\"");
    CHECK(page.total == 3);
    CHECK(page.total_is_exact);
    CHECK_FALSE(page.partial);
    for (const auto& hit : page.hits)
        if (hit.title == "Order") CHECK(hit.snippet == "the \x02" "free press\x03 is here");
}

TEST_CASE_METHOD(Fixture, "a word with signs in it is its parts side by side") {
    feed.publish(archive, {{"1", "A", "an anti-war march"}, {"2", "B", "war and anti matter"}});
    CHECK(titles("anti-war") == Titles{"A"});
    CHECK(titles("anti war").size() == 2);
}

TEST_CASE_METHOD(Fixture, "beginnings find what goes on, also behind the stem") {
    feed.publish(archive, {{"1", "Run", "they kept running"}, {"2", "Ruin", "in ruins"},
                           {"3", "Happy", "happy people"}, {"4", "中", "新闻自由"}});
    CHECK(titles("runn*") == Titles{"Run"});
    CHECK(titles("runni*") == Titles{"Run"});
    CHECK(titles("rui*") == Titles{"Ruin"});
    CHECK(titles("happ*") == Titles{"Happy"});
    CHECK(titles("happy*") == Titles{"Happy"});
    CHECK(titles("happyx*").empty());
    CHECK(titles("新*") == Titles{"中"});
    CHECK(titles("runni* happ*").empty());
    CHECK(titles("people -hap*").empty());
}

TEST_CASE_METHOD(Fixture, "fields, alternatives and filters that are typed") {
    TestFeed other(folder.path(), "Herald");
    must(archive.save_feed(other.record));
    feed.publish(archive, {{"1", "Elections", "votes", "en", 1'700'000'000, 1, "World",
                            {"Vera Pavlova"}},
                           {"2", "Weather", "Vera saw elections", "en", 1'600'000'000}});
    other.publish(archive, {{"3", "Выборы", "голоса и elections", "ru", 1'500'000'000}});
    CHECK(titles("title:election") == Titles{"Elections"});
    CHECK(titles("author:vera") == Titles{"Elections"});
    CHECK(titles("author:\"vera pavlova\"") == Titles{"Elections"});
    CHECK(titles("author:\"pavlova vera\"").empty());
    CHECK(titles("vera").size() == 2);
    CHECK(titles("tag:world") == Titles{"Elections"});
    CHECK(titles("tag:elections").empty());
    CHECK(titles("elections -author:vera").size() == 2);
    CHECK(titles("votes OR голос").size() == 2);
    CHECK(titles("elections lang:ru") == Titles{"Выборы"});
    CHECK(titles("elections feed:herald") == Titles{"Выборы"});
    CHECK(titles("feed:herald") == Titles{"Выборы"});
    CHECK(titles("elections feed:" + other.key().hex().substr(0, 8)) == Titles{"Выборы"});
    CHECK(titles("feed:nobody").empty());
    CHECK(titles("lang:en") == Titles{"Elections", "Weather"});
    CHECK(titles("elections since:2020-01-01 until:2020-12-31") == Titles{"Weather"});
    CHECK(titles("since:2020 until:2020") == Titles{"Weather"});
    CHECK(titles("elections until:2018") == Titles{"Выборы"});
    CHECK(titles("-vera").empty());
}

TEST_CASE_METHOD(Fixture, "matches beyond what is counted are said to be more, and go on") {
    std::vector<Draft> drafts;
    for (int i = 0; i < 10'500; ++i)
        drafts.push_back({std::to_string(i), std::to_string(i), "alike", "en", 1000 + i * 86'400});
    feed.publish(archive, drafts);
    Query query;
    query.words = "alike";
    query.limit = 100;
    auto eyes = reader();
    auto page = must(eyes.search(query));
    CHECK(page.total == 10'000);
    CHECK_FALSE(page.total_is_exact);
    CHECK(page.partial);
    REQUIRE(page.next);
    std::set<std::string> seen;
    for (query.offset = 0; query.offset < 10'000; query.offset += 2500)
        for (const auto& hit : must(eyes.search(query)).hits)
            CHECK(seen.insert(hit.title).second);
    query.before = page.next;
    query.offset = 0;
    page = must(eyes.search(query));
    CHECK(page.total == 500);
    CHECK(page.total_is_exact);
    CHECK_FALSE(page.partial);
    for (const auto& hit : page.hits) CHECK(seen.insert(hit.title).second);

    query.before.reset();
    query.sort = Sort::date;
    query.offset = 150;
    page = must(eyes.search(query));
    REQUIRE(page.hits.size() == 100);
    CHECK(page.hits[0].title == "10349");
    CHECK(page.hits[99].title == "10250");
    CHECK(must(eyes.how_common("alike")) == 10'000);
    CHECK(must(eyes.how_common("unlike")) == 0);
}

TEST_CASE_METHOD(Fixture, "a phrase that takes too much reading is cut short and goes on") {
    std::vector<Draft> drafts;
    std::string padding;
    for (int i = 0; i < 1500; ++i) padding += "padding ";
    for (int i = 0; i < 140; ++i)
        drafts.push_back({std::to_string(i), std::to_string(i),
                          i % 100 == 3 ? padding + "free press" : "press free " + padding, "en",
                          1000 + i});
    feed.publish(archive, drafts);
    Query query;
    query.words = "\"free press\"";
    auto eyes = reader();
    Titles found;
    int searches = 0;
    for (bool more = true; more; ++searches) {
        REQUIRE(searches < 10);
        const auto page = must(eyes.search(query));
        for (const auto& hit : page.hits) found.push_back(hit.title);
        CHECK(page.partial == page.next.has_value());
        CHECK(page.total_is_exact == !page.partial);
        more = page.partial;
        query.before = page.next;
    }
    CHECK(searches > 1);
    CHECK(found == Titles{"103", "3"});
}

TEST_CASE_METHOD(Fixture, "pages of a phrase follow each other without gap or repetition") {
    std::vector<Draft> drafts;
    for (int i = 0; i < 300; ++i)
        drafts.push_back({std::to_string(i), std::to_string(i),
                          i % 3 == 0 ? "press free" : "a free press"});
    feed.publish(archive, drafts);
    Query query;
    query.words = "\"free press\"";
    query.limit = 30;
    auto eyes = reader();
    std::set<std::string> seen;
    while (true) {
        const auto page = must(eyes.search(query));
        CHECK(page.total >= seen.size() + page.hits.size());
        CHECK_FALSE(page.partial);
        if (page.hits.empty()) {
            CHECK(page.total == 200);
            CHECK(page.total_is_exact);
            break;
        }
        for (const auto& hit : page.hits) CHECK(seen.insert(hit.title).second);
        query.offset += page.hits.size();
    }
    CHECK(seen.size() == 200);
}

TEST_CASE_METHOD(Fixture, "whatever is typed is no error and bounded work") {
    feed.publish(archive, {{"1", "Title", "some words, \"quoted\" OR not* NEAR(x)"},
                           {"2", "新闻", "新闻自由与言论自由"}});
    std::string deep, phrase = "\"", chinese;
    for (int i = 0; i < 500; ++i) {
        deep += fmt::format("w{} OR ", i);
        phrase += "words ";
        chinese += "新闻自由";
    }
    std::vector<std::string> typed = {
        "\"", "\"\"", "*", "-", "--", "OR", "OR OR", "a OR", "NEAR(a b)", "a AND NOT b", "^a",
        "words:x", "title:", "title:\"", "{title} : x", "a\x1f" "b", "a\"b", "'", "a'b", "%_",
        std::string("nul\0byte", 8), "\xff\xfe", "-\"", "feed:", "lang:*", "since:x", deep, phrase,
        chinese, "\"" + chinese + "\"", std::string(5000, 'a'), std::string(5000, '('),
        "a* b* c*", "som* OR wor*", "-som* words", "ok\xcc\x81", "ا\xe2\x80\x8cب"};
    std::mt19937 random(20260314);
    for (int i = 0; i < 300; ++i) {
        std::string text;
        for (int j = 0; j < 20; ++j) {
            const char* parts[] = {"\"", "*", "-", " ", "words", "some", "OR", "title:", "新",
                                   "闻", "|", "(", ")", "feed:", "\x1f", "'", "lang:en"};
            text += parts[random() % std::size(parts)];
        }
        typed.push_back(text);
    }
    auto eyes = reader();
    for (const auto& words : typed) {
        CAPTURE(words);
        Query query;
        query.words = words;
        const auto page = eyes.search(query);
        REQUIRE(page.ok());
        query.sort = Sort::date;
        REQUIRE(must(eyes.search(query)).total == page->total);
        REQUIRE(eyes.complete(words).ok());
        REQUIRE(eyes.how_common(words).ok());
    }
}

TEST_CASE_METHOD(Fixture, "what is being typed is completed, titles first") {
    feed.publish(archive, {{"1", "Presidents", "of the world", "en", 1000},
                           {"2", "Other", "the presidency", "en", 2000},
                           {"3", "Prescient", "nobody", "en", 3000},
                           {"4", "Press freedom", "in the world", "en", 4000}});
    const auto complete = [&](const std::string& typed) {
        Titles out;
        for (const auto& hit : must(reader().complete(typed))) out.push_back(hit.title);
        return out;
    };
    CHECK(complete("presid") == Titles{"Presidents", "Other"});
    CHECK(complete("presidents") == Titles{"Presidents"});
    CHECK(complete("press fre") == Titles{"Press freedom"});
    CHECK(complete("world pres") == Titles{"Press freedom", "Presidents"});
    CHECK(complete("pres ").empty());
    CHECK(complete("").empty());
    std::stop_source stopped;
    stopped.request_stop();
    CHECK(must(reader().complete("pres", stopped.get_token())).empty());
}

TEST_CASE_METHOD(Fixture, "how common a word is") {
    feed.publish(archive, {{"1", "A", "running dogs"}, {"2", "B", "a dog runs"}, {"3", "C", "cat"}});
    auto eyes = reader();
    CHECK(must(eyes.how_common("dog")) == 2);
    CHECK(must(eyes.how_common("Dogs")) == 2);
    CHECK(must(eyes.how_common("cat")) == 1);
    CHECK(must(eyes.how_common("dgo")) == 0);
    CHECK(must(eyes.how_common("")) == 0);
}

TEST_CASE("many words are counted at once as one by one") {
    Fixture fixture;
    const auto none = [&] {
        std::uint64_t out = 9;
        must(fixture.reader().with_how_common([&](const HowCommon& count) { out = count("ferry"); }));
        return out;
    };
    CHECK(none() == 0);
    std::vector<Draft> drafts;
    for (int i = 0; i < 5; ++i) drafts.push_back({std::to_string(i), "Title", "two ferries"});
    fixture.feed.publish(fixture.archive, drafts);
    auto reader = fixture.reader();
    must(reader.with_how_common([&](const HowCommon& count) {
        CHECK(count("ferry") == 5);
        CHECK(count("fery") == 0);
        CHECK(count("title") == 5);
        CHECK(count("Ferries") == 5);
        CHECK(count("") == 0);
        CHECK(count("\xff\"*") == 0);
    }));
    CHECK(must(reader.how_common("ferry")) == 5);
}
