// Keys and root keys in other hands, as peers live through it.

#include "core/message.h"
#include "gossip.pb.h"
#include "support/thief_fixture.h"

using namespace colport;
using namespace colport::test;

TEST_CASE_METHOD(ReadFeed, "attack back-dated release: until the newsroom's next one its articles "
                           "may be somebody else's", "[trust][peer]") {
    const auto loss = start_of_time + 7200;
    *reader.now = loss + 3600;
    auto thief = twin_of(newsroom, folder.path);
    thief.release("Forged");              // whose dates are from before the loss
    TestPeer fence(folder.path / "fence", "fence:1", network);
    REQUIRE(fence.peer->follow(thief.workshop.feed().root.string()));
    REQUIRE(reader.peer->follow(newsroom.link("fence:1")));
    REQUIRE(reader.reaches(2));
    CHECK(marks(reader).empty());

    auto message = keyring_of(newsroom);
    const auto next = SigningKey::generate();
    message.set_version(2);
    message.set_least_seq(5);             // a newsroom that is not sure of its numbers
    message.add_signing()->set_key(next.public_key().str());
    auto& gone = *message.add_revoked();
    gone.set_key(newsroom.signing().public_key().str());
    gone.set_since(loss);
    const auto root = newsroom.root();
    const SigningKey* roots[] = {&root};
    REQUIRE(write_file(newsroom.workshop.feed().keyring(), sign_keyring(message, roots)));
    CHECK(reader.comes_true([&] { return marks(reader).size() == 2; }));
    CHECK_FALSE(marks(reader)["First"].doubtful);
    CHECK(marks(reader)["Forged"].doubtful);
    CHECK(reader.comes_true(
        [&] { return reader.feed().problem.find("withdrawn") != std::string::npos; }));

    // A newcomer has no way to tell, until a head by a good key vouches for the first.
    TestPeer late(folder.path / "late", "late:1", network);
    *late.now = loss + 3600;
    REQUIRE(write_file(newsroom.workshop.signing_key(),
                       key_file::seal(next, "signing", Secret(0)), 0600));
    newsroom.count = 1;
    for (int i = 0; i < 5; ++i) newsroom.release("Later " + std::to_string(i));
    REQUIRE(late.peer->follow(newsroom.link("seed:1")));
    REQUIRE(late.reaches(6));
    REQUIRE(reader.reaches(6));
    for (const auto* peer : {&reader, &late}) {
        const auto said = marks(*peer);
        REQUIRE(said.size() == 1);
        CHECK_FALSE(said.at("First").doubtful);
        CHECK(peer->articles() == 6);
    }
}

TEST_CASE_METHOD(ReadFeed, "a forked feed serves what it held before, also after a restart, and "
                           "fetches nothing", "[trust][peer]") {
    {
        // Else the newsroom's own daemon hears of the other side there.
        const auto quiet = network.keep_busy();
        network.dht = false;
    }
    auto thief = twin_of(newsroom, folder.path);
    newsroom.release("Second");
    REQUIRE(reader.reaches(2));
    thief.release("Evil");
    TestPeer fork(folder.path / "fork", "fork:1", network);
    REQUIRE(fork.peer->follow(thief.workshop.feed().root.string()));
    REQUIRE(fork.reaches(2));
    REQUIRE(reader.peer->follow(newsroom.link("fork:1")));
    REQUIRE(reader.comes_true([&] { return reader.feed().state == FeedState::forked; }));
    fork.peer.reset();
    seed.peer.reset();

    const auto restarted = GENERATE(false, true);
    if (restarted) {
        reader.peer.reset();
        reader.start();
        REQUIRE(reader.feed().state == FeedState::forked);
    }
    TestPeer late(folder.path / "late", "late:1", network);
    REQUIRE(late.peer->follow(newsroom.link("reader:1")));
    CHECK(late.reaches(2));
    CHECK(late.articles() == 2);

    seed.start();
    newsroom.release("Third");
    REQUIRE(late.peer->follow(newsroom.link("seed:1")));
    REQUIRE(late.reaches(3));
    CHECK(reader.feed().seq == 2);
    CHECK(reader.articles() == 2);
    for (const auto& file : network.files_fetched) CHECK_FALSE(file.starts_with("reader:1 00000003"));
}

