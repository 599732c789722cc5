#include <catch2/catch.hpp>

#include <archive.h>
#include <archive_entry.h>
#include <sys/stat.h>

#include <map>

#include "core/limits.h"
#include "feed/files.h"
#include "feed/link.h"
#include "feed/package.h"
#include "feed/stick.h"
#include "feed/verify.h"
#include "support/test_feed.h"

using namespace colport;
using namespace colport::support;
namespace fs = std::filesystem;

namespace {

constexpr std::uint64_t plenty = 1 << 30;

void make_feed(const fs::path& folder, const std::string& name) {
    FeedFolder feed(folder, name);
    feed.add_articles({test_article(feed.feed(), "one", "First", "Text.")});
    feed.publish();
    feed.seal();
    feed.add_articles({test_article(feed.feed(), "two", "Second", "Text.")});
    feed.publish();
    put(folder / "README.txt", readme_of(name));
    put(folder / "link.txt", to_string(Link{feed.feed(), name, {}, {}, {}}));
    put(folder / "dht-nodes.txt", "192.0.2.1:1\n");
}

/// One entry of a tar made by hand.
struct Entry {
    std::string name;
    std::string content = "";
    unsigned type = AE_IFREG;
    std::string symlink = "";
    std::string hardlink = "";
};

struct HandMade {
    decltype(&archive_write_set_format_ustar) format = archive_write_set_format_pax;
    decltype(&archive_write_add_filter_none) filter = archive_write_add_filter_none;
};

void make_tar(const fs::path& file, const std::vector<Entry>& entries, HandMade how = {}) {
    auto* tar = archive_write_new();
    REQUIRE(how.format(tar) == ARCHIVE_OK);
    REQUIRE(how.filter(tar) == ARCHIVE_OK);
    REQUIRE(archive_write_open_filename(tar, file.c_str()) == ARCHIVE_OK);
    auto* header = archive_entry_new();
    for (const auto& entry : entries) {
        archive_entry_clear(header);
        archive_entry_set_pathname(header, entry.name.c_str());
        archive_entry_set_filetype(header, entry.type);
        archive_entry_set_perm(header, 0777);
        archive_entry_set_size(header, static_cast<std::int64_t>(entry.content.size()));
        if (!entry.symlink.empty()) archive_entry_set_symlink(header, entry.symlink.c_str());
        if (!entry.hardlink.empty()) archive_entry_set_hardlink(header, entry.hardlink.c_str());
        REQUIRE(archive_write_header(tar, header) == ARCHIVE_OK);
        archive_write_data(tar, entry.content.data(), entry.content.size());
    }
    archive_entry_free(header);
    REQUIRE(archive_write_close(tar) == ARCHIVE_OK);
    archive_write_free(tar);
}

/// A header of the old kind that claims `size` bytes.
std::string header_block(const std::string& name, std::uint64_t size) {
    std::string out(512, '\0');
    const auto field = [&](std::size_t at, const std::string& value) {
        out.replace(at, value.size(), value);
    };
    field(0, name);
    field(100, "0000644");
    field(108, "0000000");
    field(116, "0000000");
    char digits[13];
    std::snprintf(digits, sizeof digits, "%011lo", static_cast<unsigned long>(size));
    field(124, digits);
    field(136, "00000000000");
    field(148, "        ");
    field(156, "0");
    field(257, std::string("ustar\0" "00", 8));
    unsigned sum = 0;
    for (const char c : out) sum += static_cast<unsigned char>(c);
    std::snprintf(digits, sizeof digits, "%06o", sum);
    field(148, std::string(digits) + '\0' + ' ');
    return out;
}

/// Refused, with nothing left behind.
Errc refusal(const fs::path& file, std::uint64_t most_bytes = plenty) {
    const auto folder = file.parent_path() / "unpacked";
    const auto out = unpack(file, folder, most_bytes);
    REQUIRE_FALSE(out);
    CHECK_FALSE(fs::exists(folder));
    return out.error().code;
}

}  // namespace

