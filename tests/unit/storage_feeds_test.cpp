#include "storage/database.h"
#include "storage_fixture.h"

using namespace colport;
using namespace colport::testing;

namespace {

/// Does the text stand anywhere in the archive's files, free space included?
bool mentions(const std::filesystem::path& file, const std::string& text) {
    for (const auto& part : {file, std::filesystem::path(file.string() + "-wal")})
        if (must(read_file(part, std::size_t{64} << 20)).find(text) != std::string::npos)
            return true;
    return false;
}

}  // namespace

TEST_CASE_METHOD(Fixture, "a feed's record comes back as it was saved") {
    auto record = feed.record;
    record.directory = std::string("/media/\xff stick");
    record.in_place = true;
    record.link = "magnet:?x";
    record.seen_seq = UINT64_MAX;
    record.head = std::string("\0head", 5);
    record.pending_head = "pending";
    record.shelf = "shelf";
    record.fork_head = "fork";
    record.fork_keyring = "other keyring";
    record.updated = -5;
    must(archive.save_feed(record));
    archive = must(Archive::open(file));
    const auto feeds = must(archive.feeds());
    REQUIRE(feeds.size() == 1);
    const auto& held = feeds[0];
    CHECK(held.feed == record.feed);
    CHECK(held.name == record.name);
    CHECK(held.directory == record.directory);
    CHECK(held.in_place);
    CHECK(held.link == record.link);
    CHECK(held.seen_seq == UINT64_MAX);
    CHECK(held.keyring == record.keyring);
    CHECK(held.head == record.head);
    CHECK(held.pending_head == record.pending_head);
    CHECK(held.shelf == record.shelf);
    CHECK(held.fork_head == record.fork_head);
    CHECK(held.fork_keyring == record.fork_keyring);
    CHECK(held.updated == -5);
    const auto summary = must(reader().feeds()).at(0);
    CHECK(summary.seen_seq == UINT64_MAX);
    CHECK(summary.fetching);
    CHECK(summary.forked);
    CHECK(summary.directory == record.directory);
}

TEST_CASE_METHOD(Fixture, "the highest seq ever seen goes down with a new keyring alone") {
    auto record = feed.record;
    for (const std::uint64_t seq : {std::uint64_t{7}, std::uint64_t{3}, std::uint64_t{1} << 63,
                                    std::uint64_t{8}}) {
        record.seen_seq = seq;
        must(archive.save_feed(record));
    }
    CHECK(must(archive.feeds()).at(0).seen_seq == std::uint64_t{1} << 63);
    record.keyring += "newer";
    must(archive.save_feed(record));
    CHECK(must(archive.feeds()).at(0).seen_seq == 8);
}

TEST_CASE_METHOD(Fixture, "what a bundle that is gone stood in the place of can be taken in again") {
    const auto name = feed.write({{"1", "A", "first"}, {"2", "B", "second"}});
    feed.import(archive, name);
    Draft forged{"1", "Forged", "forged"};
    forged.revision = 9;
    const auto other = feed.write({forged});
    feed.import(archive, other);
    REQUIRE(search("first").total == 0);
    must(archive.import_again(feed.key()));
    CHECK(search("second").total == 1);
    CHECK(search("forged").total == 1);
    while (!must(archive.remove_bundle(feed.key(), 1, other))) {}
    CHECK(search("first").total == 0);
    CHECK(feed.import(archive, name).added == 1);
    CHECK(search("first").total == 1);
    CHECK(search("forged").total == 0);
    CHECK(must(reader().search({})).total == 2);
    must(archive.check_integrity());
}

