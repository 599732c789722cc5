#include <catch2/catch.hpp>
#include <unicode/utf.h>
#include <unicode/utf8.h>

#include <random>

#include "core/bytes.h"
#include "query/query.h"
#include "words/words.h"

using namespace colport;

namespace {

constexpr std::int64_t now = 1'774'440'000;

void check(const Term& term, WordSplitter& splitter, std::string_view typed) {
    CAPTURE(typed, term.text);
    std::size_t words = 0;
    splitter.split(term.text, "", [&](const Word&) { ++words; });
    REQUIRE(words > 0);
    REQUIRE(is_text(term.text));
    REQUIRE(term.text.find('\0') == term.text.npos);
}

void check(std::string_view typed, WordSplitter& splitter) {
    const auto query = parse_query(typed, now);
    std::size_t count = query.without.size(), bytes = query.feed.size() + query.language.size();
    for (const auto& group : query.all) {
        REQUIRE_FALSE(group.empty());
        count += group.size();
        for (const auto& term : group) check(term, splitter, typed);
        for (const auto& term : group) bytes += term.text.size();
    }
    for (const auto& term : query.without) check(term, splitter, typed);
    for (const auto& term : query.without) bytes += term.text.size();
    REQUIRE(count <= most_terms);
    REQUIRE(bytes <= longest_query);
    if (query.blank) REQUIRE(count == 0);
    const auto text = to_string(query);
    CAPTURE(typed, text, to_string(parse_query(text, now)));
    REQUIRE(text.size() <= longest_query);
    REQUIRE(parse_query(text, now) == query);
}

}  // namespace

TEST_CASE("any text gives a query within the bounds, whose description means the same") {
    const std::vector<std::string> pieces = {
        "fox", "bear", "OR", "ＯＲ", "or", "|", "｜", "(", ")", "\"", "“", "„", "«", "»", "「", "『",
        "*", "＊", "-", "－", "–", "—", ":", "：", "title:", "author:", "tag:", "feed:", "lang:",
        "since:", "until:", "2026", "2026-03", "7d", "ru", " ", " ", " ", "  ", "'", "\\", "é",
        "م", "ц", "א", "\u200c", "\u200d", "\u200f", "\u202e", "\u2067", "新", "ก", "½", "🦊",
        "\xff", "\xe2\x80", std::string(1, '\0'), "\u0301", "\u3164", "\u1734"};
    WordSplitter splitter;
    std::mt19937 random(7);
    for (int round = 0; round < 50'000; ++round) {
        std::string typed;
        for (auto n = random() % 14; n > 0; --n) typed += pieces[random() % pieces.size()];
        check(typed, splitter);
    }
    for (int round = 0; round < 300; ++round) {
        std::string typed;
        while (typed.size() < 4000 + random() % 200) typed += pieces[random() % pieces.size()];
        check(typed, splitter);
        const auto& many = pieces[random() % pieces.size()];
        const auto& last = pieces[random() % pieces.size()];
        typed.clear();
        while (typed.size() < 3900) typed += many;
        while (typed.size() < 3900 + random() % 300) typed += last;
        check(typed, splitter);
    }
}

TEST_CASE("what is cut to the bounds means the same when it is described") {
    WordSplitter splitter;
    for (const char* begin : {"", "\"", "title:", "title:\"", "-author:«", "feed:", "feed:“",
                              "a OR ", "-", "since:7d ", "feed:\"a b\" \"", "lang:ru "})
        for (const char* filling : {"a", "a ", "é", "新", "a:", "a-", "א\"", "ab\u200c"})
            for (const char* behind : {"", "\"", "*", " OR b"})
                for (std::size_t size = 3984; size < 5000; size += size < 4002 ? 2 : 94) {
                    std::string typed = begin;
                    while (typed.size() < size) typed += filling;
                    check(typed + behind, splitter);
                }
}

TEST_CASE("any bytes give a query within the bounds") {
    WordSplitter splitter;
    std::mt19937 random(11);
    for (int round = 0; round < 20'000; ++round) {
        std::string typed;
        for (auto n = random() % 40; n > 0; --n) typed += static_cast<char>(random() & 0xff);
        check(typed, splitter);
    }
}

TEST_CASE("every character alone, in quotes and after a sign gives a query") {
    WordSplitter splitter;
    for (UChar32 c = 1; c < 0x30000; ++c) {
        if (U_IS_SURROGATE(c)) continue;
        char buffer[U8_MAX_LENGTH];
        std::size_t size = 0;
        U8_APPEND_UNSAFE(buffer, size, c);
        const std::string one(buffer, size);
        check(one + " -" + one + " \"" + one + "\"* title:" + one + " a" + one + "b*", splitter);
    }
}
