#include <catch2/catch.hpp>

#include <sched.h>
#include <sys/mount.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>

#include "core/limits.h"
#include "feed/files.h"
#include "feed/link.h"
#include "feed/stick.h"
#include "feed/verify.h"
#include "support/test_feed.h"

using namespace colport;
using namespace colport::support;
namespace fs = std::filesystem;

namespace {

constexpr std::int64_t now = test_time + 60;

void add_release(FeedFolder& feed, const std::string& title, std::size_t bundles = 1) {
    for (std::size_t i = 0; i < bundles; ++i) {
        const auto guid = title + std::to_string(i);
        feed.add_articles({test_article(feed.feed(), guid, title, "Text of " + guid)});
    }
    feed.publish();
}

/// A sealed volume of three files, and a newest one with a dictionary and a picture.
FeedFolder two_volumes(const fs::path& folder) {
    FeedFolder out(folder, "gazette");
    add_release(out, "First", 3);
    out.seal();
    publish_one_of_each(out);
    return out;
}

std::vector<std::string> errors_of(const fs::path& folder) {
    return verify_directory(folder, now).errors;
}

ExportReport copy(const FeedFolder& feed, const fs::path& target,
                  const ExportOptions& options = {}) {
    return must(export_feed(feed.directory(), target, options, now));
}

Errc refusal(const FeedFolder& feed, const fs::path& target, const ExportOptions& options = {}) {
    const auto out = export_feed(feed.directory(), target, options, now);
    REQUIRE_FALSE(out);
    return out.error().code;
}

Link link_in(const fs::path& folder) {
    return must(parse_link(must(read_file(folder / "link.txt", limits::link))));
}

/// What a follower has: no link, nothing for minisign.
void make_follower(const FeedDirectory& directory) {
    fs::remove_all(directory.signing());
    for (const std::uint32_t volume : {1, 2}) fs::remove(directory.torrent_signature(volume));
}

/// Runs `work` in another process and gives what it exits with.
template <class Work>
int in_child(const Work& work) {
    const pid_t child = ::fork();
    REQUIRE(child >= 0);
    if (child == 0) ::_exit(work());
    int status = 0;
    REQUIRE(::waitpid(child, &status, 0) == child);
    REQUIRE(WIFEXITED(status));
    return WEXITSTATUS(status);
}

}  // namespace

TEST_CASE("a copy of a publisher's feed holds every file and verifies") {
    const ScratchFolder scratch;
    const auto feed = two_volumes(scratch.path() / "feed");
    const auto target = scratch.path() / "deep" / "stick";
    std::vector<std::size_t> steps;
    const auto report = must(export_feed(feed.directory(), target, {}, now,
                                         [&](std::size_t at, std::size_t total) {
                                             CHECK(total == 6);
                                             steps.push_back(at);
                                         }));
    CHECK(steps == std::vector<std::size_t>{0, 1, 2, 3, 4, 5, 6});
    CHECK(report.volumes == 2);
    CHECK(report.files == 6);
    CHECK(report.kept == 0);
    CHECK(report.missing == 0);
    auto copied = tree(target);
    std::uint64_t bytes = 0;
    for (const auto& [name, content] : copied)
        if (name.starts_with("volumes/0001/") || name.starts_with("volumes/0002/"))
            bytes += content.size();
    CHECK(report.bytes == bytes);
    CHECK(copied.erase("link.txt") == 1);
    CHECK(copied.erase("README.txt") == 1);
    CHECK(copied == tree(feed.directory().root));
    const auto verified = verify_directory(target, now);
    CHECK(verified.errors == std::vector<std::string>{});
    CHECK(verified.warnings == std::vector<std::string>{});
    CHECK(verified.articles == 4);
    CHECK(verified.pictures == 1);
}

TEST_CASE("a copy of a follower's feed verifies and has a link of its own") {
    const ScratchFolder scratch;
    const auto feed = two_volumes(scratch.path() / "feed");
    make_follower(feed.directory());
    const auto target = scratch.path() / "stick";
    CHECK(copy(feed, target).missing == 0);
    CHECK(errors_of(target).empty());
    CHECK(link_in(target).feed == feed.feed());
    CHECK(link_in(target).name == "gazette");
    CHECK_FALSE(fs::exists(target / "signing"));
    CHECK_FALSE(fs::exists(target / "dht-nodes.txt"));
}

