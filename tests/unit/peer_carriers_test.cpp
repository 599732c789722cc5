#include <catch2/catch.hpp>

#include <algorithm>

#include "core/message.h"
#include "feed/link.h"
#include "gossip.pb.h"
#include "peer/budget.h"
#include "support/scripted_server.h"
#include "support/thief_fixture.h"

using namespace colport;
using namespace colport::test;

namespace {

/// The feed that the newsroom's link names.
PublicKey feed_of(const Newsroom& newsroom) {
    return *PublicKey::from(newsroom.head().message.feed());
}

std::vector<std::string> fetched_by(const FakeNetwork& network, const std::string& address) {
    std::vector<std::string> out;
    for (const auto& file : network.fetch_order)
        if (file.starts_with(address + " ")) out.push_back(file.substr(address.size() + 1, 8));
    return out;
}

}  // namespace

TEST_CASE("the newest volume comes first, then older ones backwards", "[peer]") {
    Folder folder;
    FakeNetwork network;
    Newsroom newsroom(folder.path / "newsroom");
    for (int i = 1; i <= 5; ++i) newsroom.release("Release " + std::to_string(i), 1);
    TestPeer seed(folder.path / "seed", "seed:1", network);
    REQUIRE(seed.peer->follow(newsroom.workshop.feed().root.string()));
    REQUIRE(seed.reaches(5));

    SECTION("all of them") {
        TestPeer reader(folder.path / "reader", "reader:1", network);
        REQUIRE(reader.peer->follow(newsroom.link("seed:1")));
        REQUIRE(reader.reaches(5));
        CHECK(reader.articles() == 5);
        const auto order = fetched_by(network, "reader:1");
        REQUIRE(order.size() == 5);
        CHECK(order[0] == "00000005");
        CHECK(order[4] == "00000001");
        CHECK(reader.feed().volumes_have == 5);
    }
    SECTION("or only as far back as was asked for, and more on demand") {
        PeerSettings settings;
        settings.history_days = 0;
        TestPeer reader(folder.path / "reader", "reader:1", network, settings);
        REQUIRE(reader.peer->follow(newsroom.link("seed:1")));
        REQUIRE(reader.reaches(5));
        CHECK(reader.articles() == 1);
        CHECK(reader.feed().volumes_total == 1);
        // The third release was made 120 seconds after the first.
        REQUIRE(reader.peer->fetch(feed_of(newsroom), start_of_time + 120));
        CHECK(reader.comes_true([&] { return reader.articles() == 3; }));
        reader.peer.reset();
        reader.start();
        CHECK(reader.reaches(5));
        CHECK(reader.articles() == 3);
        REQUIRE(reader.peer->fetch(feed_of(newsroom), 0));
        CHECK(reader.comes_true([&] { return reader.articles() == 5; }));
        CHECK(!reader.peer->fetch(*PublicKey::from(std::string(32, 'x')), 0));
    }
    SECTION("a number of days counts from today") {
        PeerSettings settings;
        settings.history_days = 1;
        TestPeer reader(folder.path / "reader", "reader:1", network, settings);
        *reader.now = start_of_time + 86'400 + 200;
        REQUIRE(reader.peer->follow(newsroom.link("seed:1")));
        REQUIRE(reader.reaches(5));
        CHECK(reader.articles() == 1);
    }
}

