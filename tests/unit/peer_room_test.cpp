#include <catch2/catch.hpp>

#include "peer/hour_limits.h"
#include "peer/retention.h"
#include "storage/database.h"
#include "support/peer_fixture.h"

using namespace colport;
using namespace colport::test;

namespace {

PublicKey key(char c) { return *PublicKey::from(std::string(32, c)); }

/// A newsroom of five volumes, each with one release, and a daemon that seeds it.
struct FiveVolumes {
    Folder folder;
    FakeNetwork network;
    Newsroom newsroom{folder.path / "newsroom"};
    TestPeer seed{folder.path / "seed", "seed:1", network};

    FiveVolumes() {
        for (int i = 1; i <= 5; ++i) newsroom.release("Release " + std::to_string(i), 1);
        REQUIRE(seed.peer->follow(newsroom.workshop.feed().root.string()));
        REQUIRE(seed.reaches(5));
    }
    [[nodiscard]] std::uint64_t volume_bytes(int number) const {
        std::uint64_t out = 0;
        const auto volume = newsroom.workshop.feed().volume(static_cast<std::uint32_t>(number));
        for (const auto& file : fs::directory_iterator(volume)) out += file.file_size();
        return out;
    }
    [[nodiscard]] bool has_volume(const TestPeer& peer, int number) const {
        const auto feed = PublicKey::from(newsroom.head().message.feed());
        const FeedDirectory held{DataDirectory{peer.data}.feed(*feed)};
        const auto folder_of = held.volume(static_cast<std::uint32_t>(number));
        return fs::exists(folder_of) && !fs::is_empty(folder_of);
    }
};

}  // namespace

TEST_CASE("a quota drops whole volumes, the oldest first") {
    const auto a = key('a'), b = key('b');
    const std::vector<VolumeSize> volumes{
        {a, 1, 10, 100, false}, {a, 2, 10, 300, false}, {a, 3, 5, 500, true},
        {b, 1, 10, 200, false}, {b, 2, 10, 400, true}};
    using Kept = std::map<PublicKey, std::uint32_t>;
    CHECK(keep_from(volumes, {}) == Kept{{a, 0}, {b, 0}});
    CHECK(keep_from(volumes, {.all = 45}) == Kept{{a, 0}, {b, 0}});
    CHECK(keep_from(volumes, {.all = 44}) == Kept{{a, 2}, {b, 0}});
    CHECK(keep_from(volumes, {.all = 34}) == Kept{{a, 2}, {b, 2}});
    CHECK(keep_from(volumes, {.all = 24}) == Kept{{a, 3}, {b, 2}});
    CHECK(keep_from(volumes, {.feed = 15}) == Kept{{a, 2}, {b, 2}});
    CHECK(keep_from(volumes, {.all = 40, .feed = 15}) == Kept{{a, 2}, {b, 2}});
    // The newest of a feed never goes.
    CHECK(keep_from(volumes, {.all = 1}) == Kept{{a, 3}, {b, 2}});
}

TEST_CASE("what does not fit leaves no gap behind it") {
    const auto a = key('a');
    const std::vector<VolumeSize> volumes{
        {a, 1, 1, 100, false}, {a, 2, 90, 300, false}, {a, 3, 5, 500, true}};
    CHECK(keep_from(volumes, {.all = 50}).at(a) == 3);
    CHECK(keep_from(volumes, {.feed = 50}).at(a) == 3);
}

TEST_CASE("of one feed later volumes stay longer, whatever their times say") {
    const auto a = key('a'), b = key('b');
    const std::vector<VolumeSize> volumes{
        {a, 1, 10, 400, false}, {a, 2, 10, 100, false}, {a, 3, 10, 500, true}};
    CHECK(keep_from(volumes, {.feed = 20}).at(a) == 2);
    CHECK(keep_from(volumes, {.all = 20}).at(a) == 2);
    CHECK(keep_from(volumes, {.all = 19}).at(a) == 3);
    CHECK(keep_from(volumes, {.all = 30}).at(a) == 0);
    // The second volume is too much: the first neither hides that nor takes its room.
    const std::vector<VolumeSize> large{
        {a, 1, 1, 400, false}, {a, 2, 90, 100, false}, {a, 3, 10, 500, true}};
    CHECK(keep_from(large, {.all = 50}).at(a) == 3);
    CHECK(keep_from(large, {.feed = 50}).at(a) == 3);
    // Between feeds it is the time that decides, and what waits for an older one waits.
    auto both = volumes;
    both.push_back({b, 1, 10, 200, false});
    both.push_back({b, 2, 10, 450, true});
    using Kept = std::map<PublicKey, std::uint32_t>;
    CHECK(keep_from(both, {.all = 30}) == Kept{{a, 3}, {b, 0}});
    CHECK(keep_from(both, {.all = 40}) == Kept{{a, 2}, {b, 0}});
}

