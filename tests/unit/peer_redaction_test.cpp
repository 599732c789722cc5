#include <algorithm>
#include <catch2/catch.hpp>

#include "storage/database.h"
#include "support/readers_fixture.h"

using namespace colport;
using namespace colport::test;

namespace {

constexpr const char* logs[] = {"", "-wal"};

}  // namespace

TEST_CASE_METHOD(Readers, "a redaction reaches a sealed volume: one file is fetched, the old one goes",
                 "[peer][redaction]") {
    const auto one = reader("one");
    REQUIRE(has_article(*one));
    REQUIRE(finds(*one, secret));
    network.fetch_order.clear();
    newsroom.redact(id);
    REQUIRE(one->reaches(5, 20));
    CHECK(one->comes_true([&] { return is_clean(*one); }));
    CHECK(one->articles() == 3);
    CHECK(seed.comes_true([&] { return !has_article(seed) && !finds(seed, secret); }));
    std::set<std::string> fetched(network.fetch_order.begin(), network.fetch_order.end());
    CHECK(fetched.size() == 2);
    CHECK(one->feed().problem.empty());

    SECTION("no trace is left in the archive's file") {
        // While the daemon runs, in its log too: closing the archive empties that.
        REQUIRE(one->comes_true([&] {
            const auto archive = DataDirectory{one->data}.archive().string();
            return std::none_of(std::begin(logs), std::end(logs), [&](const char* end) {
                const auto bytes = read_file(archive + end, limits::bundle);
                return bytes && (bytes->find("zolotarenk") != std::string::npos ||
                                 bytes->find(secret) != std::string::npos);
            });
        }));
        one->peer.reset();
        {
            auto archive = Archive::open(DataDirectory{one->data}.archive());
            REQUIRE(archive);
            while (*archive->work()) {}
            CHECK(archive->check_integrity());
        }
        for (const auto& entry : fs::recursive_directory_iterator(one->data)) {
            if (!entry.is_regular_file()) continue;
            const auto bytes = read_file(entry.path(), limits::bundle);
            REQUIRE(bytes);
            INFO(entry.path());
            for (const char* word : {"Zolotarenk", "zolotarenk", "About Z"})
                CHECK(bytes->find(word) == std::string::npos);
            CHECK(bytes->find(id.str()) == std::string::npos);
        }
    }
    SECTION("a restart changes nothing") {
        one->peer.reset();
        one->start();
        REQUIRE(one->reaches(5));
        CHECK(is_clean(*one));
    }
    SECTION("a newcomer never meets it") {
        TestPeer other(folder.path / "other", "other:1", network);
        REQUIRE(other.peer->follow(newsroom.link("one:1")));
        REQUIRE(other.reaches(5, 20));
        CHECK(other.comes_true([&] { return is_clean(other); }));
    }
    SECTION("the feed goes on") {
        newsroom.release("Afterwards");
        REQUIRE(one->reaches(6, 20));
        CHECK(one->articles() == 4);
        CHECK(is_clean(*one));
    }
}

TEST_CASE_METHOD(Readers, "who was away at a redaction loses the article when he is back, from whomever he hears",
                 "[peer][redaction]") {
    const auto one = reader("one"), away = reader("away");
    away->peer.reset();
    newsroom.redact(id);
    REQUIRE(one->reaches(5, 20));
    REQUIRE(one->comes_true([&] { return is_clean(*one); }));
    seed.peer.reset();
    away->start();
    REQUIRE(away->peer->follow(newsroom.link("one:1")));
    REQUIRE(away->reaches(5, 20));
    CHECK(away->comes_true([&] { return is_clean(*away); }));
}

