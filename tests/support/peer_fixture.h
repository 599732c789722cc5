#pragma once

#include <atomic>
#include <catch2/catch.hpp>
#include <chrono>
#include <filesystem>
#include <memory>
#include <string>
#include <thread>

#include "core/message.h"
#include "gossip.pb.h"
#include "core/key_file.h"
#include "core/limits.h"
#include "feed/files.h"
#include "peer/peer.h"
#include "article/article.h"
#include "press/drafts.h"
#include "press/signing/redaction.h"
#include "press/signing/release.h"
#include "support/fake_swarm.h"
#include "support/folder.h"

/// A newsroom and peers on a fake network, for tests of the engine.
namespace colport::test {

/// Lets `change` see and change what peers say from now on; what it returns false for is
/// dropped.
inline void overhear(FakeNetwork& network,
                     std::function<bool(const std::string& from, pb::Gossip& gossip)> change) {
    network.tamper_with([change = std::move(change)](const std::string& from, std::string& bytes) {
        pb::Gossip gossip;
        REQUIRE(gossip.ParseFromString(bytes));
        const bool passes = change(from, gossip);
        bytes = encode_message(gossip);
        return passes;
    });
}

/// Drops what peers ask of each other, where `goes` says so, on its way to whomever, and
/// lists out of announcements, until the network is tampered with anew.
inline void withhold(FakeNetwork& network, std::function<bool(const pb::Subject&)> goes) {
    overhear(network, [goes = std::move(goes)](const std::string&, pb::Gossip& gossip) {
        if (gossip.has_announce()) gossip.mutable_announce()->clear_listing();
        return !(gossip.has_part() && goes(gossip.part().subject()));
    });
}

namespace fs = std::filesystem;

inline constexpr std::int64_t start_of_time = 1'780'000'000;

/// A newsroom that signs without asking.
struct Newsroom {
    Workshop workshop;
    std::int64_t now = start_of_time;
    int count = 0;

    explicit Newsroom(const fs::path& root) : workshop{root} {
        REQUIRE(init_workshop(workshop, {.name = "Newsroom"}, Secret(0), now));
    }
    SigningKey key(const char* role, const fs::path& path) const {
        const auto file = read_file(path, 4096);
        REQUIRE(file);
        auto out = key_file::open(*file, role, Secret(0));
        REQUIRE(out);
        return std::move(*out);
    }
    SigningKey signing() const { return key("signing", workshop.signing_key()); }
    SigningKey root() const { return key("root", workshop.keys() / "root.key"); }

    void release(const std::string& title, std::uint64_t volume_bytes = limits::default_volume_bytes,
                 bool picture = false) {
        draft(title, picture);
        publish(volume_bytes);
    }
    /// Of the next article.
    void draft(const std::string& title, bool picture = false) {
        const auto records = workshop.records();
        REQUIRE(records);
        const auto published = read_catalogue(workshop.feed(), *records);
        REQUIRE(published);
        Imported imported;
        imported.articles.push_back({std::to_string(++count), {}});
        auto& article = imported.articles.back().article;
        article.set_title(title);
        article.set_language("en");
        article.set_published(now);
        article.add_blocks()->mutable_paragraph()->add_spans()->set_text("About " + title + ".");
        if (picture) {
            pb::Picture one;
            one.set_media_type("image/png");
            one.set_data("\x89PNG\r\n" + title);
            article.mutable_lead()->set_picture(sha256(one.data()).str());
            imported.pictures.push_back(std::move(one));
        }
        REQUIRE(add_drafts(workshop, records->feed, *published, std::move(imported)));
    }
    void publish(std::uint64_t volume_bytes = limits::default_volume_bytes) {
        REQUIRE(release_drafts(workshop, signing(), {.volume_bytes = volume_bytes}, now));
        now += 60;
    }
    /// Of the article that release() added as the `number`th.
    ArticleId id(int number) const {
        const auto records = workshop.records();
        REQUIRE(records);
        return article_id(records->feed, std::to_string(number));
    }
    RedactionReport redact(const ArticleId& article, const RedactionOptions& options = {}) {
        auto redaction = Redaction::open(workshop, article, options, now);
        if (!redaction) FAIL(redaction.error().message);
        if (const auto made = redaction->publish(signing()); !made) FAIL(made.error().message);
        now += 60;
        return redaction->report();
    }
    Head head() const {
        auto records = workshop.records();
        REQUIRE(records);
        return *records->head;
    }
    std::string link(const std::string& peer) const {
        auto link = load_link(workshop);
        REQUIRE(link);
        link->peers = {peer};
        return to_string(*link);
    }
};

/// A Peer on a fake network with a clock of its own.
struct TestPeer {
    fs::path data;
    std::string address;
    FakeNetwork& network;
    std::shared_ptr<std::atomic<std::int64_t>> now =
        std::make_shared<std::atomic<std::int64_t>>(start_of_time + 3600);
    std::unique_ptr<Peer> peer;

    PeerSettings settings = {};
    SwarmSettings swarm_settings;   ///< as the engine asked for last

    TestPeer(fs::path data_, std::string address_, FakeNetwork& network_,
             PeerSettings settings_ = {})
        : data(std::move(data_)), address(std::move(address_)), network(network_),
          settings(std::move(settings_)) {
        settings.data = data;
        start();
    }
    void start() {
        auto started = Peer::start(
            settings,
            [this](const SwarmSettings& given, SwarmSink sink) -> Result<std::unique_ptr<Swarm>> {
                swarm_settings = given;
                return network.make(address, std::move(sink));
            },
            [clock = now] { return clock->load(); });
        if (!started) FAIL(started.error().message);
        peer = std::move(*started);
    }
    FeedStatus feed() const {
        const auto status = peer->status();
        return status.feeds.empty() ? FeedStatus{} : status.feeds.front();
    }
    /// Has it all of a release, old volumes too?
    bool reaches(std::uint64_t seq, int seconds = 10) const {
        for (int i = 0; i < seconds * 50; ++i) {
            if (feed().seq >= seq && feed().complete) return true;
            std::this_thread::sleep_for(std::chrono::milliseconds(20));
        }
        return false;
    }
    template <class Check>
    bool comes_true(Check check, int seconds = 10) const {
        for (int i = 0; i < seconds * 50; ++i) {
            if (check()) return true;
            std::this_thread::sleep_for(std::chrono::milliseconds(20));
        }
        return false;
    }
    std::uint64_t articles() const {
        auto reader = ArchiveReader::open(DataDirectory{data}.archive());
        REQUIRE(reader);
        const auto page = reader->search({});
        REQUIRE(page);
        return page->total;
    }
};

/// A newsroom with one release, and a daemon at "seed:1" that seeds it.
struct SeededFeed {
    Folder folder;
    FakeNetwork network;
    Newsroom newsroom{folder.path / "newsroom"};
    TestPeer seed{folder.path / "seed", "seed:1", network};

    SeededFeed() {
        newsroom.release("First");
        REQUIRE(seed.peer->follow(newsroom.workshop.feed().root.string()));
        REQUIRE(seed.reaches(1));
    }
};

/// As above, and a reader at "reader:1" who has that release.
struct ReadFeed : SeededFeed {
    TestPeer reader{folder.path / "reader", "reader:1", network};

    ReadFeed() {
        REQUIRE(reader.peer->follow(newsroom.link("seed:1")));
        REQUIRE(reader.reaches(1));
    }
};

}  // namespace colport::test
