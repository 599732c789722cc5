// What leaves when files are listed no more, and what comes back in its place.

#include "core/message.h"
#include "gossip.pb.h"
#include "metainfo/torrent_file.h"
#include "storage/database.h"
#include "support/test_feed.h"
#include "support/thief_fixture.h"

using namespace colport;
using namespace colport::test;

namespace {

FeedDirectory directory_of(const TestPeer& peer, const Newsroom& newsroom) {
    return {DataDirectory{peer.data}.feed(newsroom.root().public_key())};
}

/// The key that signs from now on is another one, and nobody is said to have signed before.
void forget_key(Newsroom& newsroom) {
    auto message = keyring_of(newsroom);
    const auto next = SigningKey::generate();
    message.set_version(message.version() + 1);
    message.set_least_seq(newsroom.head().seq());
    message.clear_signing();
    message.add_signing()->set_key(next.public_key().str());
    const auto root = newsroom.root();
    const SigningKey* roots[] = {&root};
    REQUIRE(write_file(newsroom.workshop.feed().keyring(), sign_keyring(message, roots)));
    REQUIRE(write_file(newsroom.workshop.signing_key(),
                       key_file::seal(next, "signing", Secret(0)), 0600));
}

/// The next release, with the same files in its one volume.
void release_anew(const Newsroom& newsroom, const pb::Head& before) {
    const auto feed = newsroom.workshop.feed();
    const auto torrent = read_file(feed.torrent(1), limits::torrent_file);
    REQUIRE(torrent);
    auto info = parse_info_dictionary(info_of_torrent(*torrent).value());
    REQUIRE(info);
    info->seq = before.seq() + 1;
    const auto bytes = encode(*info);
    auto message = before;
    message.set_seq(info->seq);
    message.set_keyring_version(2);
    message.set_time(newsroom.now);
    message.set_info_sha256(sha256(bytes).str());
    message.set_info_size(static_cast<std::uint32_t>(bytes.size()));
    REQUIRE(write_file(feed.torrent(1), encode(TorrentFile{bytes, {}, {}})));
    REQUIRE(write_file(feed.head(), sign_head(message, info_hash(bytes), newsroom.signing())));
}

}  // namespace

TEST_CASE_METHOD(Robbed, "what a thief published in hundreds goes a little at a time, with its dictionary last",
                 "[trust][peer]") {
    const auto records = thief.workshop.records();
    REQUIRE(records);
    Imported imported;
    for (auto& article : support::many_articles(records->feed, 400))
        imported.articles.push_back({"many " + std::to_string(imported.articles.size()), article});
    REQUIRE(add_drafts(thief.workshop, records->feed,
                       read_catalogue(thief.workshop.feed(), *records).value(),
                       std::move(imported)));
    thief.publish();
    {
        const auto fence = seed(thief, "fence");
        REQUIRE(reader.reaches(2, 30));
    }
    const auto held = directory_of(reader, newsroom).volume(1);
    REQUIRE(fs::exists(held / "00000002-000.dict.zst"));
    REQUIRE(reader.articles() == 401);

    replace_key(newsroom);
    newsroom.release("Second");
    auto archive = ArchiveReader::open(DataDirectory{reader.data}.archive());
    REQUIRE(archive);
    const auto honest = seed(newsroom);
    std::set<std::uint64_t> counts;
    const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(20);
    while (!counts.contains(2) && std::chrono::steady_clock::now() < end)
        counts.insert(archive->feeds().value().at(0).articles);
    CHECK(counts.contains(2));
    CHECK(std::count_if(counts.begin(), counts.end(),
                        [](auto count) { return count > 2 && count < 400; }) > 2);
    CHECK(reader.comes_true([&] { return !fs::exists(held / "00000002-000.dict.zst"); }));
    CHECK(reader.reaches(2));
}