TEST_CASE_METHOD(ReadFeed, "a fork while a release is fetched stops that, and serves the one before",
                 "[trust][peer]") {
    auto thief = twin_of(newsroom, folder.path);
    // The listing of the second comes to nobody, so it stays pending.
    overhear(network, [](const std::string& from, pb::Gossip& gossip) {
        if (gossip.has_announce()) gossip.mutable_announce()->clear_listing();
        return !(from == "seed:1" && gossip.has_part());
    });
    newsroom.release("Second");
    REQUIRE(reader.comes_true([&] { return reader.feed().seen_seq == 2; }));
    thief.release("Evil");
    TestPeer fork(folder.path / "fork", "fork:1", network);
    REQUIRE(fork.peer->follow(thief.workshop.feed().root.string()));
    REQUIRE(fork.reaches(2));
    REQUIRE(reader.peer->follow(newsroom.link("fork:1")));
    REQUIRE(reader.comes_true([&] { return reader.feed().state == FeedState::forked; }));
    reader.peer.reset();
    reader.start();
    fork.peer.reset();
    seed.peer.reset();
    network.tamper_with({});
    {
        // Else it tells a newcomer of the second, before anybody offers the first.
        const auto quiet = network.keep_busy();
        network.dht = false;
    }
    TestPeer late(folder.path / "late", "late:1", network);
    REQUIRE(late.peer->follow(newsroom.link("reader:1")));
    CHECK(late.reaches(1));
    CHECK(late.articles() == 1);
    CHECK(late.feed().seen_seq == 1);
    CHECK(reader.feed().seq == 1);
    CHECK(reader.articles() == 1);
}

TEST_CASE_METHOD(ReadFeed, "peers who believe a keyring of replaced root keys, or of a newer format, "
                           "are not blamed for it", "[trust][peer]") {
    const auto a = SigningKey::generate(), b = SigningKey::generate();
    const auto root = newsroom.root();
    const auto feed = root.public_key();
    const auto keyring_by = [&](const SigningKey& editor, std::uint64_t list,
                                const pb::Keyring& message) {
        const auto roots = encode_roots(feed, {{editor.public_key()}, 1}, list);
        const auto appointed = sign_roots(root, roots);
        const SigningKey* signers[] = {&editor};
        return sign_keyring(message, signers, roots, &appointed);
    };
    auto thief = twin_of(newsroom, folder.path);
    auto message = keyring_of(newsroom);
    message.set_version(2);
    REQUIRE(write_file(newsroom.workshop.feed().keyring(), keyring_by(b, 2, message)));
    const auto held = [&] {
        const auto file = read_file(DataDirectory{reader.data}.feed(feed) / "keyring",
                                    limits::keyring);
        return file ? Keyring::verify(*file, feed)->roots().version() : 0;
    };
    REQUIRE(reader.comes_true([&] { return held() == 2; }));

    // Those who replaced nobody: their keyring names a key of their own.
    const auto theirs = SigningKey::generate();
    auto lie = message;
    SECTION("by a higher number") { lie.set_version(9); }
    SECTION("by a lower one") { lie.set_version(1); }
    lie.add_signing()->set_key(theirs.public_key().str());
    REQUIRE(write_file(thief.workshop.feed().keyring(), keyring_by(a, 1, lie)));
    REQUIRE(write_file(thief.workshop.signing_key(),
                       key_file::seal(theirs, "signing", Secret(0)), 0600));
    thief.release("Forged");
    TestPeer fooled(folder.path / "fooled", "fooled:1", network);
    REQUIRE(fooled.peer->follow(thief.workshop.feed().root.string()));
    REQUIRE(fooled.reaches(2));
    const auto hash = sha256(*read_file(thief.workshop.feed().keyring(), limits::keyring)).str();
    std::atomic<bool> was_asked = false, gave = false;
    overhear(network, [&](const std::string& from, pb::Gossip& gossip) {
        if (from == "reader:1" && gossip.has_get() && gossip.get().subject().sha256() == hash)
            was_asked = true;
        if (from == "fooled:1" && gossip.has_part() && gossip.part().subject().sha256() == hash)
            gave = true;
        return true;
    });
    REQUIRE(reader.peer->follow(newsroom.link("fooled:1")));
    REQUIRE(reader.comes_true([&] { return reader.feed().peers == 2 && was_asked && gave; }));
    std::this_thread::sleep_for(std::chrono::milliseconds(1500));
    CHECK(network.bans == 0);
    CHECK(held() == 2);
    CHECK(reader.feed().seq == 1);
    CHECK(reader.feed().problem.empty());
    CHECK(reader.feed().peers == 2);
    CHECK(reader.articles() == 1);
    network.tamper_with({});
}