TEST_CASE_METHOD(Readers, "a stick with the old file does not bring a redacted article back", "[peer][redaction]") {
    const auto one = reader("one");
    const auto stick = folder.path / "stick";
    fs::copy(newsroom.workshop.feed().root, stick, fs::copy_options::recursive);
    newsroom.redact(id);
    REQUIRE(one->reaches(5, 20));
    REQUIRE(one->comes_true([&] { return is_clean(*one); }));
    REQUIRE(one->peer->import(stick));
    CHECK(one->comes_true([&] { return !one->feed().importing; }));
    CHECK(is_clean(*one));
    // Nor do bytes that somebody puts where they lay.
    one->peer.reset();
    fs::copy(FeedDirectory{stick}.volume(1), FeedDirectory{files_of(*one)}.volume(1),
             fs::copy_options::skip_existing);
    one->start();
    REQUIRE(one->reaches(5));
    CHECK(one->comes_true([&] { return is_clean(*one); }));
}

TEST_CASE_METHOD(Readers, "volumes that are not wanted any more are redacted too", "[peer][redaction]") {
    const auto one = reader("one");
    auto wanted = one->settings;
    wanted.history_days = 0;
    REQUIRE(one->peer->reload(wanted));
    newsroom.redact(id);
    CHECK(one->comes_true([&] { return is_clean(*one); }, 20));
}

TEST_CASE_METHOD(Readers, "a full disk keeps nothing that is to vanish", "[peer][redaction]") {
    const auto one = reader("one");
    auto wanted = one->settings;
    wanted.disk_reserve = std::uint64_t{1} << 60;
    REQUIRE(one->peer->reload(wanted));
    REQUIRE(one->comes_true([&] { return one->peer->status().disk.full; }));
    newsroom.redact(id);
    CHECK(one->comes_true([&] { return !has_article(*one) && !finds(*one, secret); }, 20));
    CHECK(one->comes_true([&] { return volume(*one, 1) == std::set<std::string>{"00000001-000.articles.zst"}; }));
    wanted.disk_reserve = 0;
    REQUIRE(one->peer->reload(wanted));
    CHECK(one->reaches(5, 20));
    CHECK(one->comes_true([&] { return is_clean(*one); }));
}

TEST_CASE_METHOD(Readers, "under a quota the volume of a redacted article may be gone already", "[peer][redaction]") {
    PeerSettings settings;
    settings.quota.all = 1;
    const auto one = reader("one", settings);
    REQUIRE(one->comes_true([&] { return volume(*one, 1).empty(); }));
    newsroom.redact(id);
    REQUIRE(one->reaches(5, 20));
    CHECK(volume(*one, 1).empty());
    CHECK_FALSE(has_article(*one));
    CHECK(one->feed().problem.empty());
}

TEST_CASE_METHOD(Readers, "readers without pictures are redacted of text alone", "[peer][redaction]") {
    PeerSettings settings;
    settings.pictures = FetchPictures::never;
    const auto one = reader("one", settings);
    newsroom.redact(id);
    REQUIRE(one->reaches(5, 20));
    CHECK(one->comes_true([&] { return !has_article(*one) && !finds(*one, secret); }));
    CHECK(volume(*one, 1) == std::set<std::string>{"00000001-000.articles.zst",
                                                   "00000002-000.00000005.articles.zst"});
}

TEST_CASE_METHOD(Readers, "a redaction with a reason shows it in the article's place", "[peer][redaction]") {
    const auto one = reader("one");
    newsroom.redact(id, {.reason = "For somebody's safety."});
    REQUIRE(one->reaches(5, 20));
    CHECK(one->comes_true([&] { return !finds(*one, secret); }));
    auto archive = ArchiveReader::open(DataDirectory{one->data}.archive());
    REQUIRE(archive);
    const auto told = archive->retraction(id.hex());
    REQUIRE(told);
    REQUIRE(*told);
    CHECK((*told)->note == "For somebody's safety.");
}

