#include <catch2/catch.hpp>

#include <algorithm>

#include "core/look_alike.h"
#include "core/spoken.h"
#include "support/test_feed.h"
#include "feed/fingerprint.h"

using namespace colport;

TEST_CASE("bytes are words and come back") {
    // From the paper that describes the encoding: 127.0.0.1 and 63.84.220.193.
    CHECK(to_spoken(std::string_view("\x7f\0\0\x01", 4)) == "lusab-babad");
    CHECK(to_spoken("\x3f\x54\xdc\xc1") == "gutih-tugad");
    CHECK(from_spoken("Lusab babad") == std::string("\x7f\0\0\x01", 4));
    CHECK(from_spoken(" lusab\n-babad ") == std::string("\x7f\0\0\x01", 4));
    CHECK_FALSE(from_spoken("lusa-bbabad"));
    CHECK_FALSE(from_spoken("lusab-baba"));
    CHECK_FALSE(from_spoken("lusac"));
    CHECK(from_spoken("") == "");
    for (int high = 0; high < 256; ++high)
        for (int low = 0; low < 256; ++low) {
            const std::string pair{static_cast<char>(high), static_cast<char>(low)};
            if (from_spoken(to_spoken(pair)) != pair) FAIL(high << " " << low);
        }
}

TEST_CASE("names that look alike have one look, others have others") {
    const auto alike = [](const char* a, const char* b) { return look_alikes({a, b})[1] == 0u; };
    CHECK(alike("The Harbour Gazette", "The Harbour Gazette"));
    CHECK(alike("The Harbour Gazette", "the harbour  gazette!"));
    CHECK(alike("Harbour", "H\xD0\xB0rbour"));                  // Cyrillic a
    CHECK(alike("Meduza", "Med\xC3\xBAza"));                    // an accent
    CHECK(alike("Meduza", "\xD0\x9C\xD0\xB5\x64uza"));         // Cyrillic M and e
    CHECK(alike("BBC", "\xD0\x92\xD0\x92\xD0\xA1"));          // all Cyrillic
    CHECK(alike("Harbour", "Har\xE2\x80\x8B\x62our"));         // a space of no width
    CHECK_FALSE(alike("The Harbour Gazette", "The Harbour Herald"));
    CHECK_FALSE(alike("Gazette", "Gazettes"));
    CHECK_FALSE(alike("\xE6\xB8\xAF", "\xE5\x8F\xA3"));
    CHECK_FALSE(alike("", ""));
    CHECK_NOTHROW(alike("\xff\xfe", "x"));
    CHECK(look_alikes({"One", "Two", "one", "ONE"}) ==
          std::vector<std::optional<std::size_t>>{{}, {}, 0, 0});
}

TEST_CASE("a key has words and a picture of its own") {
    const auto one = support::test_key("one").public_key();
    const auto other = support::test_key("other").public_key();
    const auto words = fingerprint_words(one);
    CHECK(words.size() == 6 * 5 + 5);
    CHECK(words == fingerprint_words(one));
    CHECK(words != fingerprint_words(other));
    CHECK(fingerprint_picture(one) != fingerprint_picture(other));
    const auto picture = fingerprint_picture(one);
    for (const auto& row : picture)
        for (std::size_t i = 0; i < 4; ++i) CHECK(row[i] == row[7 - i]);
    CHECK(fingerprint_svg(one).starts_with("<svg "));
    const auto shown = fingerprint_text(one);
    CHECK(std::count(shown.begin(), shown.end(), '\n') == 4);
}