TEST_CASE_METHOD(ReadFeed, "a peer whose keyring is of a newer format is not blamed for it, and the "
                           "reader is told", "[trust][peer]") {
    auto message = keyring_of(newsroom);
    message.set_format(2);
    message.set_version(2);
    const auto root = newsroom.root();
    const SigningKey* roots[] = {&root};
    const auto file = sign_keyring(message, roots);
    overhear(network, [&](const std::string& from, pb::Gossip& gossip) {
        if (from != "seed:1") return true;
        if (gossip.has_announce())
            gossip.mutable_announce()->set_keyring_sha256(sha256(file).str());
        if (gossip.has_part() && gossip.part().subject().kind() == pb::Subject::KEYRING) {
            gossip.mutable_part()->set_total(static_cast<std::uint32_t>(file.size()));
            gossip.mutable_part()->set_data(file);
        }
        return true;
    });
    newsroom.release("Second");
    CHECK(reader.reaches(2));
    CHECK(reader.comes_true(
        [&] { return reader.feed().problem.find("newer version") != std::string::npos; }));
    CHECK(network.bans == 0);
    network.tamper_with({});
}

TEST_CASE("what a thief published goes from sealed volumes too, though the reader wants no old ones",
          "[trust][peer]") {
    Folder folder;
    FakeNetwork network;
    Newsroom newsroom(folder.path / "newsroom");
    auto thief = twin_of(newsroom, folder.path);
    for (const auto* title : {"Forged one", "Forged two", "Forged three"}) thief.release(title, 1);
    TestPeer fence(folder.path / "fence", "fence:1", network);
    REQUIRE(fence.peer->follow(thief.workshop.feed().root.string()));
    REQUIRE(fence.reaches(3));
    PeerSettings settings;
    settings.history_days = GENERATE(std::optional<std::int64_t>{}, std::optional<std::int64_t>{0});
    TestPeer reader(folder.path / "reader", "reader:1", network, settings);
    REQUIRE(reader.peer->follow(newsroom.link("fence:1")));
    REQUIRE(reader.reaches(3));
    fence.peer.reset();

    for (const auto* title : {"One", "Two", "Three"}) newsroom.release(title, 1);
    replace_key(newsroom);
    newsroom.release("Four", 1);
    // Only the newest volume's listing comes before a restart.
    withhold(network, [](const pb::Subject& subject) {
        return subject.kind() == pb::Subject::LISTING && subject.volume() < 4;
    });
    TestPeer seed(folder.path / "seed", "seed:1", network);
    REQUIRE(seed.peer->follow(newsroom.workshop.feed().root.string()));
    REQUIRE(seed.reaches(4));
    REQUIRE(reader.peer->follow(newsroom.link("seed:1")));
    REQUIRE(reader.comes_true([&] { return reader.feed().seq == 4; }));
    reader.peer.reset();
    network.tamper_with({});
    reader.start();
    CHECK(reader.comes_true([&] {
        auto archive = ArchiveReader::open(DataDirectory{reader.data}.archive());
        REQUIRE(archive);
        const auto forged = archive->search({.words = "forged"});
        REQUIRE(forged);
        return forged->total == 0;
    }));
    CHECK(reader.comes_true([&] { return reader.feed().complete; }));
}