TEST_CASE_METHOD(Fixture, "what goes lets what it stood in the place of be taken in, from its first step on") {
    const auto name = feed.write({{"1", "A", "first"}});
    feed.import(archive, name);
    std::vector<Draft> drafts;
    for (int i = 1; i <= 120; ++i) drafts.push_back({std::to_string(i), "Mine", "common"});
    SECTION("only where there can be something") {
        const auto other = feed.write(drafts);
        feed.import(archive, other);
        while (!must(archive.remove_bundle(feed.key(), 1, other, Archive::Beneath::comes_back))) {}
        CHECK(must(archive.is_imported(feed.key(), 1, name)));
    }
    for (auto& draft : drafts) draft.revision = 9;
    const auto other = feed.write(drafts);
    feed.import(archive, other);
    SECTION("only where it is wished") {
        while (!must(archive.remove_bundle(feed.key(), 1, other))) {}
        CHECK(must(archive.is_imported(feed.key(), 1, name)));
    }
    SECTION("whenever the process ends") {
        REQUIRE_FALSE(must(archive.remove_bundle(feed.key(), 1, other, Archive::Beneath::comes_back)));
        CHECK_FALSE(must(archive.is_imported(feed.key(), 1, name)));
        while (!must(archive.remove_bundle(feed.key(), 1, other, Archive::Beneath::comes_back))) {}
        CHECK(feed.import(archive, name).added == 1);
        CHECK(search("first").total == 1);
        CHECK(search("common").total == 0);
    }
    must(archive.check_integrity());
}

TEST_CASE_METHOD(Fixture, "a bundle that is taken in again and brings nothing is not unpacked") {
    const auto name = feed.write({{"1", "A", "first"}, {"2", "B", "second"}});
    feed.import(archive, name);
    Draft corrected{"2", "Corrected", "third"};
    corrected.revision = 2;
    const auto other = feed.write({corrected});
    feed.import(archive, other);
    must(archive.import_again(feed.key()));
    damage(feed.path(name));
    CHECK(feed.import(archive, name).added == 0);
    CHECK(must(archive.is_imported(feed.key(), 1, name)));
    // Where it does bring something, all of it has to be good.
    while (!must(archive.remove_bundle(feed.key(), 1, other, Archive::Beneath::comes_back))) {}
    CHECK(feed.try_import(archive, name).error().code == Errc::corrupt);
    CHECK_FALSE(must(archive.is_imported(feed.key(), 1, name)));
}

TEST_CASE_METHOD(Fixture, "memories are found by how they begin, and leave nothing") {
    must(archive.remember("one a", "1"));
    must(archive.remember("one b", "2"));
    must(archive.remember("only", "3"));
    must(archive.remember("one a", ""));
    CHECK(must(archive.recall("one a")).empty());
    CHECK(must(archive.recall_all("one ")) == std::map<std::string, std::string>{{"one b", "2"}});
}

TEST_CASE_METHOD(Fixture, "what a removed bundle said leaves the log too, though somebody reads meanwhile") {
    const auto name = feed.write({{"1", "Zolotarenko", "words"}});
    feed.import(archive, name);
    while (must(archive.work())) {}
    REQUIRE(mentions(file, "Zolotarenko"));
    {
        auto other = must(Database::open(file, Database::Mode::read_only));
        auto snapshot = must(Transaction::begin(other));
        auto row = must(other.prepare("SELECT count(*) FROM articles"));
        must(row.step());
        REQUIRE(must(archive.remove_bundle(feed.key(), 1, name)));
        while (must(archive.work())) {}
        CHECK(mentions(file, "Zolotarenko"));
    }
    while (must(archive.work())) {}
    CHECK_FALSE(mentions(file, "Zolotarenko"));
}

TEST_CASE_METHOD(Fixture, "saving a feed again keeps its articles and files") {
    feed.publish(archive, {{"1", "A", "b"}});
    must(archive.save_held_file(feed.key(), {1, "f", 1, 2, {}}));
    feed.record.name = "Renamed";
    must(archive.save_feed(feed.record));
    CHECK(search("b").hits.at(0).feed_name == "Renamed");
    CHECK(must(archive.held_files(feed.key())).size() == 1);
    CHECK(must(reader().feeds()).at(0).articles == 1);
}

