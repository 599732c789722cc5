// Files on the disk, and what becomes of them while a peer is at work.

#include <catch2/catch.hpp>

#include "support/peer_fixture.h"
#include "support/test_feed.h"

using namespace colport;
using namespace colport::test;

namespace {

std::uint64_t articles_in(ArchiveReader& archive) {
    const auto feeds = archive.feeds();
    REQUIRE(feeds);
    return feeds->empty() ? 0 : feeds->front().articles;
}

}  // namespace

TEST_CASE("a stick that is pulled out while it is read ends nothing", "[peer]") {
    Folder folder;
    FakeNetwork network;
    support::FeedFolder feed(folder.path / "stick", "Gazette");
    const auto bundle = feed.add_articles(support::many_articles(feed.feed(), 4000));
    feed.publish();
    TestPeer peer(folder.path / "peer", "peer:1", network);
    auto archive = ArchiveReader::open(DataDirectory{peer.data}.archive());
    REQUIRE(archive);
    std::jthread follow(
        [&] { static_cast<void>(peer.peer->follow(feed.directory().root.string()).ok()); });
    std::uint64_t seen = 0;
    const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(20);
    while (seen == 0 && std::chrono::steady_clock::now() < end) {
        std::this_thread::sleep_for(std::chrono::milliseconds(1));
        seen = articles_in(*archive);
    }
    const auto content = read_file(bundle, limits::bundle);
    REQUIRE(content);
    // Of a file that is mapped, nothing is left to be read from now on.
    fs::resize_file(bundle, 0);
    follow.join();
    REQUIRE(seen > 0);
    REQUIRE(seen < 4000);
    CHECK(peer.comes_true([&] { return !peer.feed().problem.empty(); }, 20));
    CHECK(articles_in(*archive) < 4000);
    peer.peer.reset();
    REQUIRE(write_file(bundle, *content));
    peer.start();
    CHECK(peer.comes_true([&] { return articles_in(*archive) == 4000; }, 20));
}

namespace {

/// A feed whose one release lists the same bundle thrice and the same dictionary twice, of
/// which nobody hands out more than the first of each, and a reader who has these.
struct Repeating {
    Folder folder;
    FakeNetwork network;
    support::FeedFolder feed{folder.path / "feed", "Gazette"};
    TestPeer seed{folder.path / "seed", "seed:1", network};
    TestPeer reader{folder.path / "reader", "reader:1", network};
    std::vector<std::string> bundles, dictionaries;

    Repeating() {
        const auto name = [](const fs::path& path) { return path.filename().string(); };
        const auto articles = support::many_articles(feed.feed(), 3);
        for (int i = 0; i < 3; ++i) bundles.push_back(name(feed.add_articles(articles)));
        const auto dictionary = Dictionary::pack(support::test_dictionary(feed.feed(), 2048));
        for (int i = 0; i < 2; ++i) dictionaries.push_back(name(feed.add_dictionary(dictionary)));
        feed.publish();
        network.withhold_files({bundles[1], bundles[2], dictionaries[1]});
        REQUIRE(seed.peer->follow(feed.directory().root.string()));
        REQUIRE(seed.reaches(1));
        Link link;
        link.feed = feed.feed();
        link.peers = {"seed:1"};
        REQUIRE(reader.peer->follow(to_string(link)));
        REQUIRE(reader.comes_true([&] { return has(bundles[0]) && has(dictionaries[0]); }));
        REQUIRE(reader.comes_true([&] { return reader.articles() == 3; }));
    }
    [[nodiscard]] bool has(const std::string& file) const {
        const FeedDirectory held{DataDirectory{reader.data}.feed(feed.feed())};
        return fs::exists(held.volume(1) / file);
    }
    void restart() {
        reader.peer.reset();
        reader.start();
    }
};

}  // namespace

TEST_CASE_METHOD(Repeating, "a list that names what is here again and again fills no disk with it", "[peer][trust]") {
    restart();
    CHECK(reader.comes_true([&] { return has(dictionaries[1]); }));
    CHECK_FALSE(reader.comes_true([&] { return has(bundles[1]) || has(bundles[2]); }, 2));
}

TEST_CASE_METHOD(Repeating, "to a full disk nothing is copied either", "[peer]") {
    reader.settings.disk_reserve = std::uint64_t{1} << 60;
    restart();
    REQUIRE(reader.comes_true([&] { return reader.peer->status().disk.full; }));
    CHECK_FALSE(reader.comes_true([&] { return has(dictionaries[1]); }, 2));
    auto wanted = reader.settings;
    wanted.disk_reserve = 0;
    REQUIRE(reader.peer->reload(wanted));
    reader.settings = wanted;
    restart();
    CHECK(reader.comes_true([&] { return has(dictionaries[1]); }));
}
