#include <catch2/catch.hpp>
#include <google/protobuf/stubs/logging.h>

#include "core/codec.h"
#include "core/limits.h"
#include "core/message.h"
#include "support/test_feed.h"

using namespace colport;
using support::must;

namespace {
const PublicKey feed = PublicKey{};
}

TEST_CASE("a frame gives back what went in") {
    Compressor compressor;
    Decompressor decompressor;
    for (const std::string& text : {std::string(), std::string("a"), std::string(100'000, 'x')}) {
        const auto frame = compressor.compress(text);
        CHECK(must(decompressor.decompress(frame, text.size(), nullptr)) == text);
        CHECK(Compressor().compress(text) == frame);
    }
}

TEST_CASE("a frame holds exactly what was said, and nothing follows it") {
    Decompressor decompressor;
    const std::string text = "some text that is some text that is text";
    const auto frame = Compressor().compress(text);
    const auto refused = [&](const std::string& bytes, std::size_t size) {
        const auto out = decompressor.decompress(bytes, size, nullptr);
        return !out && out.error().code == Errc::corrupt;
    };
    CHECK(refused(frame, text.size() - 1));
    CHECK(refused(frame, text.size() + 1));
    CHECK(refused(frame + "x", text.size()));
    CHECK(refused(frame + frame, 2 * text.size()));
    CHECK(refused("x" + frame, text.size()));
    CHECK(refused("", 0));
    for (std::size_t size = 0; size < frame.size(); ++size)
        CHECK(refused(frame.substr(0, size), text.size()));
    // Still of use after all that.
    CHECK(must(decompressor.decompress(frame, text.size(), nullptr)) == text);
}

TEST_CASE("only frames of RFC 8878 are unpacked") {
    Decompressor decompressor;
    // One to skip, and the magic numbers of the forms of 2016 and before.
    CHECK_FALSE(decompressor.decompress(Bytes("\x50\x2a\x4d\x18\0\0\0\0", 8), 0, nullptr));
    for (const char* version : {"\x25", "\x26", "\x27"}) {
        const auto frame = version + std::string("\xb5\x2f\xfd") + std::string(60, '\0');
        const auto refused = decompressor.decompress(frame, 0, nullptr);
        REQUIRE_FALSE(refused);
        CHECK(refused.error().code == Errc::corrupt);
        CHECK_FALSE(Dictionary::load(frame));
    }
}

TEST_CASE("a bomb stops at the size that was said") {
    const auto bomb = Compressor().compress(std::string(limits::frame, '\0'));
    CHECK(bomb.size() < 2000);
    CHECK_FALSE(Decompressor().decompress(bomb, 1000, nullptr));
}

TEST_CASE("a dictionary is learnt the same way each time and shortens articles") {
    const auto bytes = support::test_dictionary(feed, 4096);
    CHECK(bytes == support::test_dictionary(feed, 4096));
    CHECK(bytes.size() <= 4096);
    const auto dictionary = must(Dictionary::load(bytes));
    const auto text = encode_message(support::many_articles(feed, 201).back());
    Compressor with(dictionary);
    const auto frame = with.compress(text);
    CHECK(frame.size() < Compressor().compress(text).size());
    CHECK(Compressor(dictionary).compress(text) == frame);
    Decompressor decompressor;
    CHECK(must(decompressor.decompress(frame, text.size(), dictionary.get())) == text);
    CHECK_FALSE(decompressor.decompress(frame, text.size(), nullptr));

    const auto packed = Dictionary::pack(bytes);
    CHECK(packed.size() < bytes.size());
    const auto same = must(Dictionary::load(packed));
    CHECK(same->bytes() == bytes);
    CHECK(same->hash() == sha256(packed));
    CHECK(Compressor(same).compress(text) == frame);
}

TEST_CASE("a message that peers damaged writes nothing to the log") {
    static int lines;
    lines = 0;
    auto* before = google::protobuf::SetLogHandler(
        [](google::protobuf::LogLevel, const char*, int, const std::string&) { ++lines; });
    const auto parsed =
        parse_message<pb::Article>(support::bytes_field(5, "\xff"), 1000, "article");
    google::protobuf::SetLogHandler(before);
    CHECK(parsed.error().code == Errc::corrupt);
    CHECK(lines == 0);
}

TEST_CASE("what is no dictionary is refused") {
    const auto code = [](std::string bytes) {
        const auto out = Dictionary::load(std::move(bytes));
        REQUIRE_FALSE(out);
        return out.error().code;
    };
    CHECK(code("") == Errc::corrupt);
    CHECK(code(std::string(5000, 'x')) == Errc::corrupt);
    CHECK(code(support::test_dictionary(feed, 4096).substr(0, 30)) == Errc::corrupt);
    CHECK(code(std::string(limits::dictionary + 1, 'x')) == Errc::too_large);
    CHECK(code(Dictionary::pack(std::string(limits::dictionary + 1, 'x'))) == Errc::too_large);
    CHECK(code(Dictionary::pack(std::string(5000, 'x'))) == Errc::corrupt);
    const auto packed = Dictionary::pack(support::test_dictionary(feed, 4096));
    CHECK(code(packed.substr(0, packed.size() - 1)) == Errc::corrupt);
    CHECK(code(packed + "x") == Errc::corrupt);
    CHECK_FALSE(Dictionary::train({}, 4096));
    const std::vector<std::string> one{"a"};
    CHECK_FALSE(Dictionary::train(one, 4096));
}