TEST_CASE_METHOD(Fixture, "held files keep all their bits") {
    const Sha256 hash = sha256("x");
    must(archive.save_held_file(feed.key(), {UINT32_MAX, "b", UINT64_MAX, INT64_MIN, hash}));
    must(archive.save_held_file(feed.key(), {1, "a", 5, 6, hash}));
    must(archive.save_held_file(feed.key(), {1, "a", 7, 8, hash}));
    auto held = must(archive.held_files(feed.key()));
    REQUIRE(held.size() == 2);
    CHECK(held[0].size == 7);
    CHECK(held[1].volume == UINT32_MAX);
    CHECK(held[1].size == UINT64_MAX);
    CHECK(held[1].modified == INT64_MIN);
    CHECK(held[1].sha256 == hash);
    must(archive.remove_held_file(feed.key(), 1, "a"));
    must(archive.remove_held_file(feed.key(), 1, "never there"));
    held = must(archive.held_files(feed.key()));
    CHECK(held.size() == 1);
    CHECK_FALSE(archive.save_held_file(PublicKey{}, {1, "a", 5, 6, hash}));
}

TEST_CASE_METHOD(Fixture, "a removed feed is gone from lists, index and disk") {
    TestFeed other(folder.path(), "Herald");
    const auto fill = [&] {
        feed.publish(archive, {{"1", "Mine", "common xylophone"}});
        must(archive.save_held_file(feed.key(), {1, "f", 1, 2, {}}));
    };
    SECTION("the only one") {
        fill();
        CHECK(mentions(file, "xylophon"));
        must(archive.remove_feed(feed.key()));
        CHECK(titles("").empty());
        CHECK_FALSE(mentions(file, "xylophon"));
        CHECK_FALSE(mentions(file, "Mine"));
    }
    SECTION("one of two") {
        must(archive.save_feed(other.record));
        fill();
        other.publish(archive, {{"1", "Theirs", "common viola"}});
        must(archive.remove_feed(feed.key()));
        CHECK(titles("common") == Titles{"Theirs"});
        CHECK(titles("xylophone").empty());
        CHECK_FALSE(mentions(file, "xylophon"));
        CHECK_FALSE(mentions(file, "Mine"));
    }
    SECTION("one of two, its files gone already") {
        must(archive.save_feed(other.record));
        fill();
        other.publish(archive, {{"1", "Theirs", "common viola"}});
        archive = must(Archive::open(file));
        std::filesystem::remove_all(feed.record.directory);
        must(archive.remove_feed(feed.key()));
        CHECK(titles("common") == Titles{"Theirs"});
    }
    must(archive.check_integrity());
    CHECK(must(archive.held_files(feed.key())).empty());
    auto again = archive.remove_feed(feed.key());
    REQUIRE_FALSE(again);
    CHECK(again.error().code == Errc::not_found);
}

TEST_CASE_METHOD(Fixture, "a feed can be followed again under the eyes of a reader") {
    auto eyes = reader();
    feed.publish(archive, {{"1", "First", "alpha"}});
    Query query;
    query.words = "alpha";
    CHECK(must(eyes.search(query)).hits.at(0).snippet == "\x02" "alpha\x03");
    must(archive.remove_feed(feed.key()));
    CHECK(must(eyes.search(query)).total == 0);
    must(archive.save_feed(feed.record));
    feed.publish(archive, {{"2", "Second", "alpha beta"}});
    CHECK(must(eyes.search(query)).hits.at(0).snippet == "\x02" "alpha\x03 beta");
    must(archive.check_integrity());
}

TEST_CASE_METHOD(Fixture, "a large feed is removed in steps, wherever they are broken off") {
    TestFeed other(folder.path(), "Herald");
    must(archive.save_feed(other.record));
    other.publish(archive, {{"1", "Theirs", "common viola"}});
    std::vector<Draft> drafts;
    for (int i = 0; i < 330; ++i)
        drafts.push_back({std::to_string(i), "Mine " + std::to_string(i), "common xylophone"});
    feed.publish(archive, drafts);
    must(archive.remember("kept from " + feed.key().hex(), "1"));
    REQUIRE(must(reader().search({.words = "xylophone"})).total == 330);

    int steps = 1;
    std::uint64_t left = 330;
    while (!must(archive.remove_some_of_feed(feed.key()))) {
        const auto now = must(reader().search({.words = "xylophone"})).total;
        CHECK(left - now <= 50);
        left = now;
        must(archive.check_integrity());
        if (++steps % 3 == 0) archive = must(Archive::open(file));
    }
    CHECK(steps >= 7);
    while (must(archive.work())) {}
    CHECK(titles("common") == Titles{"Theirs"});
    CHECK_FALSE(mentions(file, "xylophon"));
    CHECK_FALSE(mentions(file, "Mine"));
    CHECK(must(archive.recall("kept from " + feed.key().hex())).empty());
    must(archive.check_integrity());
    CHECK_FALSE(archive.remove_some_of_feed(feed.key()));
}

