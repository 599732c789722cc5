#include <catch2/catch.hpp>

#include "core/crypto.h"
#include "feed/files.h"
#include "peer/purge.h"
#include "storage_fixture.h"

using namespace colport;
using namespace colport::testing;

namespace fs = std::filesystem;

namespace {

void put(const fs::path& file) {
    fs::create_directories(file.parent_path());
    must(write_file(file, "content"));
}

std::string some_key() { return SigningKey::generate().public_key().hex(); }

}  // namespace

TEST_CASE("a purge of a folder that is no data directory touches nothing") {
    const TemporaryFolder folder;
    const char* all[] = {"share-notes/a", "upload-1/package", "feeds/mine/a", "lock", "page.address"};
    for (const char* name : all) put(folder.path() / name);
    const auto report = must(purge({folder.path()}));
    CHECK(report.files == 0);
    CHECK(report.left == 5);
    for (const char* name : all) CHECK(fs::exists(folder.path() / name));
    CHECK_FALSE(fs::exists(folder.path() / "purge"));
}

TEST_CASE("a purge erases what is Colport's by its whole name") {
    const TemporaryFolder folder;
    const auto& root = folder.path();
    const char* ours[] = {"archive.sqlite", "archive.sqlite-wal", "reading.sqlite",
                          "upload-0123456789abcdef/package",
                          "upload-0123456789abcdee-taken/feeds/a", "share-00ff/feeds/a",
                          "import-00ff/a"};
    const char* others[] = {"share-notes/a", "upload-/a", "import-photos/a", "feeds/mine/a"};
    for (const char* name : ours) put(root / name);
    for (const char* name : others) put(root / name);
    const auto feed = root / "feeds" / some_key();
    put(feed / "feed.pub");
    const auto report = must(purge({root}));
    for (const char* name : ours) CHECK_FALSE(fs::exists(root / name));
    for (const char* name : others) CHECK(fs::exists(root / name));
    CHECK_FALSE(fs::exists(feed));
    CHECK(report.left == 4);
    CHECK_FALSE(is_purge_begun({root}));
}

TEST_CASE("a purge follows links to where a feed and the archive really are") {
    const TemporaryFolder folder, disk;
    const auto root = folder.path() / "data";
    const auto feed = disk.path() / "feed", other = disk.path() / "other";
    put(feed / "feed.pub");
    put(other / "no feed");
    put(disk.path() / "archive");
    put(disk.path() / "archive-wal");
    fs::create_directories(root / "feeds");
    fs::create_directory_symlink(feed, root / "feeds" / some_key());
    fs::create_directory_symlink(other, root / "feeds" / some_key());
    fs::create_symlink(disk.path() / "archive", root / "archive.sqlite");
    must(purge({root}));
    CHECK_FALSE(fs::exists(root));
    CHECK_FALSE(fs::exists(feed));
    CHECK(fs::exists(other / "no feed"));
    CHECK_FALSE(fs::exists(disk.path() / "archive"));
    CHECK_FALSE(fs::exists(disk.path() / "archive-wal"));
}

TEST_CASE("a purge that was marked is due until it is done") {
    const TemporaryFolder folder;
    const DataDirectory data{folder.path() / "data"};
    put(data.root / "reading.sqlite");
    CHECK_FALSE(is_purge_begun(data));
    must(mark_purge(data));
    CHECK(is_purge_begun(data));
    must(purge(data));
    CHECK_FALSE(fs::exists(data.root));
}