TEST_CASE("hours of a day have limits of their own") {
    const auto night = parse_hour_limits("23-7=0/2M");
    REQUIRE(night);
    CHECK(night->limits == RateLimits{0, 2 << 20});
    CHECK(night->covers(23));
    CHECK(night->covers(6));
    CHECK_FALSE(night->covers(7));
    CHECK_FALSE(night->covers(22));
    CHECK(parse_hour_limits("8-24=100k/1G")->limits == RateLimits{100 << 10, 1 << 30});
    for (const char* bad : {"", "1", "1-2", "1-2=3", "1-1=0/0", "24-1=0/0", "1-25=0/0", "1-2=/0",
                            "1-2=0/0 ", "-1-2=0/0", "1-2=0/9999999999999G", "1-2=5X/0"})
        CHECK_FALSE(parse_hour_limits(bad));
}

TEST_CASE("the hour changes what the swarm may send", "[peer]") {
    Folder folder;
    FakeNetwork network;
    PeerSettings settings;
    settings.swarm.upload_limit = 5;
    TestPeer peer(folder.path / "peer", "peer:1", network, settings);
    const auto limits = [&](std::int64_t upload, std::int64_t download) {
        return peer.comes_true([&] { return network.limits["peer:1"] == std::pair(upload, download); });
    };
    settings = peer.settings;
    std::time_t moment = peer.now->load();
    std::tm local{};
    localtime_r(&moment, &local);
    const int hour = local.tm_hour;
    settings.hours = {{hour, (hour + 1) % 24, {7, 8}}};
    REQUIRE(peer.peer->reload(settings));
    CHECK(limits(7, 8));
    *peer.now += 3600;
    CHECK(limits(5, 0));
    *peer.now += 23 * 3600;
    CHECK(limits(7, 8));
}

TEST_CASE("a quota is kept to, forgotten by search, and holds over a restart", "[peer]") {
    FiveVolumes feed;
    PeerSettings settings;
    settings.quota.all = feed.volume_bytes(5) + feed.volume_bytes(4);
    TestPeer reader(feed.folder.path / "reader", "reader:1", feed.network, settings);
    REQUIRE(reader.peer->follow(feed.newsroom.link("seed:1")));
    REQUIRE(reader.reaches(5));
    REQUIRE(reader.comes_true([&] { return reader.feed().kept_from == 4 && reader.articles() == 2; }));
    const auto dropped = [&] {
        return !feed.has_volume(reader, 1) && !feed.has_volume(reader, 2) &&
               !feed.has_volume(reader, 3);
    };
    CHECK(reader.comes_true(dropped));
    CHECK(feed.has_volume(reader, 4));
    CHECK(reader.comes_true([&] { return reader.feed().bytes_held <= settings.quota.all; }));
    CHECK(reader.feed().complete);
    CHECK(reader.feed().volumes_total == 2);

    SECTION("a new release pushes the oldest out") {
        feed.newsroom.release("Release 6", 1);
        REQUIRE(reader.reaches(6, 20));
        CHECK(reader.comes_true([&] { return reader.feed().kept_from >= 5; }));
        CHECK(reader.comes_true([&] { return !feed.has_volume(reader, 4); }));
        auto archive = ArchiveReader::open(DataDirectory{reader.data}.archive());
        REQUIRE(archive);
        Query query;
        query.words = "release";
        const auto found = archive->search(query);
        REQUIRE(found);
        for (const auto& hit : found->hits) CHECK(archive->article(hit.id.hex()));
    }
    SECTION("nothing comes back when the daemon starts again") {
        feed.network.fetch_order.clear();
        reader.peer.reset();
        reader.start();
        REQUIRE(reader.reaches(5));
        std::this_thread::sleep_for(std::chrono::seconds(2));
        CHECK(feed.network.fetch_order.empty());
        CHECK(reader.articles() == 2);
        reader.peer.reset();
        auto archive = Archive::open(DataDirectory{reader.data}.archive());
        REQUIRE(archive);
        CHECK(archive->check_integrity());
    }
    SECTION("a larger quota brings them back") {
        auto wanted = reader.settings;
        wanted.quota = {};
        REQUIRE(reader.peer->reload(wanted));
        CHECK(reader.comes_true([&] { return reader.articles() == 5; }));
        CHECK(feed.has_volume(reader, 1));
    }
}

