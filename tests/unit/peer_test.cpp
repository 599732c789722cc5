#include <catch2/catch.hpp>

#include "core/message.h"
#include "feed/shelf.h"
#include "gossip.pb.h"
#include "support/peer_fixture.h"
#include "support/test_feed.h"

using namespace colport;
using namespace colport::test;

TEST_CASE_METHOD(ReadFeed, "a reader follows a link and gets every release", "[peer]") {
    CHECK(reader.articles() == 1);
    CHECK(reader.feed().name == "Newsroom");

    SECTION("a second release") {
        newsroom.release("Second");
        REQUIRE(reader.reaches(2));
        CHECK(reader.articles() == 2);
        CHECK(network.files_fetched.size() == 2);
    }
    SECTION("sealed volumes, after a restart in between") {
        newsroom.release("Second", 1);
        REQUIRE(reader.reaches(2));
        reader.peer.reset();
        newsroom.release("Third", 1);
        newsroom.release("Fourth", 1);
        REQUIRE(seed.reaches(4));
        reader.start();
        REQUIRE(reader.reaches(4));
        CHECK(reader.articles() == 4);
        CHECK(network.files_fetched.size() == 4);
    }
    SECTION("a file that rots on disk is noticed at the next start and fetched again") {
        reader.peer.reset();
        fs::path bundle;
        for (const auto& entry : fs::recursive_directory_iterator(reader.data))
            if (entry.path().extension() == ".zst") bundle = entry.path();
        REQUIRE(!bundle.empty());
        auto bytes = read_file(bundle, limits::bundle);
        REQUIRE(bytes);
        const auto good = *bytes;
        (*bytes)[10] ^= 1;
        REQUIRE(write_file(bundle, *bytes));
        network.files_fetched.clear();
        reader.start();
        CHECK(reader.comes_true([&] { return *read_file(bundle, limits::bundle) == good; }));
    }
    SECTION("following twice is following once, and unfollowing forgets") {
        REQUIRE(reader.peer->follow(newsroom.link("seed:1")));
        CHECK(reader.peer->status().feeds.size() == 1);
        REQUIRE(reader.peer->unfollow(*PublicKey::from(newsroom.head().message.feed())));
        CHECK(reader.peer->status().feeds.empty());
        CHECK(reader.articles() == 0);
    }
}

TEST_CASE_METHOD(SeededFeed,
                 "forged and damaged gossip is refused and its sender banned", "[peer]") {
    {
        // Else the true keyring may come by it before the forged one is asked for.
        const auto quiet = network.keep_busy();
        network.dht = false;
    }
    const auto follow_with = [&](auto change) {
        overhear(network, [change](const std::string& from, pb::Gossip& gossip) {
            if (from == "seed:1") change(gossip);
            return true;
        });
        TestPeer reader(folder.path / "reader", "reader:1", network);
        REQUIRE(reader.peer->follow(newsroom.link("seed:1")));
        CHECK(reader.comes_true([&] { return network.bans > 0; }));
        CHECK(reader.feed().seq == 0);
        CHECK(reader.articles() == 0);
    };
    SECTION("a head with a flipped bit") {
        follow_with([](pb::Gossip& gossip) {
            if (gossip.has_announce() && !gossip.announce().head().empty())
                gossip.mutable_announce()->mutable_head()->back() ^= 1;
        });
    }
    SECTION("a keyring with a flipped bit") {
        follow_with([](pb::Gossip& gossip) {
            if (gossip.has_part() && gossip.part().subject().kind() == pb::Subject::KEYRING)
                gossip.mutable_part()->mutable_data()->at(20) ^= 1;
        });
    }
    SECTION("a listing with a flipped bit") {
        follow_with([](pb::Gossip& gossip) {
            if (gossip.has_part() && gossip.part().subject().kind() == pb::Subject::LISTING)
                gossip.mutable_part()->mutable_data()->back() ^= 1;
        });
    }
    SECTION("an offer of endless data") {
        follow_with([](pb::Gossip& gossip) {
            if (gossip.has_part()) gossip.mutable_part()->set_total(1u << 31);
        });
    }
    SECTION("parts that are shorter than they must be") {
        follow_with([](pb::Gossip& gossip) {
            if (gossip.has_part() && gossip.part().data().size() > 1)
                gossip.mutable_part()->mutable_data()->pop_back();
        });
    }
    SECTION("no message at all") {
        network.tamper_with([](const std::string& from, std::string& message) {
            if (from == "seed:1") message = "\xff\xff\xff";
            return true;
        });
        TestPeer reader(folder.path / "reader", "reader:1", network);
        REQUIRE(reader.peer->follow(newsroom.link("seed:1")));
        CHECK(reader.comes_true([&] { return network.bans > 0; }));
    }
}