TEST_CASE_METHOD(Readers, "what vanished before all of a release was here does not come back by an older list",
                 "[peer][redaction]") {
    const auto one = reader("one"), old = reader("old");
    old->peer.reset();
    withhold_list_of(3);
    newsroom.redact(id);
    const auto list = FeedDirectory{files_of(*one)}.torrent(1);
    REQUIRE(one->comes_true([&] {
        const auto bytes = read_file(list, limits::torrent_file);
        return bytes && bytes->find("00000002-000.00000005.articles.zst") != std::string::npos;
    }));
    // It may note only now since when.
    REQUIRE(one->comes_true([&] {
        *one->now += 600;
        return !has_article(*one);
    }));
    REQUIRE(one->feed().seq == 4);
    one->peer.reset();
    seed.peer.reset();
    let_pass();
    network.forget_fetches();
    // A peer that was away gives what it has, and so does a stick of before.
    old->start();
    one->start();
    REQUIRE(one->peer->follow(newsroom.link("old:1")));
    REQUIRE(one->comes_true([&] { return one->feed().peers == 1; }));
    CHECK_FALSE(one->comes_true([&] { return has_article(*one); }, 3));
    CHECK_FALSE(was_fetched("one:1 00000002-000.articles.zst"));
    seed.start();
    REQUIRE(one->peer->follow(newsroom.link("seed:1")));
    CHECK(one->reaches(5, 40));
    CHECK(is_clean(*one));
}

TEST_CASE_METHOD(Readers, "an hour after it was to vanish an article goes, though the list of a later release is "
                          "out of reach", "[peer][redaction]") {
    const auto one = reader("one");
    network.withhold_files({"00000002-000.00000005.articles.zst"});
    withhold_list_of(3);
    newsroom.redact(id);
    const auto list = FeedDirectory{files_of(*one)}.torrent(1);
    REQUIRE(one->comes_true([&] {
        const auto bytes = read_file(list, limits::torrent_file);
        return bytes && bytes->find("00000002-000.00000005.articles.zst") != std::string::npos;
    }));
    std::this_thread::sleep_for(std::chrono::milliseconds(500));
    withhold(network, [](const pb::Subject&) { return true; });
    newsroom.release("Later", 1);
    REQUIRE(one->comes_true([&] { return one->feed().seen_seq == 6; }));
    one->peer.reset();
    one->start();
    REQUIRE(one->feed().seq == 4);
    REQUIRE(finds(*one, secret));
    *one->now += 3600;
    CHECK(one->comes_true([&] { return !has_article(*one) && !finds(*one, secret); }));
    CHECK(one->comes_true([&] { return !volume(*one, 1).contains("00000002-000.articles.zst"); }));
    CHECK(finds(*one, "Harbour"));
    one->peer.reset();
    one->start();
    CHECK_FALSE(one->comes_true([&] { return has_article(*one); }, 2));
    network.tamper_with({});
    network.withhold_files({});
    REQUIRE(one->peer->follow(newsroom.link("seed:1")));
    CHECK(one->reaches(6, 40));
    CHECK(one->comes_true([&] { return is_clean(*one); }));
    CHECK(one->articles() == 4);
}

TEST_CASE_METHOD(Readers, "a file that cannot be removed keeps no daemon from starting", "[peer][redaction]") {
    const auto one = reader("one");
    network.withhold_files({"00000002-000.00000005.articles.zst"});
    newsroom.redact(id);
    REQUIRE(one->comes_true([&] { return one->feed().seq == 5; }));
    REQUIRE(finds(*one, secret));
    one->peer.reset();
    *one->now += 3600;
    // Nothing can be reached through a link to itself, whoever asks.
    const auto place = FeedDirectory{files_of(*one)}.volume(1);
    const auto aside = folder.path / "aside";
    fs::rename(place, aside);
    fs::create_directory_symlink(place, place);
    one->start();
    CHECK(one->comes_true([&] { return !has_article(*one) && !finds(*one, secret); }));
    CHECK(one->comes_true([&] { return !one->feed().problem.empty(); }));
    {
        // Each try writes to the archive, so the next one is a minute away.
        const auto quiet = network.keep_busy();
        fs::remove(place);
        fs::rename(aside, place);
    }
    CHECK_FALSE(one->comes_true(
        [&] { return !volume(*one, 1).contains("00000002-000.articles.zst"); }, 4));
    one->peer.reset();
    one->start();
    CHECK(one->comes_true([&] { return !volume(*one, 1).contains("00000002-000.articles.zst"); }));
    network.withhold_files({});
    REQUIRE(one->peer->follow(newsroom.link("seed:1")));
    CHECK(one->reaches(5, 40));
    CHECK(one->comes_true([&] { return is_clean(*one); }));
}