TEST_CASE("a package unpacks to the feeds that went in") {
    const ScratchFolder scratch;
    const auto folder = scratch.path() / "feeds", file = scratch.path() / "feeds.tar";
    make_feed(folder / "The.Gazette-2", "gazette");
    make_feed(folder / "courier", "courier");
    must(pack(folder, file));
    CHECK_FALSE(fs::exists(file.string() + ".tmp"));
    const auto unpacked = scratch.path() / "a" / "unpacked";
    must(unpack(file, unpacked, plenty));
    CHECK(tree(unpacked) == tree(folder));
    CHECK(must(mode_of(unpacked)) == 0700);
    for (const auto& feed : must(feed_directories_in(unpacked)))
        CHECK(verify_directory(feed, test_time + 60).errors.empty());
}

TEST_CASE("a feed directory alone makes a package too") {
    const ScratchFolder scratch;
    make_feed(scratch.path() / "feed", "gazette");
    must(pack(scratch.path() / "feed", scratch.path() / "feed.tar"));
    fs::create_directory(scratch.path() / "empty");
    must(unpack(scratch.path() / "feed.tar", scratch.path() / "empty", plenty));
    CHECK(tree(scratch.path() / "empty") == tree(scratch.path() / "feed"));
}

TEST_CASE("the same files give the same package") {
    const ScratchFolder scratch;
    for (const auto* name : {"one", "two"}) {
        make_feed(scratch.path() / name / "feed", "gazette");
        must(pack(scratch.path() / name, scratch.path() / (std::string(name) + ".tar")));
        // Neither times, nor modes, nor the order in the folder matter.
        fs::permissions(scratch.path() / name / "feed" / "head", fs::perms::owner_all);
        fs::last_write_time(scratch.path() / name / "feed" / "head",
                            fs::file_time_type::clock::now() - std::chrono::hours(5));
    }
    must(pack(scratch.path() / "one", scratch.path() / "three.tar"));
    const auto bytes = must(read_file(scratch.path() / "one.tar", 1 << 24));
    CHECK(bytes == must(read_file(scratch.path() / "two.tar", 1 << 24)));
    CHECK(bytes == must(read_file(scratch.path() / "three.tar", 1 << 24)));
}

TEST_CASE("only the files of a feed go into a package") {
    const ScratchFolder scratch;
    const auto folder = scratch.path() / "stick";
    make_feed(folder / "gazette", "gazette");
    const auto before = tree(folder);
    for (const auto* stray : {"holiday.jpg", "gazette/notes", "gazette/head.tmp", "gazette/volumes/x",
                              "gazette/volumes/0001/A b", "gazette/signing/root.key",
                              "gazette/volumes/0001/00000001-000.articles.zst~"})
        put(folder / stray, "stray");
    put(scratch.path() / "secret", "secret");
    fs::create_directory(folder / "more");
    fs::create_symlink(scratch.path() / "secret", folder / "more/feed.pub");
    fs::create_directory_symlink(folder / "gazette", folder / "again");
    ::mkfifo((folder / "more/head").c_str(), 0600);
    must(pack(folder, folder / "feeds.tar"));
    must(unpack(folder / "feeds.tar", scratch.path() / "unpacked", plenty));
    CHECK(tree(scratch.path() / "unpacked") == before);
}

TEST_CASE("a package that cannot be made leaves no file") {
    const ScratchFolder scratch;
    fs::create_directory(scratch.path() / "empty");
    const auto file = scratch.path() / "feeds.tar";
    CHECK(pack(scratch.path() / "empty", file).error().code == Errc::not_found);
    CHECK(pack(scratch.path() / "nowhere", file).error().code == Errc::not_found);
    make_feed(scratch.path() / "feed", "gazette");
    CHECK_FALSE(pack(scratch.path() / "feed", scratch.path() / "no" / "feeds.tar"));
    put(scratch.path() / "feed/shelf", "");
    fs::resize_file(scratch.path() / "feed/shelf", limits::bundle + 1);
    CHECK(pack(scratch.path() / "feed", file).error().code == Errc::too_large);
    CHECK_FALSE(fs::exists(file));
    CHECK_FALSE(fs::exists(file.string() + ".tmp"));
}