TEST_CASE("somebody else's directory is no matter of quotas", "[peer]") {
    FiveVolumes feed;
    auto wanted = feed.seed.settings;
    wanted.quota.all = 1;
    REQUIRE(feed.seed.peer->reload(wanted));
    std::this_thread::sleep_for(std::chrono::seconds(2));
    CHECK(feed.seed.articles() == 5);
    for (int i = 1; i <= 5; ++i) CHECK(feed.volume_bytes(i) > 0);
}

TEST_CASE("a full disk stops fetching, and room starts it again", "[peer]") {
    FiveVolumes feed;
    PeerSettings settings;
    settings.disk_reserve = std::uint64_t{1} << 60;
    TestPeer reader(feed.folder.path / "reader", "reader:1", feed.network, settings);
    REQUIRE(reader.peer->follow(feed.newsroom.link("seed:1")));
    CHECK(reader.comes_true([&] { return reader.peer->status().disk.full; }));
    std::this_thread::sleep_for(std::chrono::seconds(2));
    CHECK(reader.articles() == 0);
    auto wanted = reader.settings;
    wanted.disk_reserve = 0;
    REQUIRE(reader.peer->reload(wanted));
    CHECK(reader.reaches(5, 20));
    CHECK_FALSE(reader.peer->status().disk.full);
}

TEST_CASE("a start that fails at what is remembered of a budget says so", "[peer]") {
    Folder folder;
    FakeNetwork network;
    TestPeer peer(folder.path / "peer", "peer:1", network);
    peer.peer.reset();
    const auto in_archive = [&](const char* sql) {
        auto archive = Database::open(DataDirectory{peer.data}.archive(),
                                      Database::Mode::read_write_create);
        REQUIRE(archive);
        REQUIRE(archive->run(sql));
    };
    in_archive("ALTER TABLE memory RENAME value TO away");
    const auto started = Peer::start(
        peer.settings,
        [&](const SwarmSettings&, SwarmSink sink) -> Result<std::unique_ptr<Swarm>> {
            return network.make("peer:1", std::move(sink));
        },
        [] { return start_of_time; });
    REQUIRE_FALSE(started);
    CHECK_FALSE(started.error().message.empty());
    in_archive("ALTER TABLE memory RENAME away TO value");
    peer.start();
    CHECK(peer.peer->status().budget.month == "2026-05");
}

TEST_CASE("an engine that hangs is noticed", "[peer]") {
    Folder folder;
    FakeNetwork network;
    TestPeer peer(folder.path / "peer", "peer:1", network);
    std::this_thread::sleep_for(std::chrono::milliseconds(1500));
    CHECK(peer.peer->silent_seconds() <= 1);
    {
        // The engine says something to the network, which does not answer.
        const auto busy = network.keep_busy();
        CHECK(peer.comes_true([&] { return peer.peer->silent_seconds() >= 3; }));
    }
    CHECK(peer.comes_true([&] { return peer.peer->silent_seconds() <= 1; }));
}

TEST_CASE("a reload takes over what may change and leaves the mode that was chosen", "[peer]") {
    ReadFeed feed;
    auto wanted = feed.reader.settings;
    wanted.pictures = FetchPictures::never;
    wanted.monthly_budget = 1'000'000;
    REQUIRE(feed.reader.peer->set_mode(Reach::lan, {}));
    REQUIRE(feed.reader.peer->reload(wanted));
    CHECK(feed.reader.peer->status().pictures == "never");
    CHECK(feed.reader.peer->status().budget.limit == 1'000'000);
    CHECK(feed.reader.peer->status().mode == "lan");
    wanted.reach_given = true;
    wanted.swarm.reach = Reach::open;
    REQUIRE(feed.reader.peer->reload(wanted));
    CHECK(feed.reader.peer->status().mode == "open");
    wanted.swarm.reach = Reach::proxy;
    CHECK_FALSE(feed.reader.peer->reload(wanted));
    CHECK(feed.reader.peer->status().mode == "open");
}

