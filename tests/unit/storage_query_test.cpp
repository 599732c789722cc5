#include <catch2/catch.hpp>
#include <sqlite3.h>

#include <memory>
#include <random>

#include "storage/query.h"

using namespace colport;

namespace {

std::string match(std::string_view typed) { return parse_words(typed).match; }

/// An index with three entries, to ask whether FTS5 takes an expression.
class Index {
public:
    Index() {
        sqlite3* raw = nullptr;
        REQUIRE(sqlite3_open(":memory:", &raw) == SQLITE_OK);
        handle_.reset(raw);
        REQUIRE(run("CREATE VIRTUAL TABLE t USING fts5(title, body, "
                    "tokenize = 'unicode61 remove_diacritics 2')"));
        REQUIRE(run("INSERT INTO t VALUES ('near and far', 'the quick brown fox or not'),"
                    "('body title', 'quick NEAR fox'), ('c', 'a b c')"));
    }
    bool run(const char* sql) {
        return sqlite3_exec(handle_.get(), sql, nullptr, nullptr, nullptr) == SQLITE_OK;
    }
    /// Number of matches; -1 where FTS5 refuses.
    int count(const std::string& expression) {
        sqlite3_stmt* row = nullptr;
        sqlite3_prepare_v2(handle_.get(), "SELECT count(*) FROM t WHERE t MATCH ?1", -1, &row,
                           nullptr);
        sqlite3_bind_text(row, 1, expression.data(), static_cast<int>(expression.size()),
                          SQLITE_TRANSIENT);
        const int out = sqlite3_step(row) == SQLITE_ROW ? sqlite3_column_int(row, 0) : -1;
        sqlite3_finalize(row);
        return out;
    }

private:
    struct Close {
        void operator()(sqlite3* handle) const { sqlite3_close(handle); }
    };
    std::unique_ptr<sqlite3, Close> handle_;
};

}  // namespace

TEST_CASE("words are quoted and must all occur") {
    CHECK(match("fox") == R"("fox")");
    CHECK(match("  quick \t fox\n") == R"("quick" AND "fox")");
    CHECK(match("медведь лес") == R"("медведь" AND "лес")");
    CHECK(match("آزادی") == R"("آزادی")");
}

TEST_CASE("phrases stand in straight and typographic quotes") {
    CHECK(match(R"("brown fox" quick)") == R"("brown fox" AND "quick")");
    CHECK(match("«свободная пресса»") == R"("свободная пресса")");
    CHECK(match("“free press”") == R"("free press")");
    CHECK(match("free\"press freedom\"now") == R"("free" AND "press freedom" AND "now")");
}