TEST_CASE_METHOD(SeededFeed, "a reader whose clock is years ahead gets everything, and is told that "
                             "it is old", "[peer][trust]") {
    TestPeer reader(folder.path / "reader", "reader:1", network);
    *reader.now = start_of_time + std::int64_t{5} * 365 * 86'400;
    REQUIRE(reader.peer->follow(newsroom.link("seed:1")));
    REQUIRE(reader.reaches(1));
    CHECK(reader.articles() == 1);
    CHECK(reader.feed().state == FeedState::stale);
    newsroom.release("Second");
    CHECK(reader.reaches(2));
    CHECK(network.bans == 0);
}

TEST_CASE_METHOD(SeededFeed, "a reader whose clock is far behind blames nobody", "[peer][trust]") {
    TestPeer reader(folder.path / "reader", "reader:1", network);
    *reader.now = 86'400;
    REQUIRE(reader.peer->follow(newsroom.link("seed:1")));
    CHECK(reader.comes_true(
        [&] { return reader.feed().problem.find("future") != std::string::npos; }));
    CHECK(network.bans == 0);
    *reader.now = start_of_time + 3600;
    newsroom.release("Second");
    CHECK(reader.reaches(2));
}

TEST_CASE("old heads and forks", "[peer]") {
    Folder folder;
    FakeNetwork network;
    Newsroom newsroom(folder.path / "newsroom");
    newsroom.release("First");
    fs::copy(newsroom.workshop.root, folder.path / "twin", fs::copy_options::recursive);
    newsroom.release("Second");
    TestPeer seed(folder.path / "seed", "seed:1", network);
    REQUIRE(seed.peer->follow(newsroom.workshop.feed().root.string()));
    TestPeer reader(folder.path / "reader", "reader:1", network);
    REQUIRE(reader.peer->follow(newsroom.link("seed:1")));
    REQUIRE(reader.reaches(2));

    SECTION("a replayed old head changes nothing and is no crime") {
        TestPeer old(folder.path / "old", "old:1", network);
        REQUIRE(old.peer->follow((folder.path / "twin" / "public").string()));
        REQUIRE(old.reaches(1));
        REQUIRE(reader.peer->follow(newsroom.link("old:1")));
        // The old seed learns the newer release, but cannot write into its folder.
        std::this_thread::sleep_for(std::chrono::milliseconds(300));
        CHECK(reader.feed().seq == 2);
        CHECK(reader.feed().state == FeedState::current);
        CHECK(network.bans == 0);
    }
    SECTION("two releases with one number are a fork: followed no further, kept readable") {
        Workshop other{folder.path / "twin"};
        const auto records = other.records();
        REQUIRE(records);
        const auto published = read_catalogue(other.feed(), *records);
        REQUIRE(published);
        Imported imported;
        imported.articles.push_back({"evil", {}});
        imported.articles.back().article.set_title("Evil");
        REQUIRE(add_drafts(other, records->feed, *published, std::move(imported)));
        REQUIRE(release_drafts(other, newsroom.signing(), {}, newsroom.now));
        TestPeer fork(folder.path / "fork", "fork:1", network);
        REQUIRE(fork.peer->follow(other.feed().root.string()));
        REQUIRE(fork.reaches(2));
        REQUIRE(reader.peer->follow(newsroom.link("fork:1")));
        CHECK(reader.comes_true([&] { return reader.feed().state == FeedState::forked; }));
        CHECK(reader.feed().problem.find("other hands") != std::string::npos);
        newsroom.release("Third");
        std::this_thread::sleep_for(std::chrono::milliseconds(1500));
        CHECK(reader.feed().seq == 2);
        CHECK(reader.articles() == 2);
    }
}

