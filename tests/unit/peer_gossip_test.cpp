// What peers say to each other at a door when they hold different releases, or some fall silent.

#include "support/scripted_server.h"
#include "support/thief_fixture.h"

using namespace colport;
using namespace colport::test;
using support::ScriptedServer;
using support::ServedConnection;

namespace {

bool asks_for(const pb::Gossip& gossip, pb::Subject::Kind kind) {
    return gossip.has_get() && gossip.get().subject().kind() == kind;
}

/// Only the DHT knows of it.
void tell_dht(FakeNetwork& network, const Head& head) {
    const auto quiet = network.keep_busy();
    const auto item = head.item();
    network.items.insert_or_assign({item.key, item.salt}, item);
    network.dht = true;
}

/// Two readers who hold the second release of a thief, and know each other. The newsroom's
/// second, by another key, is at "seed:1" when publish() was called.
struct Fooled {
    Folder folder;
    FakeNetwork network;
    Newsroom newsroom{folder.path / "newsroom"};
    TestPeer fellow{folder.path / "fellow", "fellow:1", network};
    TestPeer reader{folder.path / "reader", "reader:1", network};
    std::unique_ptr<TestPeer> seed;

    Fooled() {
        network.dht = false;
        newsroom.release("First");
        auto thief = twin_of(newsroom, folder.path);
        thief.release("Forged");
        TestPeer fence(folder.path / "fence", "fence:1", network);
        REQUIRE(fence.peer->follow(thief.workshop.feed().root.string()));
        REQUIRE(fellow.peer->follow(newsroom.link("fence:1")));
        REQUIRE(fellow.reaches(2));
        REQUIRE(reader.peer->follow(newsroom.link("fellow:1")));
        REQUIRE(reader.reaches(2));
        replace_key(newsroom);
        newsroom.release("Second");
    }
    void publish() {
        seed = std::make_unique<TestPeer>(folder.path / "seed", "seed:1", network);
        REQUIRE(seed->peer->follow(newsroom.workshop.feed().root.string()));
        REQUIRE(seed->reaches(2));
    }
    static inline const std::set<std::string> honest{"First", "Second"};
};

}  // namespace

TEST_CASE_METHOD(Fooled, "readers who were fooled recover together, and ban nobody for it",
                 "[trust][peer]") {
    publish();
    REQUIRE(reader.peer->follow(newsroom.link("seed:1")));
    CHECK(reader.comes_true([&] { return titles(reader) == honest; }));
    CHECK(fellow.comes_true([&] { return titles(fellow) == honest; }));
    CHECK(network.bans == 0);
    CHECK(reader.comes_true([&] { return reader.feed().peers == 2; }));
}

TEST_CASE_METHOD(Fooled, "who has only a thief's list of a release is asked for it once, and is not banned",
                 "[trust][peer]") {
    publish();
    // Nobody but the fellow has an answer.
    std::atomic<int> answers = 0;
    overhear(network, [&](const std::string& from, pb::Gossip& gossip) {
        if (gossip.has_announce()) gossip.mutable_announce()->clear_listing();
        if (!gossip.has_part() || gossip.part().subject().kind() != pb::Subject::LISTING)
            return true;
        if (from == "fellow:1" && gossip.part().subject().held() == 0) ++answers;
        if (from != "seed:1") return true;
        gossip.mutable_part()->set_total(0);
        gossip.mutable_part()->clear_data();
        return true;
    });
    REQUIRE(reader.peer->follow(newsroom.link("seed:1")));
    REQUIRE(reader.comes_true([&] { return answers > 0; }));
    CHECK_FALSE(reader.comes_true([&] { return answers > 1; }, 2));
    CHECK(network.bans == 0);
    network.tamper_with({});
    newsroom.release("Third");
    CHECK(reader.reaches(3));
    CHECK(fellow.reaches(3));
    CHECK(network.bans == 0);
}

TEST_CASE_METHOD(Fooled, "a thief's list that was asked for once is not handed out in place of the newsroom's",
                 "[trust][peer]") {
    {
        TestPeer early(folder.path / "early", "early:1", network);
        REQUIRE(early.peer->follow(newsroom.link("fellow:1")));
        REQUIRE(early.reaches(2));
    }
    publish();
    REQUIRE(fellow.peer->follow(newsroom.link("seed:1")));
    REQUIRE(fellow.comes_true([&] { return titles(fellow) == honest; }));
    seed->peer.reset();
    TestPeer late(folder.path / "late", "late:1", network);
    REQUIRE(late.peer->follow(newsroom.link("fellow:1")));
    CHECK(late.reaches(2));
    CHECK(titles(late) == honest);
    CHECK(network.bans == 0);
}