TEST_CASE("copying again brings only what is new") {
    const ScratchFolder scratch;
    auto feed = two_volumes(scratch.path() / "feed");
    const auto target = scratch.path() / "stick";
    copy(feed, target);
    const auto first = tree(target);
    auto report = copy(feed, target);
    CHECK(report.files == 0);
    CHECK(report.bytes == 0);
    CHECK(report.kept == 6);
    CHECK(tree(target) == first);

    const auto stamp = must(stamp_of(feed.directory().volume(2) / "00000002-000.dict.zst"));
    feed.add_articles({test_article(feed.feed(), "three", "Third", "Text.")});
    feed.publish();
    report = copy(feed, target);
    CHECK(report.files == 1);
    CHECK(report.kept == 6);
    CHECK(errors_of(target).empty());
    CHECK(verify_directory(target, now).seq == 3);
    CHECK(must(stamp_of(feed.directory().volume(2) / "00000002-000.dict.zst")) == stamp);
}

TEST_CASE("a copy that is cut off leaves the release before in force") {
    const ScratchFolder scratch;
    FeedFolder feed(scratch.path() / "feed", "gazette");
    add_release(feed, "First", 2);
    const auto before = scratch.path() / "before";
    copy(feed, before);
    add_release(feed, "Second", 2);
    feed.seal();
    add_release(feed, "Third", 2);
    for (std::size_t end = 0; end <= 6; ++end) {
        CAPTURE(end);
        const auto target = scratch.path() / std::to_string(end);
        fs::copy(before, target, fs::copy_options::recursive);
        CHECK(in_child([&] {
                  const auto stop = [end](std::size_t at, std::size_t) {
                      if (at == end) ::_exit(7);
                  };
                  static_cast<void>(export_feed(feed.directory(), target, {}, now, stop).ok());
                  return 0;
              }) == 7);
        CHECK(verify_directory(target, now).seq == 1);
        CHECK(errors_of(target).empty());
        CHECK(copy(feed, target).missing == 0);
        CHECK(verify_directory(target, now).seq == 3);
        CHECK(errors_of(target).empty());
        CHECK(verify_directory(target, now).warnings.empty());
    }
}

TEST_CASE("volumes whose last release is older than asked for stay behind, the newest never") {
    const ScratchFolder scratch;
    FeedFolder feed(scratch.path() / "feed", "gazette");
    for (const auto* title : {"First", "Second", "Third"}) {
        add_release(feed, title);
        if (title != std::string("Third")) feed.seal();
    }
    ExportOptions options;
    const auto volumes = [&](std::int64_t since) {
        options.since = since;
        const auto target = scratch.path() / std::to_string(since);
        const auto report = copy(feed, target, options);
        CHECK(report.missing == 0);
        std::string out;
        for (const std::uint32_t volume : {1, 2, 3}) {
            const bool there = fs::exists(FeedDirectory{target}.torrent(volume));
            CHECK(there == fs::exists(FeedDirectory{target}.volume(volume)));
            out += there ? "1" : "0";
        }
        CHECK(load_records({target}, now).ok());
        return out;
    };
    // Releases are dated a second after one another.
    CHECK(volumes(0) == "111");
    CHECK(volumes(test_time + 1) == "111");
    CHECK(volumes(test_time + 2) == "011");
    CHECK(volumes(test_time + 3) == "001");
    CHECK(volumes(now + 1000) == "001");
}

TEST_CASE("files that the source lacks or holds damaged are counted and not copied") {
    const ScratchFolder scratch;
    const auto feed = two_volumes(scratch.path() / "feed");
    make_follower(feed.directory());
    const auto folder = feed.directory().volume(1);
    fs::remove(folder / "00000001-000.articles.zst");
    // Half fetched: the whole size, with holes.
    const auto size = fs::file_size(folder / "00000001-001.articles.zst");
    put(folder / "00000001-001.articles.zst", std::string(size, '\0'));
    fs::remove(feed.directory().volume(2) / "00000002-002.media.zst");
    const auto target = scratch.path() / "stick";
    const auto report = copy(feed, target);
    CHECK(report.volumes == 2);
    CHECK(report.files == 3);
    CHECK(report.missing == 3);
    for (const auto* gone : {"0001/00000001-000.articles.zst", "0001/00000001-001.articles.zst",
                             "0002/00000002-002.media.zst"})
        CHECK_FALSE(fs::exists(target / "volumes" / gone));
    CHECK(verify_directory(target, now).articles == 2);
    CHECK(errors_of(target).size() == 3);
    CHECK(verify_directory(target, now).warnings.empty());
}