TEST_CASE("an article whose later revision went with a redacted bundle is there as it was before",
          "[peer][redaction]") {
    Folder folder;
    FakeNetwork network;
    Newsroom newsroom(folder.path / "newsroom");
    TestPeer seed(folder.path / "seed", "seed:1", network);
    TestPeer reader(folder.path / "reader", "reader:1", network);
    newsroom.release("Harbour");
    newsroom.count = 0;
    newsroom.draft("Harbour, corrected");
    newsroom.draft("Zolotarenko");
    newsroom.publish();
    newsroom.release("Market", 1);
    REQUIRE(seed.peer->follow(newsroom.workshop.feed().root.string()));
    REQUIRE(reader.peer->follow(newsroom.link("seed:1")));
    REQUIRE(reader.reaches(3));
    REQUIRE(titles(reader).contains("Harbour, corrected"));
    network.withhold_files({"00000002-000.00000004.articles.zst"});
    newsroom.redact(newsroom.id(2));
    REQUIRE(reader.comes_true([&] { return reader.feed().seq == 4; }));
    REQUIRE(titles(reader).contains("Zolotarenko"));
    // It may note only now since when.
    CHECK(reader.comes_true([&] {
        *reader.now += 600;
        return !titles(reader).contains("Zolotarenko");
    }));
    CHECK(reader.comes_true([&] { return titles(reader).contains("Harbour"); }));
    CHECK(titles(reader) == std::set<std::string>{"Harbour", "Market"});
    network.withhold_files({});
    REQUIRE(reader.peer->follow(newsroom.link("seed:1")));
    CHECK(reader.comes_true([&] { return titles(reader).contains("Harbour, corrected"); }, 20));
}

TEST_CASE_METHOD(Robbed, "nothing stays of volumes that only a thief began", "[trust][peer]") {
    {
        const auto first = seed(newsroom, "first");
        REQUIRE(reader.reaches(1));
    }
    thief.release("Forged one", 1);
    std::string before;
    {
        const auto fence = seed(thief, "fence");
        REQUIRE(reader.reaches(2));
        before = info_of_torrent(
                     read_file(thief.workshop.feed().torrent(2), limits::torrent_file).value())
                     .value();
        thief.release("Forged two");
        REQUIRE(reader.reaches(3));
    }
    const auto here = directory_of(reader, newsroom);
    REQUIRE(fs::exists(here.volume(2)));
    // Half of a file, as where the line was cut.
    REQUIRE(write_file(here.volume(2) / "00000009-000.articles.zst", "half"));
    // And what is left of a volume of which no file is known any more.
    fs::create_directories(here.volume(7));
    REQUIRE(write_file(here.volume(7) / "00000009-000.articles.zst", "half"));
    REQUIRE(write_file(here.torrent(7), "list"));

    newsroom.release("Second");
    replace_key(newsroom);
    newsroom.release("Third");
    newsroom.release("Fourth");
    const auto honest = seed(newsroom);
    REQUIRE(reader.reaches(4, 20));
    CHECK(titles(reader) == std::set<std::string>{"First", "Second", "Third", "Fourth"});
    for (const std::uint32_t number : {2, 7}) {
        CHECK_FALSE(fs::exists(here.volume(number)));
        CHECK_FALSE(fs::exists(here.torrent(number)));
    }
    // Nor is the list of before that served, if its files were there again.
    fs::copy(thief.workshop.feed().volume(2), here.volume(2));
    const auto probe = network.make("probe:1", [](const auto&) { return true; });
    TorrentRequest request;
    request.info = before;
    request.save_path = folder.path / "probe";
    REQUIRE(probe->add(request));
    probe->connect(info_hash(before), "reader:1");
    CHECK_FALSE(fs::exists(folder.path / "probe"));
}

TEST_CASE_METHOD(Robbed, "what a thief began goes with the next release, though his key is revoked later or never",
                 "[trust][peer]") {
    thief.release("Forged one", 1);
    {
        const auto fence = seed(thief, "fence");
        REQUIRE(reader.reaches(2));
        thief.release("Forged two");
        REQUIRE(reader.reaches(3));
        REQUIRE(reader.comes_true([&] { return titles(reader).contains("Forged two"); }));
    }
    for (const char* title : {"Second", "Third", "Fourth"}) newsroom.release(title);
    const auto honest = seed(newsroom);
    REQUIRE(reader.reaches(4, 20));
    CHECK(reader.comes_true([&] {
        return titles(reader) == std::set<std::string>{"First", "Second", "Third", "Fourth"};
    }));
    CHECK_FALSE(fs::exists(directory_of(reader, newsroom).volume(2)));
}