TEST_CASE("a peer that announces a release and keeps silent does not keep a mirror's shelf away",
          "[peer]") {
    Folder folder;
    FakeNetwork network;
    Newsroom newsroom(folder.path / "newsroom");
    newsroom.release("First", 1);
    newsroom.release("Second", 1);
    TestPeer seed(folder.path / "seed", "seed:1", network);
    REQUIRE(seed.peer->follow(newsroom.workshop.feed().root.string()));
    REQUIRE(seed.reaches(2));
    withhold(network, [](const pb::Subject& subject) {
        return subject.kind() != pb::Subject::KEYRING;
    });
    ScriptedServer mirror([&](ServedConnection& connection) {
        for (auto request = connection.read_request(); !request.empty();
             request = connection.read_request()) {
            const auto begin = request.find('/') + 1;
            const auto path = request.substr(begin, request.find(' ', begin) - begin);
            const auto file = read_file(newsroom.workshop.feed().root / path, limits::bundle);
            connection.send(support::http_answer(file ? "200 OK" : "404 Not Found", "",
                                                 file ? *file : ""));
        }
    });
    PeerSettings settings;
    settings.patience = 1;
    TestPeer reader(folder.path / "reader", "reader:1", network, settings);
    auto link = load_link(newsroom.workshop);
    REQUIRE(link);
    link->peers = {"seed:1"};
    link->mirrors = {mirror.url()};
    REQUIRE(reader.peer->follow(to_string(*link)));
    CHECK(reader.reaches(2));
    CHECK(reader.articles() == 2);
}

TEST_CASE_METHOD(ReadFeed, "a shelf that came by stick is not asked for any more", "[peer]") {
    withhold(network, [](const pb::Subject& subject) {
        return subject.kind() == pb::Subject::SHELF;
    });
    // Nor do the stick and a peer write one file at once, which a real swarm would see to.
    network.withhold_files({"00000002-000.articles.zst"});
    newsroom.release("Second", 1);
    REQUIRE(reader.comes_true([&] { return reader.feed().seen_seq == 2; }));
    REQUIRE(reader.peer->import(newsroom.workshop.feed().root));
    REQUIRE(reader.reaches(2));
    network.withhold_files({});
    std::atomic<bool> asked = false;
    overhear(network, [&](const std::string& from, pb::Gossip& gossip) {
        if (from == "reader:1" && asks_for(gossip, pb::Subject::SHELF)) asked = true;
        return true;
    });
    // Whoever joins is asked at once for what is wanted and can be asked of nobody else.
    seed.peer.reset();
    TestPeer third(folder.path / "third", "third:1", network);
    REQUIRE(third.peer->follow(newsroom.link("reader:1")));
    REQUIRE(third.reaches(2));
    CHECK_FALSE(asked);
    network.tamper_with({});
}

TEST_CASE_METHOD(SeededFeed, "who joins while a torrent has failed hears of the release when it is there again",
                 "[peer]") {
    network.dht = false;
    PeerSettings settings;
    settings.patience = 2;
    TestPeer reader(folder.path / "reader", "reader:1", network, settings);
    REQUIRE(reader.peer->follow(newsroom.link("seed:1")));
    REQUIRE(reader.reaches(1));
    std::atomic<int> told_nothing = 0, told = 0;
    overhear(network, [&](const std::string& from, pb::Gossip& gossip) {
        if (from == "reader:1" && gossip.has_announce())
            ++(gossip.announce().head().empty() ? told_nothing : told);
        return true;
    });
    network.fail_torrents("reader:1");
    TestPeer late(folder.path / "late", "late:1", network);
    REQUIRE(late.peer->follow(newsroom.link("reader:1")));
    CHECK(late.reaches(1));
    // And nobody was told what he knew already.
    CHECK(told_nothing == 1);
    CHECK(told == 1);
    network.tamper_with({});
}

TEST_CASE_METHOD(ReadFeed, "a release that is a side of a fork is announced by nobody who had not taken it in",
                 "[trust][peer]") {
    network.dht = false;
    auto thief = twin_of(newsroom, folder.path);
    // All of the second comes, and is not taken over.
    const FeedDirectory here{DataDirectory{reader.data}.feed(newsroom.root().public_key())};
    fs::remove(here.head());
    fs::create_directories(here.head() / "in the way");
    newsroom.release("Second");
    REQUIRE(reader.comes_true([&] { return reader.articles() == 2; }));
    REQUIRE(reader.feed().seq == 1);
    thief.release("Evil");
    TestPeer fork(folder.path / "fork", "fork:1", network);
    REQUIRE(fork.peer->follow(thief.workshop.feed().root.string()));
    REQUIRE(fork.reaches(2));
    REQUIRE(reader.peer->follow(newsroom.link("fork:1")));
    REQUIRE(reader.comes_true([&] { return reader.feed().state == FeedState::forked; }));
    fork.peer.reset();
    seed.peer.reset();
    TestPeer late(folder.path / "late", "late:1", network);
    REQUIRE(late.peer->follow(newsroom.link("reader:1")));
    CHECK(late.reaches(1));
    CHECK(late.feed().seen_seq == 1);
}