TEST_CASE("a volume of which the source holds nothing is left out") {
    const ScratchFolder scratch;
    const auto feed = two_volumes(scratch.path() / "feed");
    const auto target = scratch.path() / "stick";
    SECTION("no file") { fs::remove_all(feed.directory().volume(1)); }
    SECTION("no list of its files") { fs::remove(feed.directory().torrent(1)); }
    SECTION("a forged list of its files") {
        fs::copy_file(feed.directory().torrent(2), feed.directory().torrent(1),
                      fs::copy_options::overwrite_existing);
    }
    const auto report = copy(feed, target);
    CHECK(report.volumes == 1);
    CHECK(report.files == 3);
    CHECK(report.missing >= 1);
    CHECK_FALSE(fs::exists(target / "volumes/0001"));
    CHECK_FALSE(fs::exists(target / "volumes/0001.torrent"));
    CHECK_FALSE(fs::exists(target / "volumes/0001.torrent.minisig"));
    CHECK(errors_of(target).size() == 1);
}

TEST_CASE("what the source has lost stays in the copy that has it") {
    const ScratchFolder scratch;
    const auto feed = two_volumes(scratch.path() / "feed");
    const auto target = scratch.path() / "stick";
    copy(feed, target);
    fs::remove_all(feed.directory().volume(1));
    fs::remove(feed.directory().torrent(1));
    const auto report = copy(feed, target);
    CHECK(report.missing == 0);
    CHECK(report.kept == 6);
    CHECK(errors_of(target).empty());
}

TEST_CASE("the copy is of the head's release, though more may be there already") {
    const ScratchFolder scratch;
    FeedFolder feed(scratch.path() / "feed", "gazette");
    add_release(feed, "First");
    const auto head = must(read_file(feed.directory().head(), limits::head));
    add_release(feed, "Second");
    put(feed.directory().head(), head);
    const auto target = scratch.path() / "stick";
    CHECK(copy(feed, target).files == 1);
    CHECK(errors_of(target).empty());
    CHECK(verify_directory(target, now).warnings.empty());
    CHECK_FALSE(fs::exists(target / "volumes/0001.torrent.minisig"));
}

TEST_CASE("what a later list of the source names no more is not handed on") {
    const ScratchFolder scratch;
    auto feed = two_volumes(scratch.path() / "feed");
    const auto root = feed.directory().root;
    const auto target = scratch.path() / "stick";
    copy(feed, target);
    const auto before = tree(root);
    feed.redact(1, {test_article(feed.feed(), "First1", "First", "Less of it")});
    // A reader who has that list, and not yet all of its release.
    for (const auto& [name, bytes] : before)
        if (!name.ends_with(".torrent")) put(root / name, bytes);
    const fs::path old = "volumes/0001/00000001-001.articles.zst";
    REQUIRE(fs::exists(root / old));
    fs::remove(target / old);
    CHECK(copy(feed, target).missing == 1);
    CHECK_FALSE(fs::exists(target / old));
}

TEST_CASE("garbage where the copy goes is replaced, and what is not the feed's stays") {
    const ScratchFolder scratch;
    const auto feed = two_volumes(scratch.path() / "feed");
    const auto target = scratch.path() / "stick";
    copy(feed, target);
    for (const auto& [name, content] : tree(target))
        put(target / name, name == "feed.pub" ? "garbage" : content + "x");
    const auto secret = scratch.path() / "secret";
    const auto first = target / "volumes/0001/00000001-000.articles.zst";
    const auto own = feed.directory().volume(1) / "00000001-000.articles.zst";
    fs::remove(first);
    SECTION("a link that the file would be written through") {
        put(secret, "kept");
        fs::create_symlink(secret, first);
    }
    SECTION("a link to the source's own file") { fs::create_symlink(own, first); }
    SECTION("a write that broke off") { put(first.string() + ".tmp", "half"); }
    // Of a release that listed it before an article had to vanish.
    put(target / "volumes/0001/00000001-007.articles.zst", "redacted");
    put(target / "volumes/0001/00000001-001.articles.zst.tmp", "half");
    put(target / "volumes/0001/my notes.txt", "mine");
    put(target / "holiday.txt", "mine");
    fs::create_directories(target / "volumes/0001/00000001-008.folder/inside");
    const auto report = copy(feed, target);
    CHECK(report.files == 6);
    CHECK(errors_of(target).empty());
    CHECK(verify_directory(target, now).warnings.size() == 1);
    CHECK(fs::symlink_status(first).type() == fs::file_type::regular);
    if (fs::exists(secret)) CHECK(must(read_file(secret, 100)) == "kept");
    CHECK_FALSE(fs::exists(target / "volumes/0001/00000001-007.articles.zst"));
    CHECK_FALSE(fs::exists(target / "volumes/0001/00000001-001.articles.zst.tmp"));
    CHECK(must(read_file(target / "volumes/0001/my notes.txt", 100)) == "mine");
    CHECK(must(read_file(target / "holiday.txt", 100)) == "mine");
}

