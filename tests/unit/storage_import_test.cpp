#include "core/limits.h"
#include "storage/bodies.h"
#include "storage/database.h"
#include "storage_fixture.h"

using namespace colport;
using namespace colport::testing;

namespace {

std::uint64_t shown(const Fixture& at) { return must(at.reader().feeds()).at(0).articles; }

}  // namespace

TEST_CASE_METHOD(Fixture, "a bundle is imported once") {
    const auto name = feed.write({{"1", "First", "the quick fox"}, {"2", "Second", "a slow bear"}});
    CHECK_FALSE(must(archive.is_imported(feed.key(), 1, name)));
    CHECK(feed.import(archive, name).added == 2);
    CHECK(must(archive.is_imported(feed.key(), 1, name)));
    CHECK_FALSE(must(archive.is_imported(feed.key(), 2, name)));
    CHECK(feed.import(archive, name).added == 0);
    CHECK(titles("fox") == Titles{"First"});
    CHECK(shown(*this) == 2);
    must(archive.check_integrity());
}

TEST_CASE_METHOD(Fixture, "a higher revision replaces, a lower or equal one does not") {
    const auto old = feed.write({{"1", "Old title", "platypus"}});
    const auto corrected =
        feed.write({{.guid = "1", .title = "New title", .body = "wombat", .revision = 2}});
    SECTION("in order") {
        feed.import(archive, old);
        CHECK(feed.import(archive, corrected).replaced == 1);
    }
    SECTION("the other way round") {
        CHECK(feed.import(archive, corrected).added == 1);
        const auto count = feed.import(archive, old);
        CHECK(count.added + count.replaced == 0);
        CHECK(must(archive.is_imported(feed.key(), 1, old)));
    }
    CHECK(titles("platypus").empty());
    CHECK(titles("old").empty());
    CHECK(titles("wombat") == Titles{"New title"});
    CHECK(shown(*this) == 1);
    feed.publish(archive, {{.guid = "1", .title = "Other", .body = "koala", .revision = 2}});
    CHECK(titles("koala").empty());
    CHECK(must(reader().article(feed.id("1").hex())).article.revision() == 2);
    must(archive.check_integrity());
}

TEST_CASE_METHOD(Fixture, "of two revisions in one bundle the higher counts") {
    CHECK(feed.publish(archive, {{.guid = "1", .title = "A", .body = "later", .revision = 3},
                                 {.guid = "1", .title = "B", .body = "early", .revision = 2}})
              .added == 1);
    CHECK(titles("") == Titles{"A"});
    must(archive.check_integrity());
}

TEST_CASE_METHOD(Fixture, "a retraction hides an article, whichever arrives first") {
    const auto article = feed.write({{"1", "Secret", "source named"}, {"2", "Other", "harmless"}});
    const auto retraction = feed.write({feed.retraction("1", 2, "names a source")});
    if (GENERATE(true, false)) {
        feed.import(archive, article);
        CHECK(feed.import(archive, retraction).retracted == 1);
    } else {
        CHECK(feed.import(archive, retraction).retracted == 1);
        CHECK(feed.import(archive, article).added == 1);
    }
    CHECK(titles("source").empty());
    CHECK(titles("") == Titles{"Other"});
    CHECK(shown(*this) == 1);
    auto gone = reader().article(feed.id("1").hex());
    REQUIRE_FALSE(gone);
    CHECK(gone.error().code == Errc::not_found);
    CHECK(gone.error().message.find("retracted by its publisher: names a source") !=
          std::string::npos);
    must(archive.check_integrity());

    SECTION("and a higher revision brings it back") {
        feed.publish(archive, {{.guid = "1", .title = "Back", .body = "safe", .revision = 3}});
        CHECK(titles("safe") == Titles{"Back"});
        CHECK(shown(*this) == 2);
        must(archive.check_integrity());
    }
}

TEST_CASE_METHOD(Fixture, "one bad article keeps the whole bundle out") {
    auto bad = feed.article({"2", "Bad", "text"});
    bad.set_url("javascript:alert(1)");
    const auto name = feed.write({feed.article({"1", "Good", "fine"}), bad});
    const auto result = feed.try_import(archive, name);
    REQUIRE_FALSE(result);
    CHECK(result.error().code == Errc::corrupt);
    CHECK_FALSE(must(archive.is_imported(feed.key(), 1, name)));
    CHECK(titles("").empty());
    CHECK(shown(*this) == 0);
    must(archive.check_integrity());
    CHECK(feed.publish(archive, {{"3", "Next", "works"}}).added == 1);
    CHECK(titles("works") == Titles{"Next"});
}

