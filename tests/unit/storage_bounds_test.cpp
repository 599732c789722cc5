#include <set>

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

TEST_CASE_METHOD(Fixture, "the order of a search does not depend on what was read before it") {
    std::vector<std::string> samples;
    for (int i = 0; i < 400; ++i) {
        const auto n = std::to_string(i * 7919);
        samples.push_back("The ministry " + n + " announced on day " + n + " that it is over");
    }
    // Large once it is unpacked.
    const auto packed =
        Dictionary::pack(must(Dictionary::train(samples, 4096)) + std::string(3 << 19, 'x'));
    const auto dictionary = must(Dictionary::load(packed));
    must(write_file(feed.path(volume_file_name(1, 3, FileKind::dictionary)), packed));
    const auto padding = long_text(6'000);
    std::vector<pb::Article> articles;
    for (int i = 0; i < 45; ++i) {
        const auto n = std::to_string(i);
        articles.push_back(feed.article({n, n, (i < 30 ? "lion " : "") + padding + "lion", "en",
                                         1000 + i}));
    }
    feed.import(archive, feed.write(articles, dictionary), dictionary.get());
    const auto titles_of = [](const Page& page) {
        Titles out;
        for (const auto& hit : page.hits) out.push_back(hit.title);
        return out;
    };
    Query query;
    query.words = GENERATE("lion", "piano OR \"padding lion\"");
    query.limit = 100;
    auto eyes = reader();
    const auto cold = must(eyes.search(query)), warm = must(eyes.search(query));
    CHECK(titles_of(cold) == titles_of(warm));
    CHECK(cold.total == warm.total);
    CHECK(cold.next == warm.next);
}

TEST_CASE_METHOD(Fixture, "what is completed from texts reads a bounded part of them") {
    const auto many = GENERATE(6, 30);
    CAPTURE(many);
    feed.publish(archive, {{"1", "Phrase", "the free press", "en", 1000}});
    feed.publish(archive, long_drafts(many, "press " + long_text(300 << 10) + "free"));
    const auto hits = must(reader().complete("\"free press\""));
    CHECK(hits.size() == (many == 6 ? 1 : 0));
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

TEST_CASE_METHOD(Fixture, "a search that goes on shows nothing twice") {
    feed.publish(archive, {{"other", "Other", "nothing of it", "en", 1000}});
    std::vector<Draft> drafts;
    for (int i = 0; i < 5; ++i)
        drafts.push_back({"p" + std::to_string(i), "Phrase " + std::to_string(i), "the free press",
                          "en", 2000 + i});
    for (int i = 0; i < 10'050; ++i)
        drafts.push_back({std::to_string(i), std::to_string(i), "piano", "en", 3000 + i});
    feed.publish(archive, drafts);
    Query query;
    query.words = "piano OR \"free press\"";
    query.limit = 100;
    auto eyes = reader();
    const auto first = must(eyes.search(query));
    REQUIRE(first.next);
    CHECK(first.total == 10'000);
    query.before = first.next;
    const auto second = must(eyes.search(query));
    CHECK(second.total == 55);
    for (const auto& hit : first.hits) CHECK_FALSE(hit.title.starts_with("Phrase"));
}

TEST_CASE_METHOD(Fixture, "the best of very many come first and push none off the pages") {
    const auto padding = long_text(300);
    feed.publish(archive, {{"other", "Other", padding, "en", 1000}});
    std::vector<Draft> drafts;
    for (int i = 0; i < 10'100; ++i) {
        const auto n = std::to_string(i);
        drafts.push_back({n, n, i < 30 ? "piano piano piano piano" : padding + "piano", "en",
                          2000 + i});
    }
    feed.publish(archive, drafts);
    Query query;
    query.words = "piano";
    query.limit = 100;
    auto eyes = reader();
    std::set<int> seen;
    for (;; query.offset += 100) {
        const auto page = must(eyes.search(query));
        if (query.offset == 0)
            for (std::size_t i = 0; i < 30; ++i) CHECK(std::stoi(page.hits[i].title) < 30);
        for (const auto& hit : page.hits) CHECK(seen.insert(std::stoi(hit.title)).second);
        if (page.hits.size() < 100 || query.offset + 100 >= page.total) break;
    }
    CHECK(seen.size() == 10'030);
    CHECK(*std::next(seen.begin(), 30) == 100);
}