TEST_CASE_METHOD(ReadFeed, "a newcomer to a forked feed gets the release from before the fork, and neither side",
                 "[trust][peer]") {
    network.dht = false;
    reader.peer.reset();
    auto thief = twin_of(newsroom, folder.path);
    thief.release("Evil");
    newsroom.release("Second");
    REQUIRE(seed.reaches(2));
    TestPeer fork(folder.path / "fork", "fork:1", network);
    REQUIRE(fork.peer->follow(thief.workshop.feed().root.string()));
    REQUIRE(fork.reaches(2));
    withhold(network, [](const pb::Subject& subject) {
        return subject.kind() == pb::Subject::LISTING;
    });
    TestPeer late(folder.path / "late", "late:1", network);
    REQUIRE(late.peer->follow(newsroom.link("seed:1")));
    REQUIRE(late.peer->follow(newsroom.link("fork:1")));
    REQUIRE(late.comes_true([&] { return late.feed().state == FeedState::forked; }));
    seed.peer.reset();
    fork.peer.reset();
    network.tamper_with({});
    SECTION("from a peer") {
        reader.start();
        REQUIRE(late.peer->follow(newsroom.link("reader:1")));
    }
    SECTION("from a stick") {
        const auto stick = DataDirectory{reader.data}.feed(newsroom.root().public_key());
        REQUIRE(late.peer->import(stick));
    }
    CHECK(late.comes_true([&] { return late.feed().seq == 1; }));
    CHECK(titles(late) == std::set<std::string>{"First"});
    CHECK_FALSE(late.comes_true([&] { return late.articles() != 1; }, 2));
    CHECK(late.feed().state == FeedState::forked);
    CHECK(late.feed().problem.find("other hands") != std::string::npos);
    for (const auto& file : network.files_fetched) CHECK_FALSE(file.starts_with("late:1 00000002"));
}

TEST_CASE_METHOD(SeededFeed, "a release that is well under way is finished though the DHT names one that nobody has",
                 "[peer]") {
    network.dht = false;
    newsroom.release("Second");
    REQUIRE(seed.reaches(2));
    network.withhold_files({"00000001-000.articles.zst"});
    PeerSettings settings;
    settings.poll = 1;
    TestPeer reader(folder.path / "reader", "reader:1", network, settings);
    REQUIRE(reader.peer->follow(newsroom.link("seed:1")));
    REQUIRE(reader.comes_true([&] { return titles(reader) == std::set<std::string>{"Second"}; }));
    auto later = twin_of(newsroom, folder.path);
    later.release("Third");
    tell_dht(network, later.head());
    REQUIRE(reader.comes_true([&] { return reader.feed().seen_seq == 3; }));
    network.withhold_files({});
    TestPeer another(folder.path / "another", "another:1", network);
    REQUIRE(another.peer->follow(newsroom.workshop.feed().root.string()));
    REQUIRE(reader.peer->follow(newsroom.link("another:1")));
    // Well before a reader's patience is over.
    CHECK(reader.comes_true([&] { return reader.feed().seq == 2; }));
    CHECK(reader.articles() == 2);

    // The newest has its turn as soon as somebody has it.
    TestPeer full(folder.path / "full", "full:1", network);
    REQUIRE(full.peer->follow(later.workshop.feed().root.string()));
    REQUIRE(full.reaches(3));
    REQUIRE(reader.peer->follow(newsroom.link("full:1")));
    CHECK(reader.reaches(3));
}

TEST_CASE_METHOD(SeededFeed, "a release under way makes way as soon as somebody has the newest", "[peer]") {
    network.dht = false;
    network.withhold_files({"00000001-000.articles.zst"});
    PeerSettings settings;
    settings.poll = 1;
    TestPeer reader(folder.path / "reader", "reader:1", network, settings);
    REQUIRE(reader.peer->follow(newsroom.link("seed:1")));
    const FeedDirectory here{DataDirectory{reader.data}.feed(newsroom.root().public_key())};
    REQUIRE(reader.comes_true([&] { return fs::exists(here.torrent(1)); }));
    auto later = twin_of(newsroom, folder.path);
    later.release("Second");
    tell_dht(network, later.head());
    REQUIRE(reader.comes_true([&] { return reader.feed().seen_seq == 2; }));
    TestPeer full(folder.path / "full", "full:1", network);
    REQUIRE(full.peer->follow(later.workshop.feed().root.string()));
    REQUIRE(full.reaches(2));
    REQUIRE(reader.peer->follow(newsroom.link("full:1")));
    CHECK(reader.comes_true([&] { return titles(reader) == std::set<std::string>{"Second"}; }));
}

TEST_CASE_METHOD(SeededFeed, "what the publisher's machine serves is in the DHT at once", "[peer]") {
    const auto newest = [&] {
        const auto quiet = network.keep_busy();
        const auto item = newsroom.head().item();
        const auto known = network.items.find({item.key, item.salt});
        return known != network.items.end() && known->second.seq == item.seq;
    };
    CHECK(seed.comes_true(newest));
    newsroom.release("Second");
    CHECK(seed.comes_true(newest));
}