namespace {

/// A reader of two articles, the first of which a thief replaced by a release whose one file
/// has a name that the newsroom never uses.
struct Overwritten {
    Folder folder;
    FakeNetwork network;
    Newsroom newsroom{folder.path / "newsroom"};
    std::unique_ptr<TestPeer> seed;
    TestPeer reader{folder.path / "reader", "reader:1", network};

    Overwritten() {
        newsroom.release("First");
        newsroom.release("Second");
        auto thief = twin_of(newsroom, folder.path);
        thief.count = 0;
        thief.release("Forged");
        TestPeer fence(folder.path / "fence", "fence:1", network);
        REQUIRE(fence.peer->follow(thief.workshop.feed().root.string()));
        REQUIRE(reader.peer->follow(newsroom.link("fence:1")));
        REQUIRE(reader.reaches(3));
        REQUIRE(titles(reader) == std::set<std::string>{"Forged", "Second"});
        newsroom.redact(newsroom.id(2), {.reason = "For somebody's safety."});
    }
    void publish() {
        newsroom.release("Fourth");
        seed = std::make_unique<TestPeer>(folder.path / "seed", "seed:1", network);
        REQUIRE(seed->peer->follow(newsroom.workshop.feed().root.string()));
        REQUIRE(reader.peer->follow(newsroom.link("seed:1")));
    }
};

}  // namespace

TEST_CASE_METHOD(Overwritten, "what a thief put something in the place of comes back before his key is withdrawn",
                 "[trust][peer]") {
    publish();
    REQUIRE(reader.reaches(4, 20));
    const std::set<std::string> honest{"First", "Fourth"};
    CHECK(reader.comes_true([&] { return titles(reader) == honest; }));
    replace_key(newsroom);
    newsroom.release("Fifth");
    REQUIRE(reader.reaches(5, 20));
    CHECK(reader.comes_true(
        [&] { return titles(reader) == std::set<std::string>{"First", "Fourth", "Fifth"}; }));
}

TEST_CASE_METHOD(Overwritten, "what a thief put something in the place of comes back on a full disk, and the rest "
                              "stays readable", "[trust][peer]") {
    auto wanted = reader.settings;
    wanted.disk_reserve = std::uint64_t{1} << 60;
    REQUIRE(reader.peer->reload(wanted));
    REQUIRE(reader.comes_true([&] { return reader.peer->status().disk.full; }));
    replace_key(newsroom);
    publish();
    const std::set<std::string> honest{"First"};
    CHECK(reader.comes_true([&] { return titles(reader) == honest; }));
    CHECK_FALSE(reader.comes_true([&] { return titles(reader) != honest; }, 2));
    wanted.disk_reserve = 0;
    REQUIRE(reader.peer->reload(wanted));
    CHECK(reader.reaches(4, 20));
    CHECK(reader.comes_true(
        [&] { return titles(reader) == std::set<std::string>{"First", "Fourth"}; }));
}