TEST_CASE("pictures are fetched as the reader chose", "[peer]") {
    Folder folder;
    FakeNetwork network;
    Newsroom newsroom(folder.path / "newsroom");
    newsroom.release("First", limits::default_volume_bytes, true);
    newsroom.release("Second", limits::default_volume_bytes, true);
    TestPeer seed(folder.path / "seed", "seed:1", network);
    REQUIRE(seed.peer->follow(newsroom.workshop.feed().root.string()));
    REQUIRE(seed.reaches(2));
    PeerSettings settings;

    SECTION("always") {
        TestPeer reader(folder.path / "reader", "reader:1", network, settings);
        REQUIRE(reader.peer->follow(newsroom.link("seed:1")));
        REQUIRE(reader.reaches(2));
        CHECK(fetched_by(network, "reader:1").size() == 4);
    }
    SECTION("never") {
        settings.pictures = FetchPictures::never;
        TestPeer reader(folder.path / "reader", "reader:1", network, settings);
        REQUIRE(reader.peer->follow(newsroom.link("seed:1")));
        REQUIRE(reader.reaches(2));
        CHECK(reader.articles() == 2);
        CHECK(fetched_by(network, "reader:1").size() == 2);
        reader.peer->want_pictures(feed_of(newsroom), 1, "00000002-000.articles.zst");
        std::this_thread::sleep_for(std::chrono::milliseconds(300));
        CHECK(fetched_by(network, "reader:1").size() == 2);
    }
    SECTION("when an article is opened: those of its release") {
        settings.pictures = FetchPictures::on_open;
        TestPeer reader(folder.path / "reader", "reader:1", network, settings);
        REQUIRE(reader.peer->follow(newsroom.link("seed:1")));
        REQUIRE(reader.reaches(2));
        CHECK(fetched_by(network, "reader:1").size() == 2);
        reader.peer->want_pictures(feed_of(newsroom), 1, "00000002-000.articles.zst");
        CHECK(reader.comes_true([&] { return fetched_by(network, "reader:1").size() == 3; }));
        CHECK(fetched_by(network, "reader:1").back() == "00000002");
        CHECK(reader.reaches(2));
    }
}

TEST_CASE_METHOD(ReadFeed,
                 "a small release needs no question: its listing travels with the head", "[peer]") {
    SECTION("so it arrives although nobody answers questions") {
        overhear(network, [](const std::string&, pb::Gossip& gossip) { return !gossip.has_part(); });
        newsroom.release("Second");
        CHECK(reader.reaches(2));
        newsroom.release("Third", 1);
        newsroom.release("Fourth");
        CHECK(reader.comes_true([&] { return reader.feed().seen_seq == 4; }));
    }
    SECTION("and one that is wrong is asked for as ever, and costs nobody the connection") {
        overhear(network, [](const std::string&, pb::Gossip& gossip) {
            if (gossip.has_announce() && gossip.announce().has_listing())
                gossip.mutable_announce()->mutable_listing()->mutable_pieces()->back() ^= 1;
            return true;
        });
        newsroom.release("Second");
        CHECK(reader.reaches(2));
        CHECK(network.bans == 0);
    }
}

TEST_CASE_METHOD(ReadFeed, "peers that were met are remembered for the next start", "[peer]") {
    TestPeer third(folder.path / "third", "third:1", network);
    REQUIRE(third.peer->follow(newsroom.link("reader:1")));
    REQUIRE(third.reaches(1));
    const auto knows_both = [&] {
        auto archive = ArchiveReader::open(DataDirectory{reader.data}.archive());
        REQUIRE(archive);
        auto known = archive->known_peers(feed_of(newsroom));
        REQUIRE(known);
        std::sort(known->begin(), known->end());
        return *known == std::vector<std::string>{"seed:1", "third:1"};
    };
    CHECK(reader.comes_true(knows_both));
}

