#include "storage/database.h"
#include "storage_fixture.h"

using namespace colport;
using namespace colport::testing;

namespace {

/// English words, as many bytes as asked for or a little more.
std::string long_text(std::size_t size) {
    std::string out;
    for (unsigned i = 0; out.size() < size; ++i) {
        out += "padding";
        for (auto number = i * 2654435761u; number > 0; number /= 20)
            out += "aeioubcdfgklmnprstvz"[number % 20];
        out += ' ';
    }
    return out;
}

std::vector<Draft> long_drafts(int count, const std::string& text) {
    std::vector<Draft> out;
    for (int i = 0; i < count; ++i)
        out.push_back({"long" + std::to_string(i), "Long", text, "en", 2000 + i});
    return out;
}

}  // namespace

TEST_CASE_METHOD(Fixture, "a long article hides no phrase behind it") {
    const auto typed = GENERATE("\"free press\"", "piano OR \"free press\"");
    CAPTURE(typed);
    feed.publish(archive, {{"1", "Phrase", "the free press", "en", 1000}});
    feed.publish(archive, {{"2", "Long", "press " + long_text(500 << 10) + "free", "en", 2000}});
    feed.publish(archive, {{"3", "Piano", "a piano", "en", 3000}});
    const auto page = search(typed);
    REQUIRE(!page.hits.empty());
    CHECK(std::any_of(page.hits.begin(), page.hits.end(),
                      [](const Hit& hit) { return hit.title == "Phrase"; }));
    CHECK_FALSE(page.partial);
    CHECK(page.total_is_exact);
}

TEST_CASE_METHOD(Fixture, "many long articles end a search, which goes on behind them") {
    const auto typed = GENERATE("\"free press\"", "piano OR \"free press\"");
    CAPTURE(typed);
    feed.publish(archive, {{"1", "Phrase", "the free press", "en", 1000}});
    feed.publish(archive, long_drafts(6, "press " + long_text(500 << 10) + "free"));
    feed.publish(archive, {{"3", "Piano", "a piano", "en", 3000}});
    Query query;
    query.words = typed;
    auto eyes = reader();
    auto page = must(eyes.search(query));
    CHECK(page.partial);
    REQUIRE(page.next);
    query.before = page.next;
    page = must(eyes.search(query));
    REQUIRE(page.hits.size() == 1);
    CHECK(page.hits[0].title == "Phrase");
    CHECK_FALSE(page.partial);
}

TEST_CASE_METHOD(Fixture, "a page of long articles lists all of them, and reads some") {
    const auto typed = GENERATE("", "ballad");
    CAPTURE(typed);
    feed.publish(archive, long_drafts(20, "a ballad " + long_text(400 << 10)));
    Query query;
    query.words = typed;
    query.limit = 100;
    const auto page = must(reader().search(query));
    REQUIRE(page.hits.size() == 20);
    const auto read = std::count_if(page.hits.begin(), page.hits.end(),
                                    [](const Hit& hit) { return !hit.snippet.empty(); });
    CHECK(read >= 1);
    CHECK(read <= 10);
    CHECK(!page.hits[0].snippet.empty());
}

TEST_CASE_METHOD(Fixture, "what one feed publishes in bulk pushes no other beyond the horizon") {
    std::vector<Draft> drafts;
    for (int i = 0; i < 400; ++i)
        drafts.push_back({std::to_string(i), "Old", "free press", "en", 1000 + i});
    feed.publish(archive, drafts);
    TestFeed other(folder.path(), "Herald");
    must(archive.save_feed(other.record));
    // As if a million had come between.
    auto database = must(Database::open(file, Database::Mode::read_write_create));
    must(database.run("INSERT INTO articles SELECT 1000000, feed, zeroblob(16), 1, bundle, entry, "
                      "published, 0, '', '', '', 1, NULL FROM articles LIMIT 1"));
    drafts.resize(150);
    for (auto& draft : drafts) draft.published += 1'000'000;
    other.publish(archive, drafts);
    must(database.run("DELETE FROM articles WHERE id = 1000000"));

    auto page = search("free press feed:gazette");
    CHECK(page.total == 400);
    CHECK_FALSE(page.partial);
    CHECK(page.total_is_exact);
    // Over all feeds there is a horizon, behind which the search can go on.
    page = search("free press");
    CHECK(page.total == 150);
    CHECK(page.partial);
    Query query;
    query.words = "free press";
    query.before = page.next;
    CHECK(must(reader().search(query)).total == 400);
}

TEST_CASE_METHOD(Fixture, "many beginnings at once are cut short, which is said") {
    feed.publish(archive, {{"1", "Alpha", "alphabet"}, {"2", "Omega", "omegas"},
                           {"3", "Secret", "alphabet secrets"}});
    std::string others, excluded;
    for (char c = 'a'; c <= 'z'; ++c) {
        others += std::string(" OR ") + c + c + c + "*";
        excluded += std::string(" -") + c + c + c + "*";
    }
    auto page = search("alph* OR bbb* OR ccc* OR omeg* OR ddd* OR eee* OR fff* OR ggg*");
    CHECK(page.total == 3);
    CHECK_FALSE(page.partial);
    page = search("alph*" + others + " OR omeg*");
    CHECK(page.total == 2);
    CHECK(page.partial);
    CHECK_FALSE(page.total_is_exact);
    page = search("alph*" + others + " -sec*");
    CHECK(page.total == 1);
    CHECK(page.partial);
    page = search("alph*" + excluded + " -sec*");
    CHECK(page.total == 1);
    CHECK(page.partial);
}

TEST_CASE_METHOD(Fixture, "what is left out counts behind however many words") {
    std::string words;
    for (int i = 0; i < 70; ++i) words += " w" + std::to_string(i);
    feed.publish(archive, {{"1", "Open", words}, {"2", "Secret", words + " secret"}});
    const auto page = search("\"" + words + "\" -secret");
    REQUIRE(page.hits.size() == 1);
    CHECK(page.hits[0].title == "Open");
    CHECK(page.partial);
    CHECK_FALSE(page.total_is_exact);
}
