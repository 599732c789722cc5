#include <catch2/catch.hpp>

#include <algorithm>
#include <map>
#include <set>

#include "core/bytes.h"
#include "query/near_words.h"

using namespace colport;

namespace {

std::set<std::string> near(std::string_view word) {
    std::set<std::string> out;
    for (const auto& other : near_words(word)) out.insert(other.text);
    return out;
}

std::string corrected(std::string_view word, const std::map<std::string, std::uint64_t>& common,
                      std::size_t lookups = most_near_words) {
    const auto how_common = [&](std::string_view text) {
        const auto found = common.find(std::string(text));
        return found == common.end() ? std::uint64_t{0} : found->second;
    };
    return correct(word, how_common, lookups).value_or("");
}

}  // namespace

TEST_CASE("near words are all that one mistake makes, each once") {
    const auto words = near("abb");
    for (const char* word : {"bab", "bb", "ab", "aabb", "abbb", "acb", "abc", "xabb", "abxb",
                             "abbx", "zbb"}) {
        CAPTURE(word);
        CHECK(words.count(word) == 1);
    }
    CHECK(words.count("abb") == 0);
    CHECK(words.size() == near_words("abb").size());
    // Swaps 1, without a letter 2, another letter 3 × 25, one more 4 × 26 − 3.
    CHECK(words.size() == 1 + 2 + 75 + 101);
}

TEST_CASE("near words are spelt with the letters of the word's script, folded") {
    CHECK(near("мир").count("мйр") == 1);
    CHECK(near("мир").count("мір") == 1);
    CHECK(near("мир").count("мёр") == 0);
    CHECK(near("мир").count("мaр") == 0);
    CHECK(near("cвет").count("свет") == 0);   // a Latin word by its first letter
    CHECK(near("свeт").count("свет") == 1);   // a Latin e
    CHECK(near("كتب").count("كتاب") == 1);
    CHECK(near("كتب").count("كتپ") == 1);     // Persian
    CHECK(near("كتب").count("كتک") == 0);     // folded into the Arabic letter
    CHECK(near("sifre").count("sifrə") == 0);
    CHECK(near("γεια").count("γεινα") == 1);
    for (const auto& word : near("straße")) CHECK(is_text(word));
}

TEST_CASE("what is not spelt with letters has no near words") {
    for (const char* word : {"", "2026", "covid19", "新闻", "か", "한국", "ข่าว", "\xff", "'"}) {
        CAPTURE(word);
        CHECK(near_words(word).empty());
    }
    // Letters of a script without an alphabet are swapped and left out at most.
    CHECK(near("समचार").count("सचमार") == 1);
}

TEST_CASE("near words are bounded, the likeliest first") {
    const std::string word(200, 'x');
    CHECK(near_words(word + "y").size() == most_near_words);
    const auto words = near_words("form");
    const auto place = [&](const char* text) {
        return std::find_if(words.begin(), words.end(),
                            [&](const NearWord& near) { return near.text == text; }) -
               words.begin();
    };
    CHECK(place("from") < place("for"));
    CHECK(place("for") < place("fork"));
    CHECK(place("fork") < place("dorm"));
    CHECK(std::is_sorted(words.begin(), words.end(), [](const auto& a, const auto& b) {
        return a.weight > b.weight;
    }));
}

TEST_CASE("an unknown word is corrected to the likeliest that is known") {
    CHECK(corrected("goverment", {{"government", 900}, {"governments", 90}}) == "government");
    CHECK(corrected("превет", {{"привет", 9}, {"превед", 4}}) == "привет");
    CHECK(corrected("fomr", {{"form", 100}, {"four", 200}}) == "form");   // swapped
    CHECK(corrected("fomr", {{"form", 100}, {"four", 3000}}) == "four");
    CHECK(corrected("qqqqqq", {{"government", 900}}).empty());
    CHECK(corrected("fomrs", {{"forms", 2}}).empty());   // may be a mistake itself
}

TEST_CASE("a word that is known is not corrected") {
    CHECK(corrected("form", {{"form", 3}, {"from", 90'000}}).empty());
    CHECK(corrected("form", {{"form", 2}, {"from", 90'000}}) == "from");
    CHECK(corrected("form", {{"form", 2}, {"from", 99}}).empty());
}

TEST_CASE("short words are not guessed at") {
    CHECK(corrected("frm", {{"form", 900}}).empty());
    CHECK(corrected("мр", {{"мир", 900}}).empty());
}

TEST_CASE("no more is looked up than is allowed") {
    for (const std::size_t allowed : {0u, 1u, 2u, 30u, 5000u}) {
        std::size_t used = 0;
        const auto how_common = [&](std::string_view) { return ++used, std::uint64_t{0}; };
        CHECK_FALSE(correct("correspondence", how_common, allowed));
        CHECK(used <= allowed);
    }
}