TEST_CASE_METHOD(Fixture, "a bundle whose removal was broken off comes back whole") {
    std::vector<Draft> drafts;
    for (int i = 0; i < 120; ++i)
        drafts.push_back({std::to_string(i), "Mine " + std::to_string(i), "common xylophone"});
    const auto name = feed.write(drafts);
    feed.import(archive, name);
    CHECK_FALSE(must(archive.remove_bundle(feed.key(), 1, name)));
    CHECK(must(reader().search({.words = "xylophone"})).total == 70);
    CHECK_FALSE(must(archive.is_imported(feed.key(), 1, name)));
    archive = must(Archive::open(file));
    feed.import(archive, name);
    CHECK(must(reader().search({.words = "xylophone"})).total == 120);
    must(archive.check_integrity());
    int steps = 1;
    while (!must(archive.remove_bundle(feed.key(), 1, name))) ++steps;
    CHECK(steps == 3);
    CHECK(must(reader().search({.words = "xylophone"})).total == 0);
    CHECK(must(archive.bundles(feed.key(), 1)).empty());
    must(archive.check_integrity());
}

TEST_CASE_METHOD(Fixture, "an import that is to stop stops between two pieces") {
    std::vector<Draft> drafts;
    for (int i = 0; i < 1100; ++i) drafts.push_back({std::to_string(i), "Mine", "xylophone"});
    const auto name = feed.write(drafts);
    const auto bytes = must(read_file(feed.path(name), std::size_t{64} << 20));
    const auto keyring = must(Keyring::verify(feed.record.keyring, feed.key()));
    const auto bundle = must(BundleReader::open(bytes, keyring));
    int asked = 0;
    const auto stopped = archive.import_bundle(feed.key(), 1, name, bundle, nullptr,
                                               [&] { return ++asked < 2; });
    REQUIRE_FALSE(stopped);
    CHECK(stopped.error().code == Errc::locked);
    CHECK_FALSE(must(archive.is_imported(feed.key(), 1, name)));
    feed.import(archive, name);
    CHECK(must(reader().search({.words = "xylophone"})).total == 1100);
}

TEST_CASE_METHOD(Fixture, "of the last feed that is removed in steps the index keeps nothing") {
    std::vector<Draft> drafts;
    for (int i = 0; i < 60; ++i)
        drafts.push_back({std::to_string(i), "Mine " + std::to_string(i), "common xylophone"});
    feed.publish(archive, drafts);
    while (!must(archive.remove_some_of_feed(feed.key()))) {}
    auto database = must(Database::open(file, Database::Mode::read_only));
    auto indexes = must(database.prepare("SELECT articles, length(common) FROM indexes"));
    while (must(indexes.step())) {
        CHECK(indexes.integer(0) == 0);
        CHECK(indexes.integer(1) == 0);
    }
    must(archive.check_integrity());
    while (must(archive.work())) {}
    CHECK_FALSE(mentions(file, "xylophon"));
    TestFeed other(folder.path(), "Herald");
    must(archive.save_feed(other.record));
    other.publish(archive, {{"1", "Theirs", "common viola"}});
    CHECK(titles("common") == Titles{"Theirs"});
    must(archive.check_integrity());
}

TEST_CASE_METHOD(Fixture, "peers that were met by a clock that was ahead do not stay for ever") {
    const std::int64_t now = 1'000'000;
    for (std::size_t i = 0; i < Archive::most_known_peers; ++i)
        must(archive.remember_peer(feed.key(), "early:" + std::to_string(i), now + 100'000));
    must(archive.remember_peer(feed.key(), "met now:1", now));
    const auto known = must(archive.known_peers(feed.key()));
    CHECK(known.size() == Archive::most_known_peers);
    CHECK(known.front() == "met now:1");
}