TEST_CASE("a folder of the copy that is a link is not written through") {
    const ScratchFolder scratch;
    const auto feed = two_volumes(scratch.path() / "feed");
    const auto target = scratch.path() / "stick";
    const auto elsewhere = scratch.path() / "elsewhere";
    fs::create_directories(elsewhere);
    fs::create_directories(target);
    SECTION("volumes") { fs::create_directory_symlink(elsewhere, target / "volumes"); }
    SECTION("a volume") {
        fs::create_directory(target / "volumes");
        fs::create_directory_symlink(elsewhere, target / "volumes/0001");
    }
    SECTION("signing") { fs::create_directory_symlink(elsewhere, target / "signing"); }
    CHECK(refusal(feed, target) == Errc::io);
    CHECK(fs::is_empty(elsewhere));
    CHECK_FALSE(fs::exists(target / "head"));
}

TEST_CASE("a copy does not take the place of another feed, of something newer, or of its source") {
    const ScratchFolder scratch;
    auto feed = two_volumes(scratch.path() / "feed");
    const auto target = scratch.path() / "stick";
    Errc expected = Errc::invalid;
    SECTION("another feed") {
        FeedFolder(target, "another");
        expected = Errc::exists;
    }
    SECTION("a newer release") {
        copy(feed, target);
        const auto head = must(read_file(feed.directory().head(), limits::head));
        add_release(feed, "Third");
        copy(feed, target);
        put(feed.directory().head(), head);
        expected = Errc::stale;
    }
    SECTION("a newer keyring") {
        copy(feed, target);
        auto message = feed.keyring().message();
        message.set_version(2);
        const SigningKey* roots[] = {&feed.root()};
        put(target / "keyring", sign_keyring(message, roots));
        expected = Errc::stale;
    }
    SECTION("another release of the same number") {
        FeedFolder other(target, "gazette");
        add_release(other, "Another first");
        add_release(other, "Another second");
        expected = Errc::forked;
    }
    SECTION("its source") { fs::create_directory_symlink(feed.directory().root, target); }
    const auto before = tree(target);
    CHECK(refusal(feed, target) == expected);
    CHECK(tree(target) == before);
}

TEST_CASE("a feed without a release, or with forged records, is not copied") {
    const ScratchFolder scratch;
    const auto target = scratch.path() / "stick";
    FeedFolder feed(scratch.path() / "feed", "gazette");
    CHECK(refusal(feed, target) == Errc::not_found);
    add_release(feed, "First");
    fs::remove(feed.directory().key());
    CHECK(refusal(feed, target) == Errc::not_found);
    fs::copy_file(feed.directory().signing_key(feed.signing().public_key()),
                  feed.directory().key());
    CHECK(refusal(feed, target) == Errc::forged);
    CHECK_FALSE(fs::exists(target));
}

TEST_CASE("a folder that cannot be written is told") {
    const ScratchFolder scratch;
    const auto feed = two_volumes(scratch.path() / "feed");
    const auto target = scratch.path() / "stick";
    put(target, "a file");
    CHECK(refusal(feed, target) == Errc::io);
    CHECK(refusal(feed, target / "folder") == Errc::io);
    fs::remove(target);
    fs::create_directories(target / "volumes/0002/00000002-000.dict.zst");
    CHECK(refusal(feed, target) == Errc::io);
    CHECK_FALSE(fs::exists(target / "head"));
    if (::geteuid() == 0) return;
    fs::remove_all(target);
    fs::create_directory(target);
    fs::permissions(target, fs::perms::owner_read | fs::perms::owner_exec);
    CHECK(refusal(feed, target) == Errc::denied);
    fs::permissions(target, fs::perms::owner_all);
}