TEST_CASE_METHOD(ReadFeed, "a newer keyring arrives ahead of the head that needs it", "[peer]") {
    const auto old_key = newsroom.signing();
    const auto new_key = SigningKey::generate();
    const auto root = newsroom.root();
    auto records = newsroom.workshop.records();
    REQUIRE(records);
    pb::Keyring message = records->keyring.message();
    message.set_version(2);
    message.add_signing()->set_key(new_key.public_key().str());
    auto* revoked = message.add_revoked();
    revoked->set_key(old_key.public_key().str());
    revoked->set_since(newsroom.now);
    const SigningKey* roots[] = {&root};
    REQUIRE(write_file(newsroom.workshop.feed().keyring(), sign_keyring(message, roots)));
    REQUIRE(write_file(newsroom.workshop.signing_key(),
                       key_file::seal(new_key, "signing", Secret(0)), 0600));
    newsroom.release("Second");
    REQUIRE(reader.reaches(2));
    CHECK(reader.articles() == 2);
    const auto held = read_file(DataDirectory{reader.data}
                                        .feed(*PublicKey::from(message.feed()))
                                    / "keyring",
                                limits::keyring);
    REQUIRE(held);
    CHECK(Keyring::verify(*held, *PublicKey::from(message.feed()))->version() == 2);
}

TEST_CASE("a feed of many volumes is asked for at a measured pace", "[peer]") {
    Folder folder;
    FakeNetwork network;
    Newsroom newsroom(folder.path / "newsroom");
    for (int i = 0; i < 30; ++i) newsroom.release("Release " + std::to_string(i), 1);
    TestPeer seed(folder.path / "seed", "seed:1", network);
    REQUIRE(seed.peer->follow(newsroom.workshop.feed().root.string()));
    REQUIRE(seed.reaches(30));
    std::atomic<int> open = 0, most = 0;
    overhear(network, [&](const std::string& from, pb::Gossip& gossip) {
        if (from == "reader:1" && gossip.has_get()) most = std::max<int>(most, ++open);
        if (from == "seed:1" && gossip.has_part()) --open;
        return true;
    });
    {
        TestPeer reader(folder.path / "reader", "reader:1", network);
        REQUIRE(reader.peer->follow(newsroom.link("seed:1")));
        REQUIRE(reader.reaches(30));
        CHECK(reader.articles() == 30);
    }
    CHECK(most <= 4);
    CHECK(network.bans == 0);
}

TEST_CASE_METHOD(ReadFeed,
                 "a release whose listing is withheld does not keep the one before from newcomers",
                 "[peer]") {
    overhear(network, [](const std::string& from, pb::Gossip& gossip) {
        if (gossip.has_announce()) gossip.mutable_announce()->clear_listing();
        return !(from == "seed:1" && gossip.has_part());
    });
    newsroom.release("Second");
    REQUIRE(reader.comes_true([&] { return reader.feed().seen_seq == 2; }));
    seed.peer.reset();
    const auto newcomer_gets_the_first = [&](const std::string& name) {
        TestPeer newcomer(folder.path / name, name + ":1", network);
        REQUIRE(newcomer.peer->follow(newsroom.link("reader:1")));
        CHECK(newcomer.comes_true([&] { return newcomer.articles() == 1; }));
    };
    newcomer_gets_the_first("one");
    reader.peer.reset();
    reader.start();
    CHECK(reader.feed().seq == 1);
    newcomer_gets_the_first("two");
}

TEST_CASE_METHOD(SeededFeed,
                 "a revocation spreads, and nobody is blamed for the head that it strikes",
                 "[peer]") {
    std::vector<std::unique_ptr<TestPeer>> readers;
    for (const auto* name : {"a", "b", "c"}) {
        readers.push_back(std::make_unique<TestPeer>(folder.path / name,
                                                     std::string(name) + ":1", network));
        REQUIRE(readers.back()->peer->follow(newsroom.link("seed:1")));
        REQUIRE(readers.back()->reaches(1));
    }
    const auto records = newsroom.workshop.records();
    REQUIRE(records);
    const auto root = newsroom.root();
    pb::Keyring message = records->keyring.message();
    message.set_version(2);
    message.add_signing()->set_key(SigningKey::generate().public_key().str());
    message.add_revoked()->set_key(newsroom.signing().public_key().str());
    const SigningKey* roots[] = {&root};
    const auto keyring = sign_keyring(message, roots);
    REQUIRE(write_file(newsroom.workshop.feed().keyring(), keyring));
    for (const auto& reader : readers)
        CHECK(reader->comes_true([&] {
            const auto held = read_file(
                DataDirectory{reader->data}.feed(records->feed) / "keyring", limits::keyring);
            return held && *held == keyring;
        }));
    CHECK(network.bans == 0);
    for (const auto& reader : readers) CHECK(reader->articles() == 1);
}