TEST_CASE("a tar made by others is taken when it holds feeds alone") {
    const ScratchFolder scratch;
    const auto file = scratch.path() / "x.tar";
    for (const auto format : {archive_write_set_format_pax, archive_write_set_format_ustar,
                              archive_write_set_format_gnutar}) {
        make_tar(file,
                 {{"g", "", AE_IFDIR}, {"g/feed.pub", "key"}, {"g/volumes", "", AE_IFDIR},
                  {"g/volumes/1000000", "", AE_IFDIR}, {"g/volumes/0001/" + std::string(64, 'a'), "x"}},
                 {format});
        must(unpack(file, scratch.path() / "out", plenty));
        CHECK(tree(scratch.path() / "out").size() == 2);
        CHECK(must(mode_of(scratch.path() / "out/g/feed.pub")) == 0644);
        fs::remove_all(scratch.path() / "out");
    }
}

TEST_CASE("names that no feed has refuse a package") {
    const ScratchFolder scratch;
    const auto file = scratch.path() / "x.tar";
    for (const std::string name :
         {"../feed.pub", "/feed.pub", "/tmp/feed.pub", "./feed.pub", "g/../feed.pub", "g/./feed.pub",
          "..", ".", "g//feed.pub", ".g/feed.pub", "-g/feed.pub", "a b/feed.pub", "g/h/feed.pub",
          "volumes/feed.pub", "signing/feed.pub", "feed.pub/feed.pub", "g/feed.pub.tmp", "g/FEED.PUB",
          "g/setup.exe", "g/volumes/1/x", "g/volumes/00001/x", "g/volumes/0000/x",
          "g/volumes/1000001/x", "g/volumes/99999999999999999999/x", "g/volumes/0001/../x",
          "g/volumes/0001/.x", "g/volumes/0001/X", "g/volumes/0001/x/y", "g/volumes/0001.torrent.x",
          "g/volumes/.torrent", "g/signing/root.pub", "g/signing/00000000000000zz.pub",
          "g/signing/../feed.pub", "g\\feed.pub"}) {
        CAPTURE(name);
        make_tar(file, {{"g/feed.pub", "key"}, {name, "x"}});
        CHECK(refusal(file) == Errc::corrupt);
    }
    put(file, header_block("\xD0\xB3/feed.pub", 0) + std::string(1024, '\0'));
    CHECK(refusal(file) == Errc::corrupt);
    make_tar(file, {{"g/feed.pub", "key"}, {"g/volumes/0001/" + std::string(65, 'a'), "x"}});
    CHECK(refusal(file) == Errc::corrupt);
    make_tar(file, {{std::string(65, 'g') + "/feed.pub", "key"}});
    CHECK(refusal(file) == Errc::corrupt);
    CHECK(fs::directory_iterator(scratch.path())->path() == file);
}

TEST_CASE("links, devices and folders in place of files refuse a package") {
    const ScratchFolder scratch;
    const auto file = scratch.path() / "x.tar";
    put(scratch.path() / "secret", "secret");
    const auto secret = (scratch.path() / "secret").string();
    const std::vector<std::vector<Entry>> hostile = {
        {{"g/head", "", AE_IFLNK, secret}},
        {{"g", "", AE_IFLNK, scratch.path().string()}, {"g/head", "x"}},
        {{"g/volumes", "", AE_IFLNK, "/"}},
        {{"g/head", "", AE_IFREG, "", secret}},
        {{"g/head", "", AE_IFREG, "", "g/feed.pub"}},
        {{"g/head", "", AE_IFCHR}},
        {{"g/head", "", AE_IFBLK}},
        {{"g/head", "", AE_IFIFO}},
        {{"g/head", "", AE_IFDIR}},
        {{"g/volumes", "x"}},
        {{"g/volumes/0001", "x"}},
    };
    for (auto entries : hostile) {
        CAPTURE(entries.back().name, entries.back().type, entries.back().hardlink);
        entries.insert(entries.begin(), {"f/feed.pub", "key"});
        make_tar(file, entries);
        CHECK(refusal(file) == Errc::corrupt);
    }
    CHECK(must(read_file(secret, 100)) == "secret");
}