TEST_CASE_METHOD(Robbed, "what a thief began and the disk does not let go is not forgotten", "[trust][peer]") {
    thief.release("Forged one", 1);
    {
        const auto fence = seed(thief, "fence");
        REQUIRE(reader.reaches(2));
    }
    const auto here = directory_of(reader, newsroom);
    const auto file = here.volume(2) / "00000002-000.articles.zst";
    REQUIRE(fs::exists(file));
    for (const char* title : {"Second", "Third"}) newsroom.release(title);
    // Nothing can be reached through a link to itself, whoever asks.
    const auto aside = folder.path / "aside";
    {
        const auto quiet = network.keep_busy();
        fs::rename(here.volumes(), aside);
        fs::create_directory_symlink(here.volumes(), here.volumes());
    }
    const auto honest = seed(newsroom);
    REQUIRE(reader.comes_true([&] { return !titles(reader).contains("Forged one"); }));
    REQUIRE(reader.comes_true([&] { return !reader.feed().problem.empty(); }));
    std::this_thread::sleep_for(std::chrono::milliseconds(2500));
    {
        const auto quiet = network.keep_busy();
        fs::remove(here.volumes());
        fs::rename(aside, here.volumes());
    }
    REQUIRE(reader.reaches(3, 20));
    *reader.now += 3600;
    CHECK(reader.comes_true([&] { return !fs::exists(file); }));
}

TEST_CASE_METHOD(ReadFeed, "a start imports nothing before it serves", "[trust][peer]") {
    for (int i = 2; i <= 9; ++i) newsroom.release("Number " + std::to_string(i));
    REQUIRE(reader.reaches(9));
    reader.peer.reset();
    const auto key = newsroom.root().public_key();
    const auto file = DataDirectory{reader.data}.archive();
    {
        auto archive = Archive::open(file);
        REQUIRE(archive);
        REQUIRE(archive->import_again(key));
    }
    const auto quiet = network.keep_busy();
    reader.start();
    auto archive = Archive::open(file);
    REQUIRE(archive);
    int whole = 0;
    const auto bundles = archive->bundles(key, 1);
    REQUIRE(bundles);
    for (const auto& name : *bundles)
        whole += archive->is_imported(key, 1, name).value();
    CHECK(whole < 4);
}

TEST_CASE_METHOD(ReadFeed, "bundles by a key that the keyring forgot are not refused where they are here already",
                 "[trust][peer]") {
    const auto before = newsroom.head().message;
    forget_key(newsroom);
    REQUIRE(reader.comes_true(
        [&] { return reader.feed().problem.find("list of keys") != std::string::npos; }));
    release_anew(newsroom, before);
    CHECK(reader.reaches(2, 20));
    CHECK(reader.comes_true([&] { return reader.feed().problem.empty(); }));
    CHECK(titles(reader) == std::set<std::string>{"First"});
    reader.peer.reset();
    reader.start();
    CHECK(reader.reaches(2));
    CHECK(reader.feed().problem.empty());
}

TEST_CASE_METHOD(ReadFeed, "a keyring counts though its file cannot be written", "[trust][peer]") {
    auto thief = twin_of(newsroom, folder.path);
    thief.release("Forged");
    {
        TestPeer fence(folder.path / "fence", "fence:1", network);
        REQUIRE(fence.peer->follow(thief.workshop.feed().root.string()));
        REQUIRE(reader.peer->follow(newsroom.link("fence:1")));
        REQUIRE(reader.reaches(2));
    }
    const auto file = directory_of(reader, newsroom).keyring();
    fs::remove(file);
    fs::create_directories(file / "in the way");
    seed.peer.reset();
    replace_key(newsroom);
    seed.start();
    CHECK(reader.comes_true(
        [&] { return reader.feed().problem.find("withdrawn") != std::string::npos; }, 20));
    CHECK(marks(reader).contains("Forged"));
    fs::remove_all(file);
    reader.peer.reset();
    reader.start();
    CHECK(fs::is_regular_file(file));
}

TEST_CASE_METHOD(ReadFeed, "a keyring that could not be saved counts as soon as it can be, though nobody brings it "
                           "again", "[trust][peer]") {
    auto other = Database::open(DataDirectory{reader.data}.archive(), Database::Mode::read_write_create);
    REQUIRE(other);
    // As a full disk would, this keeps the record of a feed from being written, and no more.
    REQUIRE(other->run("ALTER TABLE feeds RENAME updated TO away"));
    replace_key(newsroom);
    REQUIRE(reader.comes_true([&] { return !reader.feed().problem.empty(); }, 20));
    seed.peer.reset();
    REQUIRE(other->run("ALTER TABLE feeds RENAME away TO updated"));
    CHECK(reader.comes_true([&] { return marks(reader).contains("First"); }));
}