TEST_CASE("a full disk is told and leaves the release before in force") {
    const ScratchFolder scratch;
    FeedFolder feed(scratch.path() / "feed", "gazette");
    add_release(feed, "First");
    const auto target = scratch.path() / "stick";
    fs::create_directory(target);
    pb::Picture picture;
    picture.set_media_type("image/png");
    std::uint32_t state = 1;
    for (int i = 0; i < 512 * 1024; ++i) {
        state = state * 1664525 + 1013904223;
        *picture.mutable_data() += static_cast<char>(state >> 24);
    }
    const FeedDirectory before{scratch.path() / "before"};
    fs::copy(feed.directory().root, before.root, fs::copy_options::recursive);
    feed.add_pictures({picture});
    feed.publish();
    const int result = in_child([&] {
        // A disk of 256 KiB that only this process sees.
        if (::unshare(::geteuid() == 0 ? CLONE_NEWNS : CLONE_NEWUSER | CLONE_NEWNS) != 0 ||
            ::mount("none", "/", nullptr, MS_REC | MS_PRIVATE, nullptr) != 0 ||
            ::mount("none", target.c_str(), "tmpfs", 0, "size=256k") != 0)
            return 77;
        if (!export_feed(before, target, {}, now)) return 4;
        const auto full = export_feed(feed.directory(), target, {}, now);
        if (full || full.error().code != Errc::io || full.error().hint.empty() ||
            full.error().message.find("No space left") == std::string::npos)
            return 1;
        if (!errors_of(target).empty() || verify_directory(target, now).seq != 1) return 2;
        return verify_directory(target, now).warnings.empty() ? 0 : 3;
    });
    if (result == 77) WARN("this machine lets nobody mount a small disk");
    else CHECK(result == 0);
}

TEST_CASE("the link in a copy keeps its hints and takes the peers that fit") {
    const ScratchFolder scratch;
    const auto feed = two_volumes(scratch.path() / "feed");
    const auto target = scratch.path() / "stick";
    const Link own{feed.feed(), "gazette", {"udp://tracker.example:1"}, {}, {"192.0.2.1:1"}};
    ExportOptions options;
    SECTION("that of the source") { put(feed.directory().link(), to_string(own) + "\n"); }
    SECTION("the one given") {
        put(feed.directory().link(), to_string(Link{feed.feed(), "old", {}, {}, {}}));
        options.link = to_string(own);
    }
    options.peers = {"192.0.2.1:1", "not an address", "example.org:7", "[2001:db8::1]:7"};
    for (int i = 0; i < 100; ++i) options.peers.push_back("198.51.100." + std::to_string(i) + ":9");
    copy(feed, target, options);
    const auto link = link_in(target);
    CHECK(link.trackers == own.trackers);
    REQUIRE(link.peers.size() == 32);
    CHECK(link.peers[0] == "192.0.2.1:1");
    CHECK(link.peers[1] == "[2001:db8::1]:7");
    CHECK(link.peers[2] == "198.51.100.0:9");
    CHECK(errors_of(target).empty());
}

TEST_CASE("peers in the link of a reader do not go along") {
    const ScratchFolder scratch;
    const auto feed = two_volumes(scratch.path() / "feed");
    const auto target = scratch.path() / "stick";
    ExportOptions options;
    options.link = to_string(Link{feed.feed(), "gazette", {}, {"https://a.example/"},
                                  {"192.0.2.1:1"}});
    copy(feed, target, options);
    CHECK(link_in(target).mirrors.size() == 1);
    CHECK(link_in(target).peers.empty());
}

TEST_CASE("a link over its limit takes no more peers") {
    const ScratchFolder scratch;
    const auto feed = two_volumes(scratch.path() / "feed");
    const auto target = scratch.path() / "stick";
    Link own{feed.feed(), "gazette", {"udp://" + std::string(7600, 'a')}, {}, {}};
    ExportOptions options;
    options.link = to_string(own);
    options.peers = {std::string(400, '1') + ":1"};
    for (int i = 0; i < 20; ++i)
        options.peers.push_back("[2001:db8:aaaa:bbbb:cccc:dddd:eeee:" + std::to_string(i) + "]:9");
    copy(feed, target, options);
    CHECK(link_in(target).peers.size() > 0);
    CHECK(link_in(target).peers.size() < 20);
}

