#pragma once

#include <algorithm>

#include "core/message.h"
#include "gossip.pb.h"
#include "support/peer_fixture.h"

/// Readers of a newsroom that redacts, for tests of what vanishes and what stays away.
namespace colport::test {

inline constexpr const char* secret = "Zolotarenko";
/// A newsroom of three volumes, the first of which names somebody, a daemon that seeds
/// it, and a reader who has it all.
struct Readers {
    Folder folder;
    FakeNetwork network;
    Newsroom newsroom{folder.path / "newsroom"};
    TestPeer seed{folder.path / "seed", "seed:1", network};
    ArticleId id;

    Readers() {
        newsroom.release("Harbour");
        newsroom.release(secret, 1 << 20, true);
        newsroom.release("Lighthouse", 1);
        newsroom.release("Market", 1);
        id = newsroom.id(2);
        REQUIRE(seed.peer->follow(newsroom.workshop.feed().root.string()));
        REQUIRE(seed.reaches(4));
    }
    std::unique_ptr<TestPeer> reader(const std::string& name, PeerSettings settings = {}) {
        auto out = std::make_unique<TestPeer>(folder.path / name, name + ":1", network, settings);
        REQUIRE(out->peer->follow(newsroom.link("seed:1")));
        REQUIRE(out->reaches(4));
        return out;
    }
    fs::path files_of(const TestPeer& peer) const {
        return DataDirectory{peer.data}.feed(*PublicKey::from(newsroom.head().message.feed()));
    }
    /// Files of releases of a peer's volume.
    std::set<std::string> volume(const TestPeer& peer, int number) const {
        std::set<std::string> out;
        const auto place = FeedDirectory{files_of(peer)}.volume(static_cast<std::uint32_t>(number));
        std::error_code ignored;
        for (const auto& file : fs::directory_iterator(place, ignored))
            if (is_release_file(file.path().filename().string()))
                out.insert(file.path().filename().string());
        return out;
    }
    static bool finds(const TestPeer& peer, const std::string& words) {
        auto archive = ArchiveReader::open(DataDirectory{peer.data}.archive());
        REQUIRE(archive);
        Query query;
        query.words = words;
        const auto page = archive->search(query);
        REQUIRE(page);
        return !page->hits.empty();
    }
    bool has_article(const TestPeer& peer) const {
        auto archive = ArchiveReader::open(DataDirectory{peer.data}.archive());
        REQUIRE(archive);
        return archive->article(id.hex()).ok() || archive->hit(*PublicKey::from(newsroom.head().message.feed()), id)
                                                      .value()
                                                      .has_value();
    }
    /// Drops the list of a volume on its way to whomever, until the network is tampered with anew.
    void withhold_list_of(std::uint32_t volume) {
        withhold(network, [volume](const pb::Subject& subject) {
            return subject.kind() == pb::Subject::LISTING && subject.volume() == volume;
        });
    }
    void let_pass() { network.tamper_with({}); }
    bool was_fetched(const std::string& name) {
        const auto quiet = network.keep_busy();
        return std::find(network.fetch_order.begin(), network.fetch_order.end(), name) !=
               network.fetch_order.end();
    }
    /// Nothing of the article is left, and all else is there.
    bool is_clean(const TestPeer& peer) const {
        return !has_article(peer) && !finds(peer, secret) && finds(peer, "Harbour") &&
               volume(peer, 1) == redacted_volume;
    }
    static inline const std::set<std::string> redacted_volume{
        "00000001-000.articles.zst", "00000002-000.00000005.articles.zst",
        "00000002-001.00000005.media.zst"};
};

}  // namespace colport::test