TEST_CASE("what cannot be followed is an error, not an end", "[peer]") {
    Folder folder;
    FakeNetwork network;
    TestPeer peer(folder.path / "data", "peer:1", network);
    CHECK(!peer.peer->follow(""));
    CHECK(!peer.peer->follow(folder.path.string()));
    std::string swollen = "magnet:?xt=urn:btih:" + std::string(40, '0');
    for (int i = 0; i < 1000; ++i) swollen += "&tr=::::";
    CHECK(!peer.peer->follow(swollen));
    CHECK(peer.peer->status().feeds.empty());
}

TEST_CASE("a second peer on the same data is refused", "[peer]") {
    Folder folder;
    FakeNetwork network;
    TestPeer first(folder.path / "data", "first:1", network);
    const auto second = Peer::start(
        {.data = folder.path / "data"},
        [&](const SwarmSettings&, SwarmSink sink) -> Result<std::unique_ptr<Swarm>> {
            return network.make("second:1", std::move(sink));
        },
        [] { return start_of_time; });
    REQUIRE(!second);
    CHECK(second.error().code == Errc::locked);
}

TEST_CASE("a bundle whose dictionary its volume lacks is refused, not waited with", "[peer]") {
    Folder folder;
    FakeNetwork network;
    support::FeedFolder feed(folder.path / "feed", "gazette");
    const auto dictionary = Dictionary::load(support::test_dictionary(feed.feed(), 4096));
    REQUIRE(dictionary);
    feed.add_articles(support::many_articles(feed.feed(), 1), *dictionary);
    feed.publish();
    TestPeer reader(folder.path / "reader", "reader:1", network);
    *reader.now = feed.time() + 60;
    REQUIRE(reader.peer->follow(feed.directory().root.string()));
    CHECK(reader.comes_true([&] {
        return reader.feed().problem.find("lacks the compression dictionary") != std::string::npos;
    }));
}

TEST_CASE_METHOD(ReadFeed, "what is here of a release on its way stays, whatever else is heard of or restarted",
                 "[peer]") {
    // Of the second release the reader gets the article, and not the picture.
    network.withhold_files({"00000002-001.media.zst"});
    newsroom.release("Second", limits::default_volume_bytes, true);
    REQUIRE(reader.comes_true([&] { return reader.articles() == 2; }, 20));
    REQUIRE(reader.feed().seq == 1);
    const auto feed = *PublicKey::from(newsroom.head().message.feed());
    const auto article = FeedDirectory{DataDirectory{reader.data}.feed(feed)}.volume(1) /
                         "00000002-000.articles.zst";
    REQUIRE(fs::exists(article));
    network.forget_fetches();
    SECTION("after a restart, with nobody there") {
        seed.peer.reset();
        reader.peer.reset();
        reader.start();
        REQUIRE(reader.comes_true([&] { return reader.feed().seq == 1; }));
        CHECK_FALSE(reader.comes_true([&] { return reader.articles() != 2; }, 2));
        CHECK(fs::exists(article));
        network.withhold_files({});
        seed.start();
        CHECK(reader.reaches(2, 20));
        const auto quiet = network.keep_busy();
        CHECK(network.fetch_order == std::vector<std::string>{"reader:1 00000002-001.media.zst"});
    }
    SECTION("when a head comes whose shelf is still on its way") {
        overhear(network, [](const std::string&, pb::Gossip& gossip) {
            return !(gossip.has_part() && gossip.part().subject().kind() == pb::Subject::SHELF);
        });
        newsroom.release("Third", 1);
        REQUIRE(reader.comes_true([&] { return reader.feed().seen_seq == 3; }));
        CHECK_FALSE(reader.comes_true([&] { return reader.articles() != 2; }, 2));
        CHECK(fs::exists(article));
        network.withhold_files({});
        network.tamper_with({});
        CHECK(reader.reaches(3, 30));
        CHECK(reader.articles() == 3);
    }
    CHECK(fs::exists(article));
}
