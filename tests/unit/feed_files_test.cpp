#include <catch2/catch.hpp>

#include <sys/stat.h>
#include <unistd.h>

#include <fstream>

#include "core/limits.h"
#include "core/minisign.h"
#include "feed/file_parts.h"
#include "feed/files.h"
#include "feed/shelf.h"
#include "feed/verify.h"
#include "metainfo/torrent_file.h"
#include "support/test_feed.h"

using namespace colport;
using namespace colport::support;
namespace fs = std::filesystem;

namespace {

std::vector<std::string> names_in(const fs::path& folder) {
    std::vector<std::string> out;
    for (const auto& entry : fs::directory_iterator(folder))
        out.push_back(entry.path().filename().string());
    return out;
}

void flip(const fs::path& file, std::size_t at) {
    auto bytes = must(read_file(file, 1 << 20));
    bytes.at(at) = static_cast<char>(bytes.at(at) ^ 1);
    std::ofstream(file, std::ios::binary) << bytes;
}

/// Two volumes, a dictionary, a picture.
FeedFolder whole_feed(const fs::path& folder) {
    FeedFolder out(folder, "gazette");
    out.add_articles(many_articles(out.feed(), 5));
    out.publish();
    out.seal();
    publish_one_of_each(out);
    return out;
}

}  // namespace

TEST_CASE("a file is written whole or not at all") {
    const ScratchFolder scratch;
    const auto path = scratch.path() / "file";
    CHECK(write_file(path, "first", 0600));
    CHECK(must(mode_of(path)) == 0600);
    CHECK(write_file(path, "second"));
    CHECK(must(read_file(path, 100)) == "second");
    CHECK(names_in(scratch.path()) == std::vector<std::string>{"file"});

    const auto nowhere = write_file(scratch.path() / "no" / "file", "x");
    REQUIRE_FALSE(nowhere);
    CHECK(nowhere.error().code == Errc::not_found);
    CHECK_FALSE(fs::exists(scratch.path() / "no"));

    must(make_directory(scratch.path() / "folder" / "inside"));
    CHECK_FALSE(write_file(scratch.path() / "folder", "x"));
    CHECK_FALSE(fs::exists(scratch.path() / "folder.tmp"));
    CHECK(fs::is_directory(scratch.path() / "folder"));
}

TEST_CASE("what was left of a write that broke off does not matter") {
    const ScratchFolder scratch;
    const auto path = scratch.path() / "file";
    must(write_file(scratch.path() / "elsewhere", "kept"));
    fs::create_symlink(scratch.path() / "elsewhere", path.string() + ".tmp");
    CHECK(write_file(path, "x"));
    CHECK(must(read_file(scratch.path() / "elsewhere", 100)) == "kept");
    CHECK(must(read_file(path, 100)) == "x");
}

TEST_CASE("reading stops at the limit") {
    const ScratchFolder scratch;
    const auto path = scratch.path() / "file";
    must(write_file(path, std::string(1000, 'x')));
    CHECK(must(read_file(path, 1000)).size() == 1000);
    CHECK(read_file(path, 999).error().code == Errc::too_large);
    CHECK(read_file("/dev/zero", 1 << 20).error().code == Errc::io);
    CHECK(read_file(scratch.path() / "none", 10).error().code == Errc::not_found);
    CHECK_FALSE(read_file(scratch.path(), 10));
    CHECK(must(hash_file(path, 1000)) == sha256(std::string(1000, 'x')));
    CHECK(hash_file(path, 999).error().code == Errc::corrupt);
    CHECK(hash_file(path, 1001).error().code == Errc::corrupt);
}

TEST_CASE("parts of a file are read, and one that others cut short is an error") {
    const ScratchFolder scratch;
    const auto path = scratch.path() / "file";
    must(write_file(path, "0123456789"));
    CHECK(FileParts::open(path, 9).error().code == Errc::too_large);
    CHECK(FileParts::open(scratch.path() / "none", 10).error().code == Errc::not_found);
    CHECK(FileParts::open("/dev/zero", 10).error().code == Errc::io);
    CHECK_FALSE(FileParts::open(scratch.path(), 10));
    const auto parts = must(FileParts::open(path, 10));
    std::string buffer;
    CHECK(parts.size() == 10);
    CHECK(must(parts.read(0, 10, buffer)) == "0123456789");
    CHECK(must(parts.read(7, 3, buffer)) == "789");
    CHECK(must(parts.read(10, 0, buffer)).empty());
    CHECK(parts.read(8, 3, buffer).error().code == Errc::corrupt);
    CHECK(parts.read(11, 0, buffer).error().code == Errc::corrupt);
    CHECK(parts.read(1, SIZE_MAX, buffer).error().code == Errc::corrupt);
    std::filesystem::resize_file(path, 5);
    CHECK(must(parts.read(2, 3, buffer)) == "234");
    const auto cut = parts.read(2, 4, buffer);
    CHECK(cut.error().code == Errc::corrupt);
    CHECK(cut.error().message.find(path.string()) != std::string::npos);
    must(write_file(path, ""));
    CHECK(must(FileParts::open(path, 10)).size() == 0);
}