TEST_CASE("a feed directory is taken in by hand", "[peer]") {
    Folder folder;
    FakeNetwork network;
    Newsroom newsroom(folder.path / "newsroom");
    newsroom.release("First", 1);
    const auto stick = folder.path / "stick";
    const auto carry = [&](const std::string& name) {
        fs::copy(newsroom.workshop.feed().root, stick / name, fs::copy_options::recursive);
        return (stick / name).string();
    };
    fs::create_directories(stick);
    const auto first = carry("first");
    newsroom.release("Second", 1);
    const auto second = carry("second");
    TestPeer reader(folder.path / "reader", "reader:1", network);
    const auto taken = reader.peer->import(second);
    REQUIRE(taken);
    CHECK(*taken == std::vector{feed_of(newsroom)});
    REQUIRE(reader.reaches(2));
    CHECK(reader.articles() == 2);
    CHECK(reader.comes_true([&] { return !reader.feed().importing; }));
    fs::remove_all(second);

    SECTION("an older one changes nothing and is no error") {
        REQUIRE(reader.peer->import(first));
        CHECK(reader.reaches(2));
        CHECK(reader.feed().seq == 2);
        CHECK(reader.feed().problem.empty());
    }
    SECTION("a newer one adds what is new") {
        newsroom.release("Third", 1);
        REQUIRE(reader.peer->import(carry("third")));
        REQUIRE(reader.reaches(3));
        CHECK(reader.articles() == 3);
    }
    SECTION("a forged one is refused whole") {
        newsroom.release("Third", 1);
        const auto forged = carry("forged");
        auto head = read_file(fs::path(forged) / "head", limits::head);
        REQUIRE(head);
        head->back() ^= 1;
        REQUIRE(write_file(fs::path(forged) / "head", *head));
        const auto refused = reader.peer->import(forged);
        REQUIRE(!refused);
        CHECK(reader.feed().seen_seq == 2);
    }
    SECTION("a bundle that was changed on the stick is left out") {
        newsroom.release("Third", 1);
        const auto changed = carry("changed");
        for (const auto& entry : fs::recursive_directory_iterator(changed))
            if (entry.path().filename().string().starts_with("00000003")) {
                auto bytes = read_file(entry.path(), limits::bundle);
                REQUIRE(bytes);
                bytes->at(10) ^= 1;
                REQUIRE(write_file(entry.path(), *bytes));
            }
        REQUIRE(reader.peer->import(changed));
        CHECK(reader.comes_true([&] { return !reader.feed().importing; }));
        CHECK(reader.articles() == 2);
        CHECK(reader.feed().seen_seq == 3);
    }
    SECTION("addresses beside it, which nobody signed, are not added to those of the feed") {
        newsroom.release("Third", 1);
        const fs::path third = carry("third");
        const Link planted{feed_of(newsroom), "", {}, {"http://127.0.0.1:9/"}, {}};
        REQUIRE(write_file(third / "link.txt", to_string(planted) + "\n"));
        REQUIRE(reader.peer->import(third));
        REQUIRE(reader.reaches(3));
        auto archive = ArchiveReader::open(DataDirectory{reader.data}.archive());
        REQUIRE(archive);
        CHECK(archive->feeds().value().at(0).link.find("127.0.0.1") == std::string::npos);
    }
    SECTION("there must be one") { CHECK(!reader.peer->import(folder.path / "nowhere")); }
}

TEST_CASE_METHOD(SeededFeed, "a stick that is older than a release on its way is refused in the end", "[peer]") {
    PeerSettings settings;
    settings.patience = 1;
    TestPeer reader(folder.path / "reader", "reader:1", network, settings);
    REQUIRE(reader.peer->follow(newsroom.link("seed:1")));
    REQUIRE(reader.reaches(1));
    const auto stick = folder.path / "stick";
    fs::copy(newsroom.workshop.feed().root, stick, fs::copy_options::recursive);
    overhear(network, [](const std::string&, pb::Gossip& gossip) {
        return !(gossip.has_part() && gossip.part().subject().kind() == pb::Subject::SHELF);
    });
    newsroom.release("Second", 1);
    REQUIRE(reader.comes_true([&] { return reader.feed().seen_seq == 2; }));
    REQUIRE(reader.peer->import(stick));
    CHECK(reader.comes_true([&] {
        const auto feed = reader.feed();
        return !feed.importing && feed.problem.find("older") != std::string::npos;
    }));
    network.tamper_with({});
    CHECK(reader.reaches(2, 40));
    CHECK(reader.feed().problem.empty());
}

TEST_CASE_METHOD(SeededFeed, "a stick has its turn at once when nobody sends what is newer", "[peer]") {
    TestPeer reader(folder.path / "reader", "reader:1", network);
    REQUIRE(reader.peer->follow(newsroom.link("seed:1")));
    REQUIRE(reader.reaches(1));
    withhold(network, [](const pb::Subject& subject) {
        return subject.kind() == pb::Subject::LISTING;
    });
    newsroom.release("Second");
    const auto stick = folder.path / "stick";
    fs::copy(newsroom.workshop.feed().root, stick, fs::copy_options::recursive);
    newsroom.release("Third");
    REQUIRE(reader.comes_true([&] { return reader.feed().seen_seq == 3; }));
    REQUIRE(reader.peer->import(stick));
    CHECK(reader.comes_true([&] { return reader.articles() == 2; }));
}