TEST_CASE("a link that is none, or of another feed, is refused") {
    const ScratchFolder scratch;
    const auto feed = two_volumes(scratch.path() / "feed");
    const auto target = scratch.path() / "stick";
    ExportOptions options;
    const Link foreign{test_key("another").public_key(), "gazette", {}, {}, {}};
    options.link = to_string(foreign);
    CHECK(refusal(feed, target, options) == Errc::invalid);
    options.link = "https://example.org";
    CHECK(refusal(feed, target, options) == Errc::invalid);
    CHECK_FALSE(fs::exists(target));
    options.link.clear();
    put(feed.directory().link(), to_string(foreign));
    copy(feed, target, options);
    CHECK(link_in(target).feed == feed.feed());
}

TEST_CASE("nodes of the DHT travel beside the feed") {
    const ScratchFolder scratch;
    const auto feed = two_volumes(scratch.path() / "feed");
    const auto target = scratch.path() / "stick";
    ExportOptions options;
    options.dht_nodes = {"192.0.2.1:6881", "router.example.org:6881", "[2001:db8::1]:6881"};
    copy(feed, target, options);
    CHECK(must(read_file(target / "dht-nodes.txt", limits::dht_nodes)) ==
          "192.0.2.1:6881\n[2001:db8::1]:6881\n");
    CHECK(errors_of(target).empty());
    copy(feed, target);
    CHECK_FALSE(fs::exists(target / "dht-nodes.txt"));
}

TEST_CASE("only numeric addresses with a port are read as nodes, at most 200") {
    CHECK(read_dht_nodes("# nodes\r\n192.0.2.1:1\r\n\n [2001:db8::1]:2\n[2001:db8::1]:65535\n"
                         "192.0.2.1\n192.0.2.1:0\n192.0.2.1:65536\n2001:db8::1:2\n192.0.2:2\n"
                         "a.example:3\n192.0.2.1:-1\n[192.0.2.1]:4\n[:1\n]:[\n:5\n192.0.2.2:6") ==
          std::vector<std::string>{"192.0.2.1:1", "[2001:db8::1]:65535", "192.0.2.2:6"});
    CHECK(read_dht_nodes(std::string("192.0.2.1\0x:1\n", 14)).empty());
    CHECK(read_dht_nodes("").empty());
    std::vector<std::string> many;
    for (int i = 0; i < 1000; ++i)
        many.push_back("[2001:db8:aaaa:bbbb:cccc:dddd:eeee:" + std::to_string(1000 + i) + "]:60000");
    const auto text = write_dht_nodes(many);
    CHECK(text.size() <= limits::dht_nodes);
    many.resize(200);
    CHECK(read_dht_nodes(text) == many);
    CHECK(read_dht_nodes(text + text) == many);
}

TEST_CASE("whoever finds a copy is told what it is, how to open it and that it may be dangerous") {
    const ScratchFolder scratch;
    const auto feed = two_volumes(scratch.path() / "feed");
    copy(feed, scratch.path() / "stick");
    const auto text = must(read_file(scratch.path() / "stick/README.txt", 10'000));
    CHECK(text == readme_of("gazette"));
    for (const auto* words : {"articles of \"gazette\"", "dangerous", "colport import", "link.txt"})
        CHECK(text.find(words) != std::string::npos);
    // Nor does a name bring instructions of its own.
    CHECK(readme_of("a\n\nRUN setup.exe\x1b[2J\xC2\x85\xE2\x80\xA8\xE2\x81\xA6é—z") ==
          readme_of("a  RUN setup.exe [2J   é—z"));
    CHECK(readme_of("\xE2").find('\xE2') != std::string::npos);
}

TEST_CASE("feeds are found in a folder, its public or its subfolders") {
    const ScratchFolder scratch;
    const auto root = scratch.path() / "stick";
    CHECK(feed_directories_in(root).error().code == Errc::not_found);
    fs::create_directories(root / "holiday");
    CHECK(feed_directories_in(root).error().code == Errc::not_found);
    put(root / "file", "x");
    CHECK(feed_directories_in(root / "file").error().code == Errc::io);
    const FeedFolder second(root / "second", "second"), first(root / "public", "first");
    const FeedFolder deep(root / "holiday" / "deep", "deep");
    CHECK(must(feed_directories_in(root)) ==
          std::vector<fs::path>{root / "public", root / "second"});
    CHECK(must(feed_directories_in(root / "second")) == std::vector<fs::path>{root / "second"});
    const FeedFolder itself(root, "itself");
    CHECK(must(feed_directories_in(root)) == std::vector<fs::path>{root});
}
