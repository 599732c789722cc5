#include <catch2/catch.hpp>

#include <algorithm>

#include "core/qr.h"
#include "press/signing/paper.h"
#include "support/test_feed.h"

using namespace colport;

TEST_CASE("a key goes to paper and comes back", "[trust][press]") {
    const auto key = support::test_key("paper");
    const auto words = paper_words(key);
    CHECK(std::count(words.begin(), words.end(), '-') == 17);
    CHECK(support::must(key_of_paper(words)).public_key() == key.public_key());
    auto typed = words;
    std::replace(typed.begin(), typed.end(), '-', ' ');
    std::transform(typed.begin(), typed.end(), typed.begin(), ::toupper);
    CHECK(support::must(key_of_paper(" " + typed + "\n")).public_key() == key.public_key());
}

TEST_CASE("every slip of the pen on a key's paper is noticed", "[trust][press]") {
    const auto words = paper_words(support::test_key("paper"));
    const auto refused = [](const std::string& odd) {
        const auto key = key_of_paper(odd);
        return !key && key.error().code == Errc::invalid;
    };
    for (std::size_t at = 0; at < words.size(); ++at)
        for (char c = 'a'; c <= 'z'; ++c) {
            auto odd = words;
            odd[at] = c;
            if (odd != words && !refused(odd)) FAIL(odd);
        }
    for (std::size_t one = 0; one < 18; ++one)
        for (std::size_t other = one + 1; other < 18; ++other) {
            auto odd = words;
            for (std::size_t i = 0; i < 5; ++i) std::swap(odd[6 * one + i], odd[6 * other + i]);
            if (odd != words && !refused(odd)) FAIL(odd);
        }
    CHECK(refused(words.substr(6)));
    CHECK(refused(words + "-babab"));
    CHECK(refused(""));
}

TEST_CASE("a QR code is drawn for paper and for a terminal") {
    CHECK(support::must(qr_svg("lusab-babad")).starts_with("<svg "));
    const auto shown = support::must(qr_terminal("lusab-babad"));
    // 21 modules and two margins of 4, two rows a line.
    CHECK(std::count(shown.begin(), shown.end(), '\n') == 15);
    CHECK_FALSE(qr_svg(std::string(3000, 'x')));
}
