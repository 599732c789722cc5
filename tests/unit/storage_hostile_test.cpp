// What one feed may do to the archive of all.

#include "core/limits.h"
#include "storage/word_counter.h"
#include "storage_inside.h"

using namespace colport;
using namespace colport::testing;

namespace {

/// Words that no other `number` gives, as many bytes as asked for or a little more.
std::string own_words(unsigned number, std::size_t size, const std::string& beginning = "w") {
    std::string out;
    for (unsigned i = 0; out.size() < size; ++i) {
        out += beginning;
        for (auto rest = i; rest > 0; rest /= 20) out += "aeioubcdfgklmnprstvz"[rest % 20];
        out += "q";
        for (auto rest = number; rest > 0; rest /= 20) out += "aeioubcdfgklmnprstvz"[rest % 20];
        out += ' ';
    }
    return out;
}

std::string repeated(std::string_view part, std::size_t bytes) {
    std::string out;
    while (out.size() + part.size() <= bytes) out += part;
    return out;
}

ArticleText text(std::string body) {
    ArticleText out;
    out.title = "Title";
    out.body = std::move(body);
    return out;
}

}  // namespace

TEST_CASE("words are counted in the beginning of a long text") {
    TokenMaker maker;
    WordCounter counter;
    const auto body = "first " + own_words(1, 140'000) + "zebra";
    for (int i = 0; i < WordCounter::smallest_sample; ++i) counter.add(maker, text(body));
    const auto making = counter.making();
    CHECK(making.common.share("first") > 0.9);
    CHECK(making.common.share("zebra") == 0);
    CHECK(making.average_words < 20'000);
}

TEST_CASE("what is common is known among any number of words, and there is no end of them") {
    TokenMaker maker;
    WordCounter counter;
    for (int i = 0; i < WordCounter::smallest_sample; ++i)
        counter.add(maker, text("elephant " + own_words(i, 60'000)));
    const auto making = counter.making();
    CHECK(making.common.size() < 10);
    CHECK(making.common.share("elephant") > 0.9);
}

TEST_CASE("no more is common than searches need") {
    TokenMaker maker;
    WordCounter counter;
    for (int i = 0; i < WordCounter::smallest_sample; ++i)
        counter.add(maker, text("elephant " + own_words(i % 12, 60'000)));
    const auto making = counter.making();
    CHECK(making.common.size() <= 50'000);
    CHECK(making.common.size() > 40'000);
    CHECK(making.common.share("elephant") > 0.9);
}

TEST_CASE_METHOD(Fixture, "lists hold no more of a title and a section than can be shown") {
    std::vector<Draft> drafts;
    for (int i = 0; i < 3; ++i)
        drafts.push_back({std::to_string(i), repeated("&\u00e9", 1 << 20), "body",
                          "en-" + repeated("x", 100'000), 1000 + i, 1,
                          "s" + repeated("\u0448", 1 << 20)});
    feed.publish(archive, drafts);
    const auto page = search("");
    REQUIRE(page.hits.size() == 3);
    for (const auto& hit : page.hits) {
        CHECK(hit.title.size() < 2000);
        CHECK(hit.title.ends_with("…"));
        CHECK(is_text(hit.title));
        CHECK(hit.section.size() < 2000);
        CHECK(is_text(hit.section));
        CHECK(hit.language.empty());
    }
    Query query;
    query.section = page.hits[0].section;
    CHECK(must(reader().search(query)).total == 3);
    CHECK(must(reader().article(feed.id("1").hex())).article.title().size() == (1 << 20) - 1);
    must(archive.check_integrity());
}

TEST_CASE_METHOD(Fixture, "what fits comes whole into lists") {
    feed.publish(archive, {{"1", repeated("Title ", 480), "body", "zh-Hant-TW", 1000, 1, "Sport"}});
    const auto hit = search("").hits.at(0);
    CHECK(hit.title.size() == 479);
    CHECK(hit.language == "zh-Hant-TW");
    CHECK(hit.section == "Sport");
}

TEST_CASE_METHOD(Fixture, "of a feed with a section for each article some are listed") {
    TestFeed other(folder.path(), "Herald");
    must(archive.save_feed(other.record));
    std::vector<Draft> drafts;
    for (int i = 0; i < 3000; ++i)
        drafts.push_back({std::to_string(i), "T", "b", "en", 1000 + i, 1,
                          i % 3 == 0 ? "Sport" : "Own " + std::to_string(i)});
    feed.publish(archive, drafts);
    other.publish(archive, {{"1", "T", "b", "en", 1000, 1, "Weather"}});
    const auto sections = must(reader().sections());
    CHECK(sections.size() < 500);
    REQUIRE(!sections.empty());
    CHECK(sections.front().name == "Sport");
    CHECK(sections.front().articles == 1000);
    CHECK(sections.back().name == "Weather");
}

TEST_CASE_METHOD(Fixture, "an article of more words than SQLite takes is known by the first of them, and keeps nothing from the index") {
    // Each is some 280 bytes when it is folded, in the title and so twice.
    std::string title = "elephant ";
    for (int i = 0; title.size() + 100 < limits::article; ++i)
        title += std::to_string(i) + repeated("\uFDFA", 9 * 3) + " ";
    feed.publish(archive, {{"1", "Before", "zebra"}, {"2", title, "", "ar"}, {"3", "After", "zebra"}});
    CHECK(search("elephant").total == 1);
    CHECK(search("zebra").total == 2);
    work_off(archive);
    make_foreign(file);
    archive = must(Archive::open(file));
    work_off(archive);
    CHECK(search("zebra").total == 2);
    CHECK_FALSE(search("zebra").partial);
    CHECK(number(file, "SELECT count(*) FROM indexes") == 1);
    must(archive.check_integrity());
    feed.import(archive, feed.write({feed.retraction("2", 2, "")}));
    CHECK(in_vocabulary(file, "elephant") == 0);
    CHECK(search("zebra").total == 2);
    must(archive.check_integrity());
}

TEST_CASE_METHOD(Fixture, "what cannot be read is removed in steps, too") {
    TestFeed other(folder.path(), "Herald");
    must(archive.save_feed(other.record));
    other.publish(archive, {{"1", "Theirs", "zebra"}});
    std::vector<Draft> drafts;
    for (int i = 0; i < 9000; ++i) drafts.push_back({std::to_string(i), "Quagga", "zebra"});
    const auto name = feed.write(drafts);
    feed.import(archive, name);
    std::filesystem::remove(feed.path(name));
    archive = must(Archive::open(file));
    int steps = 1;
    while (!must(archive.remove_bundle(feed.key(), 1, name))) ++steps;
    CHECK(steps == 2);
    CHECK(in_vocabulary(file, "quagga") == 0);
    CHECK(titles("zebra") == Titles{"Theirs"});
    must(archive.check_integrity());
}

TEST_CASE_METHOD(Fixture, "words that are sought in the index need not be in memory together") {
    TestFeed other(folder.path(), "Herald");
    must(archive.save_feed(other.record));
    other.publish(archive, {{"1", "Theirs", "zebra"}});
    const std::string long_beginning(40, 'w');
    std::vector<Draft> drafts;
    for (unsigned i = 1; i <= 4; ++i)
        drafts.push_back({std::to_string(i), "Quagga", own_words(i, 3'000'000, long_beginning)});
    const auto name = feed.write(drafts);
    feed.import(archive, name);
    REQUIRE(in_vocabulary(file, "quagga") > 0);
    std::filesystem::remove(feed.path(name));
    archive = must(Archive::open(file));
    while (!must(archive.remove_bundle(feed.key(), 1, name))) {}
    const auto id = number(file, "SELECT id FROM indexes WHERE state = 1");
    CHECK(number(file, fmt::format("SELECT count(*) FROM article_words_{} WHERE doc > 1", id)) == 0);
    CHECK(titles("zebra") == Titles{"Theirs"});
    must(archive.check_integrity());
}