TEST_CASE("a reload with another proxy goes by that one at once", "[peer]") {
    ReadFeed feed;
    auto wanted = feed.reader.settings;
    wanted.reach_given = true;
    wanted.swarm.reach = Reach::proxy;
    wanted.swarm.proxy = Proxy{"127.0.0.1", 9050, "me", "sesame"};
    REQUIRE(feed.reader.peer->reload(wanted));
    REQUIRE(feed.reader.swarm_settings.proxy == wanted.swarm.proxy);
    wanted.swarm.proxy->password = "another";
    REQUIRE(feed.reader.peer->reload(wanted));
    CHECK(feed.reader.swarm_settings.proxy == wanted.swarm.proxy);
}

namespace {
PublicKey reader_key(const ReadFeed& feed) {
    return *PublicKey::from(feed.newsroom.head().message.feed());
}
}  // namespace

TEST_CASE("a feed whose removal was broken off goes on leaving, and may come back", "[peer]") {
    ReadFeed feed;
    auto& reader = feed.reader;
    reader.peer.reset();
    {
        auto archive = Archive::open(DataDirectory{reader.data}.archive());
        REQUIRE(archive);
        REQUIRE(archive->remember("leaving " + reader_key(feed).hex(), "1"));
    }
    reader.start();
    CHECK(reader.peer->status().feeds.empty());
    CHECK(reader.comes_true([&] { return reader.articles() == 0; }));
    CHECK(reader.comes_true([&] { return reader.peer->follow(feed.newsroom.link("seed:1")).ok(); }));
    CHECK(reader.reaches(1));
}

TEST_CASE("a feed that is erased has gone from the archive's file when that is said", "[peer]") {
    FiveVolumes feed;
    TestPeer reader(feed.folder.path / "reader", "reader:1", feed.network);
    REQUIRE(reader.peer->follow(feed.newsroom.link("seed:1")));
    REQUIRE(reader.reaches(5));
    const auto archive = DataDirectory{reader.data}.archive();
    const auto mentions = [&](const std::string& name) {
        const auto bytes = read_file(name, std::size_t{64} << 20);
        return bytes && bytes->find("Newsroom") != std::string::npos;
    };
    const auto key = *PublicKey::from(feed.newsroom.head().message.feed());
    REQUIRE(reader.peer->erase(key));
    CHECK(reader.articles() == 0);
    CHECK_FALSE(mentions(archive.string()));
    CHECK_FALSE(mentions(archive.string() + "-wal"));
    CHECK_FALSE(reader.peer->erase(key));
}

TEST_CASE("a feed that is followed again while it leaves comes back, whatever fails", "[peer]") {
    ReadFeed feed;
    auto& reader = feed.reader;
    const auto link = feed.newsroom.link("seed:1");
    const auto in_archive = [&](const char* sql) {
        auto archive = Database::open(DataDirectory{reader.data}.archive(),
                                      Database::Mode::read_write_create);
        REQUIRE(archive);
        REQUIRE(archive->run(sql));
    };
    in_archive("CREATE TABLE holds (bundle INTEGER REFERENCES bundles (id)); "
               "INSERT INTO holds SELECT id FROM bundles");
    CHECK_FALSE(reader.peer->unfollow(reader_key(feed)));

    SECTION("in the same run") {
        REQUIRE(reader.peer->follow(link));
    }
    SECTION("in the next one, before it has gone") {
        reader.peer.reset();
        reader.start();
        REQUIRE(reader.peer->follow(link));
    }
    SECTION("and the wish is remembered") {
        REQUIRE(reader.peer->follow(link));
        reader.peer.reset();
        reader.start();
    }
    CHECK(reader.peer->status().feeds.empty());
    in_archive("DROP TABLE holds");
    REQUIRE(reader.reaches(1));
    CHECK(reader.comes_true([&] { return reader.articles() > 0; }));
    reader.peer.reset();
    reader.start();
    CHECK(reader.reaches(1));
    CHECK(reader.articles() > 0);
}