TEST_CASE_METHOD(Readers, "an hour after it was to vanish an article goes, however often the peer is restarted",
                 "[peer][redaction]") {
    const auto one = reader("one");
    network.withhold_files({"00000002-000.00000005.articles.zst"});
    newsroom.redact(id);
    REQUIRE(one->comes_true([&] { return volume(*one, 1).contains("00000002-001.00000005.media.zst"); }));
    REQUIRE(finds(*one, secret));
    const auto restart_after = [&](std::int64_t seconds) {
        one->peer.reset();
        *one->now += seconds;
        one->start();
    };
    restart_after(1800);
    CHECK_FALSE(one->comes_true([&] { return !finds(*one, secret); }, 2));
    SECTION("counted together") { restart_after(1800); }
    SECTION("and also where the clock was set back") { restart_after(-100000); }
    CHECK(one->comes_true([&] { return !finds(*one, secret) && !has_article(*one); }));
}

TEST_CASE_METHOD(Readers, "a clock that is corrected by a little ends no wait for the file that takes a place",
                 "[peer][redaction]") {
    const auto one = reader("one");
    network.withhold_files({"00000002-000.00000005.articles.zst"});
    newsroom.redact(id);
    REQUIRE(one->comes_true([&] { return volume(*one, 1).contains("00000002-001.00000005.media.zst"); }));
    *one->now -= 60;
    CHECK_FALSE(one->comes_true([&] { return !finds(*one, secret); }, 3));
    *one->now += 60 + 3600;
    CHECK(one->comes_true([&] { return !finds(*one, secret) && !has_article(*one); }));
}

TEST_CASE("a bundle that cannot be taken out of the archive keeps no other one there", "[peer][redaction]") {
    Folder folder;
    FakeNetwork network;
    Newsroom newsroom(folder.path / "newsroom");
    TestPeer seed(folder.path / "seed", "seed:1", network);
    TestPeer one(folder.path / "one", "one:1", network);
    newsroom.release("Zolotarenko");
    newsroom.count = 0;
    newsroom.release("Zolotarenko, corrected");
    REQUIRE(seed.peer->follow(newsroom.workshop.feed().root.string()));
    REQUIRE(one.peer->follow(newsroom.link("seed:1")));
    REQUIRE(one.reaches(2));
    const auto in_archive = [&](const char* sql) {
        auto archive = Database::open(DataDirectory{one.data}.archive(),
                                      Database::Mode::read_write_create);
        REQUIRE(archive);
        REQUIRE(archive->run(sql));
    };
    in_archive("CREATE TABLE holds (bundle INTEGER REFERENCES bundles (id)); "
               "INSERT INTO holds SELECT id FROM bundles WHERE name = '00000001-000.articles.zst'");
    newsroom.redact(newsroom.id(1));
    const FeedDirectory held{DataDirectory{one.data}.feed(newsroom.root().public_key())};
    CHECK(one.comes_true([&] { return !fs::exists(held.volume(1) / "00000002-000.articles.zst"); }));
    CHECK(fs::exists(held.volume(1) / "00000001-000.articles.zst"));
    CHECK(one.comes_true([&] { return !one.feed().problem.empty(); }));
    in_archive("DROP TABLE holds");
    one.peer.reset();
    one.start();
    CHECK(one.comes_true([&] { return !fs::exists(held.volume(1) / "00000001-000.articles.zst"); }));
    CHECK(one.reaches(3));
}
