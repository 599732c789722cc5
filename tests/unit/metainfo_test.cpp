#include <catch2/catch.hpp>
#include <fmt/format.h>

#include "core/limits.h"
#include "core/message.h"
#include "feed/files.h"
#include "metainfo/info_dictionary.h"
#include "metainfo/mutable_item.h"
#include "metainfo/torrent_file.h"
#include "support/test_feed.h"

using namespace colport;
using support::info_of;
using support::must;
using support::test_key;

namespace {
const auto feed_key = [] { return test_key("gazette root").public_key(); };
}

TEST_CASE("what parses as an info dictionary re-encodes to the same bytes") {
    for (const std::size_t count : {1, 2, 3, 4, 50, 1024}) {
        const auto info = info_of(feed_key(), count);
        const auto bytes = encode(info);
        const auto parsed = must(parse_info_dictionary(bytes));
        CHECK(parsed == info);
        CHECK(encode(parsed) == bytes);
    }
}

TEST_CASE("a changed info dictionary is refused or is another one") {
    const auto good = encode(info_of(feed_key(), 3));
    for (std::size_t bit = 0; bit < 8 * good.size(); ++bit) {
        auto odd = good;
        odd[bit / 8] = static_cast<char>(odd[bit / 8] ^ 1 << bit % 8);
        const auto parsed = parse_info_dictionary(odd);
        if (parsed && encode(*parsed) != odd) FAIL("bit " << bit);
    }
    for (std::size_t size = 0; size < good.size(); ++size)
        CHECK_FALSE(parse_info_dictionary(good.substr(0, size)));
}

TEST_CASE("an added file leaves the pieces before it as they were") {
    const support::ScratchFolder scratch;
    std::string before;
    for (const std::size_t size : {1, 262'143, 262'144, 262'145, 600'000}) {
        const auto path = scratch.path() / "file";
        must(write_file(path, std::string(size, 'x')));
        const auto pieces = must(hash_pieces(path));
        CHECK(pieces.size() == 20 * pieces_of(size));
        // A last piece is hashed with the zeros of its padding.
        std::string last((size - 1) % limits::piece_length + 1, 'x');
        last.resize(limits::piece_length, '\0');
        CHECK(pieces.substr(pieces.size() - 20) == info_hash(last).view());
        before += pieces;
    }
    auto info = info_of(feed_key(), 3);
    const auto held = info.pieces;
    const auto longer = info_of(feed_key(), 4);
    CHECK(longer.pieces.starts_with(held));
    CHECK(longer.first_piece(3) == info.piece_count());
    CHECK(longer.total_size() == 1000 + 2000 + 524'288 + 4000);
}

TEST_CASE("an info dictionary may be as large as the limits allow") {
    InfoDictionary info;
    info.feed = feed_key();
    info.volume = limits::volumes;
    info.seq = INT64_MAX;
    for (std::size_t i = 0; i < limits::files_per_volume; ++i) {
        auto name = fmt::format("{:064}", i);
        info.files.push_back({name, 1, sha256(name)});
        info.pieces += info_hash(name).view();
    }
    const auto bytes = encode(info);
    CHECK(bytes.size() < limits::info_dictionary);
    CHECK(must(parse_info_dictionary(bytes)) == info);
    info.files.push_back({std::string(64, 'z'), 1, sha256("z")});
    info.pieces += info_hash("z").view();
    CHECK(check(info).error().code == Errc::too_large);
    CHECK(parse_info_dictionary(std::string(limits::info_dictionary + 1, 'd')).error().code ==
          Errc::too_large);
}

TEST_CASE("nested bencoding is refused without recursion") {
    CHECK_FALSE(parse_info_dictionary("d7:colport" + std::string(100'000, 'l')));
    CHECK_FALSE(parse_info_dictionary("d5:filesl" + std::string(100'000, 'd')));
    CHECK_FALSE(info_of_torrent("d4:info" + std::string(100'000, 'd')));
    CHECK_FALSE(mutable_item::parse("d1:h" + std::string(900, 'l')));
}

TEST_CASE("a mutable item is signed as in BEP 44") {
    const auto buffer = mutable_item::signed_buffer("foobar", 1, "12:Hello World!");
    CHECK(buffer == "4:salt6:foobar3:seqi1e1:v12:Hello World!");
    CHECK(verify(*PublicKey::from_hex_text(
                     "77ff84905a91936367c01360803104f92432fcd904a43511876df5cdf3e7e548"),
                 buffer,
                 *Signature::from_hex_text(
                     "6834284b6b24c3204eb2fea824d82f88883a3d95e8b4a21b8c0ded553d17d17d"
                     "df9a8a7104b1258f30bed3787e6cb896fca78c58f8e03b5f18f14951a87d9a08")));
}

TEST_CASE("the value of a mutable item has one form") {
    const mutable_item::Value value{"head", info_hash("x")};
    const auto bytes = mutable_item::encode(value);
    CHECK(bytes == "d1:h4:head2:ih20:" + info_hash("x").str() + "e");
    CHECK(must(mutable_item::parse(bytes)).head == "head");
    for (const std::string& odd :
         {bytes + "e", bytes.substr(0, bytes.size() - 1), "d1:h04:head2:ih20:" + bytes.substr(17),
          std::string("d1:h4:heade"), std::string("le"), std::string("i1e"), std::string()})
        CHECK_FALSE(mutable_item::parse(odd));
    CHECK(mutable_item::parse(std::string(limits::head_value + 1, 'x')).error().code ==
          Errc::too_large);
}

TEST_CASE("the info dictionary of a .torrent keeps its bytes") {
    const auto info = encode(info_of(feed_key(), 2));
    const TorrentFile torrent{info, {"udp://a.example:1", "http://b.example/announce"},
                              {"https://c.example/feed/volumes/"}};
    const auto bytes = encode(torrent);
    CHECK(must(info_of_torrent(bytes)) == info);
    CHECK(bytes.starts_with("d8:announce17:udp://a.example:113:announce-listll"));
    for (std::size_t size = 0; size < bytes.size(); size += 7)
        CHECK_FALSE(info_of_torrent(bytes.substr(0, size)));
    CHECK_FALSE(info_of_torrent("d4:info3:abce"));
    CHECK(must(info_of_torrent(encode(TorrentFile{info, {}, {}}))) == info);
}