TEST_CASE("an old release takes no volumes away from a reader who comes back", "[peer]") {
    Folder folder;
    FakeNetwork network;
    Newsroom newsroom(folder.path / "newsroom");
    newsroom.release("First", 1);
    const auto old = folder.path / "old";
    fs::copy(newsroom.workshop.feed().root, old, fs::copy_options::recursive);
    newsroom.release("Second", 1);
    newsroom.release("Third", 1);
    TestPeer reader(folder.path / "reader", "reader:1", network);
    REQUIRE(reader.peer->import(newsroom.workshop.feed().root));
    REQUIRE(reader.reaches(3));
    const FeedDirectory here{DataDirectory{reader.data}.feed(feed_of(newsroom))};
    REQUIRE(fs::exists(here.volume(3) / "00000003-000.articles.zst"));
    REQUIRE(reader.peer->unfollow(feed_of(newsroom)));
    REQUIRE(reader.peer->import(old));
    REQUIRE(reader.reaches(1));
    REQUIRE(reader.comes_true([&] { return reader.articles() == 1; }));
    CHECK(fs::exists(here.volume(3) / "00000003-000.articles.zst"));
    REQUIRE(reader.peer->import(newsroom.workshop.feed().root));
    CHECK(reader.reaches(3));
    CHECK(reader.comes_true([&] { return reader.articles() == 3; }));
}

TEST_CASE("a stick is taken in whole though the network is joined anew meanwhile", "[peer]") {
    Folder folder;
    FakeNetwork network;
    Newsroom newsroom(folder.path / "newsroom");
    for (int i = 1; i <= 8; ++i) newsroom.release("Release " + std::to_string(i), 1);
    const auto stick = folder.path / "stick";
    fs::copy(newsroom.workshop.feed().root, stick, fs::copy_options::recursive);
    REQUIRE(write_file(FeedDirectory{stick}.dht_nodes(), "192.0.2.1:6881\n"));
    TestPeer reader(folder.path / "reader", "reader:1", network);
    REQUIRE(reader.peer->import(stick));
    REQUIRE(reader.peer->set_mode(Reach::lan, {}));
    REQUIRE(reader.peer->set_mode(Reach::open, {}));
    CHECK(reader.reaches(8));
    CHECK(reader.articles() == 8);
}

TEST_CASE_METHOD(Robbed, "a mirror whom a thief fooled is used again as soon as it has caught up", "[peer][trust]") {
    // Shorter than the newsroom's file of that name: of a longer one too much comes.
    thief.release("X");
    replace_key(newsroom);
    newsroom.release("Second, of which more is said");
    std::mutex mutex;
    auto root = thief.workshop.feed().root;
    support::ScriptedServer mirror([&](support::ServedConnection& connection) {
        for (auto request = connection.read_request(); !request.empty();
             request = connection.read_request()) {
            const auto begin = request.find('/') + 1;
            const auto path = request.substr(begin, request.find(' ', begin) - begin);
            const std::lock_guard lock(mutex);
            const auto file = read_file(root / path, limits::bundle);
            connection.send(support::http_answer(file ? "200 OK" : "404 Not Found", "",
                                                 file ? *file : ""));
        }
    });
    // Peers give the list and nothing else, and are gone then.
    network.withhold_files({"00000001-000.articles.zst", "00000002-000.articles.zst"});
    {
        const auto list = seed(newsroom);
        const FeedDirectory held{DataDirectory{reader.data}.feed(feed_of(newsroom))};
        REQUIRE(reader.comes_true([&] { return fs::exists(held.torrent(1)); }));
    }
    auto link = parse_link(newsroom.link("nobody:1"));
    REQUIRE(link);
    link->mirrors = {mirror.url()};
    REQUIRE(reader.peer->follow(to_string(*link)));
    const auto asked = [&] {
        const auto requests = mirror.requests();
        return std::any_of(requests.begin(), requests.end(), [](const auto& request) {
            return request.find("00000002-000.articles.zst") != std::string::npos;
        });
    };
    REQUIRE(reader.comes_true(asked));
    std::this_thread::sleep_for(std::chrono::milliseconds(300));
    CHECK(reader.feed().seq == 0);
    {
        const std::lock_guard lock(mutex);
        root = newsroom.workshop.feed().root;
    }
    CHECK(reader.reaches(2, 40));
    CHECK(titles(reader).size() == 2);
}

