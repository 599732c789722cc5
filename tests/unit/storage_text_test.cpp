#include <catch2/catch.hpp>
#include <cld2/public/compact_lang_det.h>

#include "core/bytes.h"
#include "storage/article_text.h"
#include "storage/text.h"
#include "storage/tokens.h"
#include "words/detect.h"

using namespace colport;

TEST_CASE("control characters never reach stored text") {
    CHECK(without_controls("a\x02" "b\x03" "c\x7f\r\n\td") == "a b c  \n\td");
    CHECK(without_controls("день é 新") == "день é 新");
}

TEST_CASE("white space is folded into one line") {
    CHECK(one_line("  a\n\n b\t c ") == "a b c");
    CHECK(one_line(" \n").empty());
}

TEST_CASE("a beginning ends at a word and counts code points") {
    CHECK(beginning("short text", 200) == "short text");
    CHECK(beginning("one two three four", 10) == "one two…");
    CHECK(beginning("день за днём идёт", 8) == "день за…");
    CHECK(beginning(std::string(500, 'x'), 10) == std::string(10, 'x') + "…");
    CHECK(beginning("", 10).empty());
    CHECK(beginning("exactly ten", 11) == "exactly ten");
    std::string chinese;
    for (int i = 0; i < 300; ++i) chinese += "新";
    CHECK(beginning(chinese, 200).size() == 200 * 3 + std::string("…").size());
}

TEST_CASE("a snippet with a word as long as the article is cut between code points") {
    std::string long_word;
    for (int i = 0; i < 100'000; ++i) long_word += "新";
    const auto out = tidy_snippet(long_word + " \x02" + long_word + "\x03 " + long_word);
    CHECK(out.size() < 1300);
    CHECK(is_text(out));
    CHECK(std::count(out.begin(), out.end(), '\x02') == 1);
    CHECK(std::count(out.begin(), out.end(), '\x03') == 1);
    CHECK(tidy_snippet("a \x02" "b\x03\n c") == "a \x02" "b\x03 c");
}

TEST_CASE("what is indexed of an article belongs to the index version") {
    // Where this changes, index_version must be raised: see tokens.h.
    pb::Article article;
    article.set_title("Title");
    article.set_summary("Summary");
    article.set_section("World");
    article.add_authors("A. Writer");
    article.add_tags("press");
    auto& list = *article.add_blocks()->mutable_list();
    list.set_ordered(true);
    list.add_items()->add_spans()->set_text("first");
    auto& quote = *article.add_blocks()->mutable_quote();
    quote.add_paragraphs()->add_spans()->set_text("said\x02so");
    quote.set_source("somebody");
    auto& row = *article.add_blocks()->mutable_table()->add_rows();
    row.add_cells()->add_spans()->set_text("a");
    row.add_cells()->add_spans()->set_text("b");
    const auto text = text_of(article);
    CHECK(index_version == 4);
    CHECK(token::of_pair(0) == "p@@@@");
    CHECK(token::of_pair(token::pair_buckets - 1) == "p\x7fxxx");
    CHECK(index_signature().find(words_signature()) != std::string::npos);
    CHECK(index_signature().find(CLD2::DetectLanguageVersion()) != std::string::npos);
    CHECK(text.body == "Summary\n\n1. first\n\nsaid so\n— somebody\n\na\tb");
    CHECK(text.title == "Title");
    CHECK(text.authors == std::vector<std::string>{"A. Writer"});
    CHECK(text.tags == std::vector<std::string>{"press", "World"});
}
