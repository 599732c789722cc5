#include <catch2/catch.hpp>

#include "core/bytes.h"

using namespace colport;

TEST_CASE("hex is lower case, of even length and nothing else") {
    CHECK(to_hex(std::string("\x00\xff\x10", 3)) == "00ff10");
    CHECK(from_hex("00ff10") == std::string("\x00\xff\x10", 3));
    CHECK(from_hex("") == "");
    for (const char* bad : {"0", "0g", "FF", "00 ff", "00\n", "0x00", "00:ff"}) {
        CAPTURE(bad);
        CHECK_FALSE(from_hex(bad));
    }
    CHECK_FALSE(from_hex(std::string_view("00\0", 3)));
}

TEST_CASE("base64 has one form for each string of bytes") {
    for (const std::string text : {"", "f", "fo", "foo", "foob", "fooba", "foobar"})
        CHECK(from_base64(to_base64(text)) == text);
    CHECK(to_base64("fo") == "Zm8=");
    for (const char* bad : {"Zm8", "Zm9=", "Zm8= ", " Zm8=", "Zm\n8=", "Zm8==", "Z", "=", "Zm-_"}) {
        CAPTURE(bad);
        CHECK_FALSE(from_base64(bad));
    }
}

TEST_CASE("text is well-formed UTF-8 without NUL") {
    for (const char* good : {"", "a", "Ж", "新", "😀", "\xf4\x8f\xbf\xbf", "\xef\xbf\xbe"}) {
        CAPTURE(good);
        CHECK(is_text(good));
    }
    for (const char* bad : {"\x80", "\xc0\xaf", "\xe0\x80\xaf", "\xf0\x80\x80\xaf",  // overlong
                            "\xed\xa0\x80", "\xed\xbf\xbf",                          // surrogates
                            "\xf4\x90\x80\x80", "\xf8\x88\x80\x80\x80", "\xff",      // too high
                            "\xc3", "a\xe6\x96", "\xf0\x9f\x98"}) {                  // cut short
        CAPTURE(to_hex(bad));
        CHECK_FALSE(is_text(bad));
    }
    CHECK_FALSE(is_text(std::string_view("a\0b", 3)));
    CHECK_FALSE(is_text(std::string_view("\xc0\x80", 2)));
}

TEST_CASE("fixed bytes take their own size only") {
    CHECK(ArticleId::from(std::string(16, 'x')));
    CHECK_FALSE(ArticleId::from(std::string(15, 'x')));
    CHECK_FALSE(ArticleId::from(std::string(17, 'x')));
    CHECK(InfoHash::from_hex_text(std::string(40, 'a')));
    CHECK_FALSE(InfoHash::from_hex_text(std::string(40, 'A')));
}