TEST_CASE("the DHT carries heads and keyrings", "[peer]") {
    Folder folder;
    FakeNetwork network;
    Newsroom newsroom(folder.path / "newsroom");
    newsroom.release("First");
    PeerSettings settings;
    settings.poll = 1;
    TestPeer seed(folder.path / "seed", "seed:1", network, settings);
    REQUIRE(seed.peer->follow(newsroom.workshop.feed().root.string()));
    REQUIRE(seed.reaches(1));
    TestPeer reader(folder.path / "reader", "reader:1", network, settings);
    REQUIRE(reader.peer->follow(newsroom.link("nobody:1")));
    CHECK(reader.comes_true([&] { return reader.feed().seen_seq == 1; }));
    const auto dht_state = [&] {
        for (const auto& carrier : reader.feed().carriers)
            if (carrier.name == "dht") return carrier.state;
        return CarrierState::off;
    };
    CHECK(reader.comes_true([&] { return dht_state() == CarrierState::works; }));
    newsroom.release("Second");
    CHECK(reader.comes_true([&] { return reader.feed().seen_seq == 2; }));
    CHECK(reader.feed().cut_off == false);
}

TEST_CASE("the mode is switched while running, and remembered", "[peer]") {
    Folder folder;
    FakeNetwork network;
    TestPeer peer(folder.path / "data", "peer:1", network);
    CHECK(peer.peer->status().mode == "open");
    CHECK(peer.peer->set_mode(Reach::proxy, {}).error().code == Errc::invalid);
    CHECK(peer.swarm_settings.reach == Reach::open);
    REQUIRE(peer.peer->set_mode(Reach::proxy, Proxy{"127.0.0.1", 9050, "me", "secret"}));
    CHECK(peer.swarm_settings.reach == Reach::proxy);
    CHECK(peer.peer->status().proxy.find("secret") == std::string::npos);
    peer.peer.reset();
    peer.start();
    CHECK(peer.peer->status().mode == "proxy");
    CHECK(peer.swarm_settings.reach == Reach::proxy);
    REQUIRE(peer.swarm_settings.proxy);
    CHECK(peer.swarm_settings.proxy->password == "secret");
    peer.peer.reset();
    peer.settings.reach_given = true;
    peer.settings.swarm.reach = Reach::lan;
    peer.start();
    CHECK(peer.peer->status().mode == "lan");
}

TEST_CASE_METHOD(ReadFeed, "feeds go on after a switch of the mode", "[peer]") {
    REQUIRE(reader.peer->set_mode(Reach::lan, {}));
    newsroom.release("Second");
    CHECK(reader.reaches(2));
    CHECK(reader.articles() == 2);
}

TEST_CASE("a month's budget counts across restarts and begins anew with the month", "[peer]") {
    Folder folder;
    auto archive = Archive::open(folder.path / "archive");
    REQUIRE(archive);
    constexpr std::int64_t end_of_may = 1'780'271'999;   // 2026-05-31T23:59:59Z
    {
        auto budget = Budget::open(*archive, 10'000'000, end_of_may);
        REQUIRE(budget);
        CHECK(budget->status().month == "2026-05");
        REQUIRE(budget->count(6'000'000, end_of_may));
        CHECK_FALSE(budget->is_spent());
        REQUIRE(budget->save());
    }
    auto budget = Budget::open(*archive, 10'000'000, end_of_may);
    REQUIRE(budget);
    CHECK(budget->status().used == 6'000'000);
    REQUIRE(budget->count(4'000'000, end_of_may));
    CHECK(budget->is_spent());
    REQUIRE(budget->count(4'000'100, end_of_may + 1));
    CHECK_FALSE(budget->is_spent());
    CHECK(budget->status().month == "2026-06");
    CHECK(budget->status().used == 100);
    auto later = Budget::open(*archive, 50, end_of_may + 1);
    REQUIRE(later);
    CHECK(later->status().used == 100);
    CHECK(later->is_spent());
}