TEST_CASE("a name that comes twice refuses a package") {
    const ScratchFolder scratch;
    const auto file = scratch.path() / "x.tar";
    make_tar(file, {{"g/feed.pub", "key"}, {"g/head", "a"}, {"g/head", "b"}});
    CHECK(refusal(file) == Errc::corrupt);
    make_tar(file, {{"g/feed.pub", "key"}, {"g/volumes", "", AE_IFDIR}, {"g/volumes/", "", AE_IFDIR}});
    CHECK(refusal(file) == Errc::corrupt);
}

TEST_CASE("a package without a feed, or no package at all, is refused") {
    const ScratchFolder scratch;
    const auto file = scratch.path() / "x.tar";
    make_tar(file, {});
    CHECK(refusal(file) == Errc::corrupt);
    make_tar(file, {{"g/head", "x"}});
    CHECK(refusal(file) == Errc::corrupt);
    for (const auto& bytes : {std::string(), std::string("text"), std::string(20'000, 'x')}) {
        put(file, bytes);
        CHECK(refusal(file) == Errc::corrupt);
    }
    make_tar(file, {{"feed.pub", "key"}}, {archive_write_set_format_zip});
    CHECK(refusal(file) == Errc::corrupt);
    make_tar(file, {{"feed.pub", "key"}}, {archive_write_set_format_cpio});
    CHECK(refusal(file) == Errc::corrupt);
    make_tar(file, {{"feed.pub", "key"}},
             {archive_write_set_format_ustar, archive_write_add_filter_gzip});
    CHECK(refusal(file) == Errc::corrupt);
    fs::remove(file);
    CHECK(refusal(file) == Errc::not_found);
    CHECK(refusal(scratch.path()) == Errc::io);
    ::mkfifo(file.c_str(), 0600);
    CHECK(refusal(file) == Errc::io);
}

TEST_CASE("a package that was cut off or says more than it holds is refused") {
    const ScratchFolder scratch;
    const auto file = scratch.path() / "x.tar";
    make_feed(scratch.path() / "feed", "gazette");
    must(pack(scratch.path() / "feed", file));
    const auto bytes = must(read_file(file, 1 << 24));
    for (const std::size_t size : {600, 1000, 1100, 1536 + 10}) {
        CAPTURE(size);
        put(file, bytes.substr(0, size));
        CHECK(refusal(file) == Errc::corrupt);
    }
    put(file, header_block("feed.pub", 3) + "key" + std::string(509, '\0') +
                  header_block("head", 5000) + "x");
    CHECK(refusal(file) == Errc::corrupt);
}

TEST_CASE("a package over its limits is refused") {
    const ScratchFolder scratch;
    const auto file = scratch.path() / "x.tar";
    const auto key = header_block("feed.pub", 3) + "key" + std::string(509, '\0');
    for (const std::uint64_t size : {std::uint64_t{limits::bundle} + 1, std::uint64_t{1} << 32}) {
        put(file, key + header_block("head", size) + "x");
        CHECK(refusal(file) == Errc::too_large);
    }
    make_tar(file, {{"feed.pub", "key"}, {"head", std::string(97, 'x')}});
    CHECK(refusal(file, 99) == Errc::too_large);
    must(unpack(file, scratch.path() / "unpacked", 100));
    fs::remove_all(scratch.path() / "unpacked");

    std::vector<Entry> many = {{"feed.pub", "key"}};
    for (int i = 1; i <= 100'000; ++i) many.push_back({"g" + std::to_string(i), "", AE_IFDIR});
    make_tar(file, many, {archive_write_set_format_ustar});
    CHECK(refusal(file) == Errc::too_large);
}

TEST_CASE("a package is not unpacked among other files") {
    const ScratchFolder scratch;
    const auto file = scratch.path() / "x.tar", folder = scratch.path() / "folder";
    make_tar(file, {{"feed.pub", "key"}});
    fs::create_directory(folder);
    put(folder / "mine", "mine");
    CHECK(unpack(file, folder, plenty).error().code == Errc::exists);
    CHECK(tree(folder) == std::map<std::string, std::string>{{"mine", "mine"}});
    CHECK_FALSE(unpack(file, file / "folder", plenty));
}