TEST_CASE("names of a volume's files sort as they were released") {
    CHECK(volume_file_name(7, 2, FileKind::articles) == "00000007-002.articles.zst");
    CHECK(volume_file_name(7, 2, FileKind::dictionary) < volume_file_name(10, 0, FileKind::media));
    CHECK(kind_of("00000007-002.articles.zst") == FileKind::articles);
    CHECK(kind_of("00000007-002.dict") == FileKind::dictionary);
    CHECK(kind_of("00000007-002.dict.zst") == FileKind::dictionary);
    CHECK(kind_of("00000007-002.media.zst") == FileKind::media);
    CHECK_FALSE(kind_of("00000007-002.later"));
}

TEST_CASE("a whole feed directory verifies") {
    const ScratchFolder scratch;
    const auto feed = whole_feed(scratch.path());
    const auto out = verify_directory(scratch.path(), test_time + 60);
    CHECK(out.errors == std::vector<std::string>{});
    CHECK(out.volumes == 2);
    CHECK(out.files == 4);
    CHECK(out.articles == 6);
    CHECK(out.pictures == 1);
    CHECK(out.seq == 2);
    CHECK(out.name == "gazette");
}

TEST_CASE("verifying finds each file that was tampered with or is gone") {
    const ScratchFolder scratch;
    whole_feed(scratch.path());
    std::vector<fs::path> files;
    for (const auto& entry : fs::recursive_directory_iterator(scratch.path()))
        if (entry.is_regular_file()) files.push_back(entry.path());
    CHECK(files.size() == 13);
    for (const auto& file : files) {
        CAPTURE(file);
        const auto bytes = must(read_file(file, 1 << 20));
        for (const std::size_t at : {std::size_t{0}, bytes.size() / 2, bytes.size() - 2}) {
            // Nobody reads the first line of a minisign signature.
            if (at == 0 && file.extension() == ".minisig") continue;
            flip(file, at);
            const auto out = verify_directory(scratch.path(), test_time + 60);
            CHECK_FALSE(out.errors.empty());
            if (!out.errors.empty())
                CHECK(out.errors[0].find(file.filename()) != std::string::npos);
            flip(file, at);
        }
        fs::remove(file);
        const bool needed =
            file.extension() != ".minisig" && file.parent_path().filename() != "signing";
        CHECK(verify_directory(scratch.path(), test_time + 60).errors.empty() != needed);
        std::ofstream(file, std::ios::binary) << bytes;
    }
    CHECK(verify_directory(scratch.path(), test_time + 60).errors.empty());
}

TEST_CASE("a public key beside the feed that the keyring does not know is told") {
    const ScratchFolder scratch;
    whole_feed(scratch.path());
    must(write_file(scratch.path() / "signing" / "ours.pub",
                    minisign::public_key_file(test_key("stranger").public_key())));
    CHECK(verify_directory(scratch.path(), test_time + 60).errors.size() == 1);
}

TEST_CASE("a head is served by the .torrent of a later release") {
    const ScratchFolder scratch;
    FeedFolder feed(scratch.path(), "gazette");
    feed.add_articles({test_article(feed.feed(), "one", "First", "Text.")});
    feed.publish();
    const auto records = must(load_records(feed.directory(), test_time + 60));
    const auto first = must(load_info(feed.directory(), volumes_of(records).back(), feed.feed()));
    for (int more = 2; more <= 4; ++more) {
        const auto name = std::to_string(more);
        feed.add_articles({test_article(feed.feed(), name, name, "Text.")});
        feed.add_articles({test_article(feed.feed(), name + "b", name, "Text.")});
        feed.publish();
        CHECK(must(load_info(feed.directory(), volumes_of(records).back(), feed.feed())) == first);
    }
    must(write_file(feed.directory().torrent(1),
                    encode(TorrentFile{encode(info_of(feed.feed(), 3)), {}, {}})));
    CHECK(load_info(feed.directory(), volumes_of(records).back(), feed.feed()).error().code ==
          Errc::forged);
}

TEST_CASE("one bundle verifies with its feed, beside its dictionary, or alone") {
    const ScratchFolder scratch;
    const auto feed = whole_feed(scratch.path() / "feed");
    const auto first = feed.directory().volume(1) / "00000001-000.articles.zst";
    const auto packed = feed.directory().volume(2) / "00000002-001.articles.zst";
    CHECK(verify_bundle(first, test_time + 60).errors.empty());
    CHECK(verify_bundle(packed, test_time + 60).errors.empty());
    const auto alone = scratch.path() / "alone.zst";
    fs::copy_file(first, alone);
    const auto out = verify_bundle(alone, test_time + 60);
    CHECK(out.errors.empty());
    CHECK(out.articles == 5);
    flip(alone, 50);
    CHECK_FALSE(verify_bundle(alone, test_time + 60).errors.empty());
    fs::copy_file(packed, alone, fs::copy_options::overwrite_existing);
    CHECK(verify_bundle(alone, test_time + 60).errors.size() == 1);
    CHECK(verify_bundle(scratch.path() / "none.zst", test_time + 60).errors.size() == 1);
}