TEST_CASE_METHOD(Robbed, "what of a thief's release was here goes, though it never became whole", "[trust][peer]") {
    const bool is_newcomer = GENERATE(true, false);
    if (!is_newcomer) {
        const auto first = seed(newsroom, "first");
        REQUIRE(reader.reaches(1));
    }
    SECTION("in the newest volume") { thief.release("Forged", limits::default_volume_bytes, true); }
    SECTION("in volumes that the newsroom has not begun") {
        thief.release("Forged one", 1);
        thief.release("Forged two", limits::default_volume_bytes, true);
    }
    // The picture is not to be had, so nobody ever has all of it.
    std::set<std::string> pictures;
    for (const auto& entry : fs::recursive_directory_iterator(thief.workshop.feed().root))
        if (const auto name = entry.path().filename().string(); kind_of(name) == FileKind::media)
            pictures.insert(name);
    network.withhold_files(pictures);
    auto fence = seed(thief, "fence");
    const auto forged = [&] {
        const auto all = titles(reader);
        return std::any_of(all.begin(), all.end(),
                           [](const auto& title) { return title.starts_with("Forged"); });
    };
    REQUIRE(reader.comes_true(forged));
    REQUIRE(reader.feed().seq == (is_newcomer ? 0 : 1));
    fence.reset();

    newsroom.release("Second");
    replace_key(newsroom);
    newsroom.release("Third");
    const auto honest = seed(newsroom);
    CHECK(reader.reaches(3, 20));
    CHECK(reader.comes_true(
        [&] { return titles(reader) == std::set<std::string>{"First", "Second", "Third"}; }));
}

TEST_CASE_METHOD(Robbed, "what a thief published does not come back while the newsroom's next release is on its "
                         "way", "[trust][peer]") {
    thief.release("Forged");
    const auto fence = seed(thief, "fence");
    REQUIRE(reader.reaches(2));

    newsroom.release("Second");
    replace_key(newsroom);
    network.withhold_files({"00000003-001.media.zst"});
    newsroom.release("Third", limits::default_volume_bytes, true);
    const auto own = seed(newsroom);
    const std::set<std::string> honest{"First", "Second", "Third"};
    REQUIRE(reader.comes_true([&] { return titles(reader) == honest; }));
    REQUIRE(reader.feed().seq == 2);
    withhold(network, [](const pb::Subject& subject) {
        return subject.kind() == pb::Subject::SHELF;
    });
    newsroom.release("Fourth", 1);
    REQUIRE(reader.comes_true([&] { return reader.feed().seen_seq == 4; }));
    CHECK_FALSE(reader.comes_true([&] { return titles(reader) != honest; }, 3));
}

TEST_CASE_METHOD(ReadFeed, "who announces an old keyring is blamed all the same for a head that nobody signed",
                 "[trust][peer]") {
    auto other = twin_of(newsroom, folder.path);
    auto message = keyring_of(newsroom);
    message.set_version(2);
    const auto root = newsroom.root();
    const SigningKey* roots[] = {&root};
    const auto newer = sign_keyring(message, roots);
    REQUIRE(write_file(newsroom.workshop.feed().keyring(), newer));
    const auto held = DataDirectory{reader.data}.feed(root.public_key()) / "keyring";
    REQUIRE(reader.comes_true([&] { return read_file(held, limits::keyring).value() == newer; }));
    overhear(network, [](const std::string& from, pb::Gossip& gossip) {
        if (from != "liar:1")
            return !(gossip.has_part() && gossip.part().subject().kind() == pb::Subject::KEYRING);
        if (!gossip.has_announce()) return true;
        auto& head = *gossip.mutable_announce()->mutable_head();
        pb::SignedHead envelope;
        if (head.empty() || !envelope.ParseFromString(head)) return true;
        (*envelope.mutable_signature())[0] ^= 1;
        head = encode_message(envelope);
        return true;
    });
    other.release("Second");
    TestPeer liar(folder.path / "liar", "liar:1", network);
    REQUIRE(liar.peer->follow(other.workshop.feed().root.string()));
    REQUIRE(liar.reaches(2));
    REQUIRE(reader.peer->follow(newsroom.link("liar:1")));
    CHECK(reader.comes_true([&] { return network.bans > 0; }));
    network.tamper_with({});
}