TEST_CASE_METHOD(Fixture, "a bad article keeps out what it would have replaced by") {
    feed.publish(archive, {{"1", "Kept", "original words"}});
    auto bad = feed.article({"9", "Bad", "text"});
    bad.set_zone(100'000);
    const auto name = feed.write(
        {feed.article({.guid = "1", .title = "New", .body = "changed", .revision = 2}), bad});
    REQUIRE_FALSE(feed.try_import(archive, name));
    CHECK(titles("original") == Titles{"Kept"});
    CHECK(titles("changed").empty());
    must(archive.check_integrity());
}

TEST_CASE_METHOD(Fixture, "an article is replaced although its old bundle cannot be read") {
    const auto old = feed.write({{"1", "Plain title", "İstanbul's Straße, naïve café: ﬁve Ǆ 新闻 "
                                                      "نمی‌خواهم don't don't"},
                                 {"2", "Untouched", "remains here"}});
    feed.import(archive, old);
    feed.publish(archive, {{"3", "Elsewhere", "naïve remains"}});
    archive = must(Archive::open(file));  // without open bundles
    SECTION("because it is gone") { std::filesystem::remove(feed.path(old)); }
    SECTION("because it is damaged") { damage(feed.path(old)); }
    const auto count = feed.publish(
        archive, {{.guid = "1", .title = "Second", .body = "replacement", .revision = 2}});
    CHECK(count.replaced == 1);
    CHECK(titles("replacement") == Titles{"Second"});
    for (const char* word : {"istanbul", "strasse", "straße", "cafe", "plain", "don't", "نمی"})
        CHECK(titles(word).empty());
    CHECK(titles("naive") == Titles{"Elsewhere"});
    CHECK(titles("remains").size() == 2);

    // The same revision again, as a publisher reissues a bundle, heals the rest.
    CHECK(feed.publish(archive, {{"2", "Untouched", "remains here"}}).added == 0);
    if (!std::filesystem::exists(feed.path(old))) {
        must(archive.check_integrity());
        CHECK(must(reader().article(feed.id("2").hex())).article.title() == "Untouched");
    }
}

TEST_CASE_METHOD(Fixture, "an article is retracted although its old bundle cannot be read") {
    const auto old = feed.write({{"1", "Secret", "named named source"}});
    feed.import(archive, old);
    archive = must(Archive::open(file));
    std::filesystem::remove(feed.path(old));
    CHECK(feed.import(archive, feed.write({feed.retraction("1", 2, "")})).retracted == 1);
    CHECK(titles("named").empty());
    must(archive.check_integrity());
}

TEST_CASE_METHOD(Fixture, "a retraction whose bundle is gone is not undone by its own revision") {
    const auto retraction = feed.write({feed.retraction("1", 2, "")});
    feed.import(archive, retraction);
    archive = must(Archive::open(file));
    std::filesystem::remove(feed.path(retraction));
    feed.publish(archive, {{.guid = "1", .title = "Back", .body = "text", .revision = 2}});
    CHECK(titles("").empty());
    CHECK(reader().article(feed.id("1").hex()).error().code == Errc::not_found);
    must(archive.check_integrity());
}

TEST_CASE_METHOD(Fixture, "a bundle needs a feed that is followed and its own") {
    TestFeed other(folder.path(), "Stranger");
    const auto name = other.write({{"1", "A", "b"}});
    auto unknown = other.try_import(archive, name);
    REQUIRE_FALSE(unknown);
    CHECK(unknown.error().code == Errc::not_found);

    const auto mine = must(read_file(feed.path(feed.write({{"1", "A", "b"}})), 1 << 20));
    const auto keyring = must(Keyring::verify(feed.record.keyring, feed.key()));
    must(archive.save_feed(other.record));
    auto foreign = archive.import_bundle(other.key(), 1, "x.articles.zst",
                                         must(BundleReader::open(mine, keyring)), nullptr);
    REQUIRE_FALSE(foreign);
    CHECK(foreign.error().code == Errc::forged);
}

TEST_CASE_METHOD(Fixture, "articles of a bundle with a dictionary are found and read") {
    std::vector<std::string> samples;
    std::vector<pb::Article> articles;
    for (int i = 0; i < 400; ++i) {
        const auto n = std::to_string(i * 7919);
        Draft draft{n, "Report " + n, "The ministry of truth " + n + " announced on day " + n +
                                          " that freedom of the press " + n + " is over"};
        articles.push_back(feed.article(draft));
        samples.push_back(articles.back().SerializeAsString());
    }
    const auto bytes = must(Dictionary::train(samples, 4096));
    const auto dictionary = must(Dictionary::load(bytes));
    const auto name = feed.write(articles, dictionary);

    auto without = feed.try_import(archive, name);
    REQUIRE_FALSE(without);
    CHECK(without.error().code == Errc::invalid);
    CHECK(feed.import(archive, name, dictionary.get()).added == 400);

    // Without its dictionary a body cannot be read, and nothing else suffers.
    auto page = search("7919");
    REQUIRE(page.hits.size() == 1);
    CHECK(page.hits[0].snippet.empty());
    CHECK_FALSE(reader().article(page.hits[0].id.hex()));

    SECTION("found in its volume, packed or not") {
        must(write_file(feed.path(volume_file_name(1, 1, FileKind::dictionary)), bytes));
    }
    SECTION("found among the files held") {
        must(make_directory(feed.record.directory / "volumes" / "0002"));
        must(write_file(feed.record.directory / "volumes/0002/x.dict", bytes));
        must(archive.save_held_file(feed.key(),
                                    {2, "x.dict", bytes.size(), 0, dictionary->hash()}));
    }
    page = search("7919");
    REQUIRE(page.hits.size() == 1);
    CHECK(page.hits[0].snippet.find('\x02') != std::string::npos);
    CHECK(must(reader().article(page.hits[0].id.hex())).article.title() == "Report 7919");
    must(archive.check_integrity());
}

TEST_CASE_METHOD(Fixture, "dictionaries of many bundles take no more memory than a few") {
    std::vector<std::string> samples;
    for (int i = 0; i < 400; ++i) {
        const auto n = std::to_string(i * 7919);
        samples.push_back("The ministry " + n + " announced on day " + n + " that it is over");
    }
    // A small file each, and large once it is unpacked.
    const auto trained = must(Dictionary::train(samples, 4096)) + std::string(3 << 19, 'x');
    for (int i = 1; i <= 12; ++i) {
        const auto n = std::to_string(i);
        const auto packed = Dictionary::pack(trained + n);
        const auto dictionary = must(Dictionary::load(packed));
        const auto name = feed.write({feed.article({n, "Report " + n, "A ministry " + n})},
                                     dictionary);
        must(write_file(feed.path(volume_file_name(static_cast<std::uint64_t>(i), 3,
                                                   FileKind::dictionary)),
                        packed));
        feed.import(archive, name, dictionary.get());
    }
    auto database = must(Database::open(file, Database::Mode::read_only));
    auto rows = must(database.prepare("SELECT bundle, entry, place FROM articles"));
    Bodies bodies(database);
    const bool by_place = GENERATE(true, false);
    int read = 0;
    for (int round = 0; round < 2; ++round, rows.reset())
        while (must(rows.step())) {
            const auto before = bodies.dictionary_work();
            must(bodies.article(rows.integer(0), rows.integer(1),
                                by_place ? rows.blob(2) : Bytes()));
            CHECK(bodies.dictionary_work() > before);
            // Of 1.5 MiB each, with its tables.
            CHECK(bodies.dictionary_memory() <= 8 * limits::mib);
            ++read;
        }
    CHECK(read == 24);
    CHECK(bodies.dictionary_memory() > 4 * limits::mib);
}

TEST_CASE_METHOD(Fixture, "a check notices an index that is not what the bundles say") {
    const auto name = feed.write({{"1", "Title", "original words"}});
    feed.import(archive, name);
    const auto other = feed.write({{"1", "Title", "other words altogether"}});
    std::filesystem::rename(feed.path(other), feed.path(name));
    archive = must(Archive::open(file));
    auto checked = archive.check_integrity();
    REQUIRE_FALSE(checked);
    CHECK(checked.error().code == Errc::corrupt);
    std::filesystem::remove(feed.path(name));
    archive = must(Archive::open(file));
    checked = archive.check_integrity();
    REQUIRE_FALSE(checked);
    CHECK(checked.error().code == Errc::io);
    CHECK(checked.error().message.find(name) != std::string::npos);
}
