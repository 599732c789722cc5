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