TEST_CASE("a quote that is never closed ends with the input") {
    CHECK(match(R"("brown fox)") == R"("brown fox")");
    CHECK(match(R"(fox")") == R"("fox")");
    CHECK(match(R"(""")").empty());
}

TEST_CASE("a minus before a word leaves it out") {
    CHECK(match("fox -brown") == R"(("fox") NOT ("brown"))");
    CHECK(match(R"(fox -"brown bear" -x quick)") ==
          R"(("fox" AND "quick") NOT ("brown bear" OR "x"))");
    CHECK(match("anti-war") == R"("anti-war")");
    CHECK(match("fox - brown") == R"("fox" AND "brown")");
    CHECK(match("-brown").empty());
    CHECK_FALSE(parse_words("-brown").blank);
}

TEST_CASE("a star ends the beginning of a word, from three letters on") {
    CHECK(match("demo*") == R"("demo" *)");
    CHECK(match("demo**") == R"("demo" *)");
    CHECK(match("\"free pre\"*") == R"("free pre" *)");
    CHECK(match("de*") == R"("de")");
    CHECK(match("free-p*") == R"("free-p")");
    CHECK(match("fre-*") == R"("fre-")");
    CHECK(match("мед*") == R"("мед" *)");
    CHECK(match("新*") == R"("新" *)");
    CHECK(match("*").empty());
    CHECK(match("fo*x") == R"("fo*x")");
}

TEST_CASE("blank input asks for everything, input without letters for nothing") {
    CHECK(parse_words("").blank);
    CHECK(parse_words(" \t\n\u00a0\u3000").blank);
    CHECK(parse_words(std::string_view("\0\0", 2)).blank);
    for (const char* typed : {"!!!", "—", "\"\"", "- -", "* * *", "🦊"}) {
        CAPTURE(typed);
        CHECK_FALSE(parse_words(typed).blank);
        CHECK(match(typed).empty());
    }
    CHECK(match("fox & brown !") == R"("fox" AND "brown")");
}

TEST_CASE("what is FTS5 syntax elsewhere is text here") {
    Index index;
    CHECK(index.count(match("NEAR")) == 2);
    CHECK(index.count(match("quick AND fox")) == 1);   // in the one that has an "and"
    CHECK(index.count(match("fox OR not")) == 1);
    CHECK(index.count(match("title:body")) == 0);
    CHECK(index.count(match("body:title")) == 1);      // the phrase, not the column
    CHECK(index.count(match("NEAR(quick fox, 2)")) == 0);
    CHECK(index.count(match("{title body}: fox")) == 1);
    CHECK(index.count(match("{title}: fox")) == 1);
    CHECK(index.count(match("^quick")) == 2);
    CHECK(index.count(match("quick + fox")) == 2);
    CHECK(index.count(match("(quick)")) == 2);
    CHECK(index.count(match("quick -brown")) == 1);
    CHECK(index.count(match("qui*")) == 2);
    CHECK(index.count(match("'; DROP TABLE t; --")) == 0);
    CHECK(index.count(match("\"quick brown\"")) == 1);
    CHECK(index.count(match("\"brown quick\"")) == 0);
}

TEST_CASE("letters that the tokenizer does not know match nothing, without an error") {
    Index index;
    CHECK(index.count(match("\U0001DF00\U0001DF01")) == 0);  // newer than its tables
    CHECK(index.count(match("fox \U0001DF00")) >= 0);
    CHECK(index.count(match("-\U0001DF00 fox")) >= 0);
}

TEST_CASE("bytes that are not UTF-8 and control characters separate words") {
    CHECK(match("a\xff""b") == R"("a" AND "b")");
    CHECK(match("\xc3") .empty());
    CHECK(match(std::string_view("a\0b", 3)) == R"("a" AND "b")");
    CHECK(match("a\x02""b\x7f""c") == R"("a" AND "b" AND "c")");
}

TEST_CASE("ten thousand words are cut to what an index can answer") {
    Index index;
    std::string typed;
    for (int i = 0; i < 10'000; ++i) typed += "w" + std::to_string(i) + " ";
    const auto out = match(typed);
    CHECK(out.find("\"w63\"") != out.npos);
    CHECK(out.find("\"w64\"") == out.npos);
    CHECK(index.count(out) == 0);
    std::string excluded = "fox";
    for (int i = 0; i < 10'000; ++i) excluded += " -w" + std::to_string(i);
    CHECK(index.count(match(excluded)) == 2);
    CHECK(match(std::string(1'000'000, 'a')).size() < 5000);
    CHECK(index.count(match(std::string(1'000'000, '"'))) == -1);  // the empty expression
    CHECK(match(std::string(1'000'000, '"')).empty());
    std::string dashes;
    for (int i = 0; i < 100'000; ++i) dashes += "a-";
    CHECK(index.count(match(dashes)) == 0);
}

TEST_CASE("no input makes an expression that FTS5 refuses") {
    Index index;
    const std::vector<std::string> pieces = {
        "fox", "NEAR", "AND", "OR", "NOT", "(", ")", "\"", "*", "-", ":", "^", "+", "{", "}", ",",
        " ", "'", "\\", "title", "é", "م", "\u200c", "新", "\xff", std::string(1, '\0'),
        "«", "\u0301"};
    std::mt19937 random(7);
    for (int round = 0; round < 20'000; ++round) {
        std::string typed;
        for (auto n = random() % 12; n > 0; --n) typed += pieces[random() % pieces.size()];
        const auto out = match(typed);
        CAPTURE(typed, out);
        if (!out.empty()) REQUIRE(index.count(out) >= 0);
    }
}
