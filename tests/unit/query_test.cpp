#include <catch2/catch.hpp>

#include <algorithm>

#include "query/query.h"

using namespace colport;

namespace {

// Wednesday, 25 March 2026, 12:00 UTC.
constexpr std::int64_t now = 1'774'440'000;
constexpr std::int64_t day = 24 * 3600;

ParsedQuery parse(std::string_view typed) { return parse_query(typed, now); }

std::string understood(std::string_view typed) { return to_string(parse(typed)); }

/// As `text`, each in brackets, with what is special about it around.
std::string shown(const Term& term) {
    constexpr const char* fields[] = {"", "title:", "author:", "tag:"};
    return fields[static_cast<int>(term.field)] + std::string(term.phrase ? "\"" : "[") +
           term.text + (term.phrase ? "\"" : "]") + (term.prefix ? "*" : "");
}

std::string terms(std::string_view typed) {
    const auto query = parse(typed);
    std::string out;
    for (const auto& group : query.all)
        for (const auto& term : group)
            out += (out.empty() ? "" : &term == &group.front() ? " " : "|") + shown(term);
    for (const auto& term : query.without) out += (out.empty() ? "-" : " -") + shown(term);
    return out;
}

std::int64_t since(std::string_view typed) { return parse(typed).since.value_or(-1); }
std::int64_t until(std::string_view typed) { return parse(typed).until.value_or(-1); }

}  // namespace

TEST_CASE("words must all occur") {
    CHECK(terms("fox") == "[fox]");
    CHECK(terms("  quick \t fox\n") == "[quick] [fox]");
    CHECK(terms("медведь лес") == "[медведь] [лес]");
    CHECK(terms("آزادی") == "[آزادی]");
    CHECK(terms("anti-war") == "[anti-war]");
    CHECK(terms("fox\u3000bear") == "[fox] [bear]");
}

TEST_CASE("a phrase stands in the quotes of any language") {
    CHECK(terms(R"("brown fox" quick)") == R"("brown fox" [quick])");
    for (const char* typed : {"\"free press\"", "“free press”", "”free press”", "„free press“",
                              "„free press”", "«free press»", "»free press«", "‹free press›",
                              "「free press」", "『free press』", "｢free press｣", "﹁free press﹂",
                              "〝free press〟", "＂free press＂", "« free  press »"}) {
        CAPTURE(typed);
        CHECK(terms(typed) == R"("free press")");
    }
    CHECK(terms("free\"press freedom\"now") == R"([free] "press freedom" [now])");
    CHECK(terms("«свободная пресса»") == R"("свободная пресса")");
}

TEST_CASE("quotes of another kind inside a phrase do not end it") {
    CHECK(terms("«дело „Мемориала“ в суде» срок") == R"("дело Мемориала в суде" [срок])");
    CHECK(terms("「中国『新闻』网」") == R"("中国 新闻 网")");
    CHECK(terms("«free press\" now") == R"("free press" [now])");
}

TEST_CASE("a quote that is never closed ends with the query") {
    CHECK(terms(R"("brown fox)") == R"("brown fox")");
    CHECK(terms(R"(fox")") == "[fox]");
    CHECK(terms(R"(""")").empty());
}

TEST_CASE("the quote inside a Hebrew acronym is part of the word") {
    CHECK(terms("צה\"ל ארה”ב") == "[צה\"ל] [ארה”ב]");
    CHECK(terms("\"דובר צה\"ל מסר\"") == "\"דובר צה\"ל מסר\"");
    CHECK(understood("\"דובר צה\"ל מסר\"") == "\"דובר צה\"ל מסר\"");
    CHECK(terms("\"אבג\" ד") == "\"אבג\" [ד]");
}

TEST_CASE("a minus before a word or phrase leaves it out") {
    CHECK(terms("fox -brown") == "[fox] -[brown]");
    CHECK(terms(R"(fox -"brown bear" -x quick)") == R"([fox] [quick] -"brown bear" -[x])");
    CHECK(terms("fox - brown") == "[fox] [brown]");
    CHECK(terms("fox --brown") == "[fox] -[brown]");
    CHECK(terms("fox -title:brown -bro*") == "[fox] -title:[brown] -[bro]*");
    for (const char* minus : {"-", "‐", "‑", "‒", "–", "−", "－", "﹣"}) {
        CAPTURE(minus);
        CHECK(terms(std::string("fox ") + minus + "brown") == "[fox] -[brown]");
    }
    CHECK(terms("fox —brown") == "[fox] [—brown]");  // begins what somebody says
    CHECK(terms(R"("fox"-brown)") == R"("fox" [brown])");
}

TEST_CASE("exclusions alone find nothing") {
    CHECK(terms("-brown") == "-[brown]");
    CHECK_FALSE(parse("-brown").blank);
}

TEST_CASE("a star ends the beginning of a word of three letters or more") {
    CHECK(terms("demo*") == "[demo]*");
    CHECK(terms("demo**") == "[demo]*");
    CHECK(terms("demo＊") == "[demo]*");
    CHECK(terms("\"free pre\"*") == "\"free pre\"*");
    CHECK(terms("title:demo*") == "title:[demo]*");
    CHECK(terms("de*") == "[de]");
    CHECK(terms("de\u0301*") == "[de\u0301]");  // two letters, one with an accent
    CHECK(terms("free-p*") == "[free-p]");
    CHECK(terms("fre-*") == "[fre-]");
    CHECK(terms("мед*") == "[мед]*");
    CHECK(terms("می‌رو‌*") == "[می‌رو]*");
    for (const char* one : {"新", "か", "カ", "한"}) {
        CAPTURE(one);
        CHECK(terms(one + std::string("*")) == '[' + std::string(one) + "]*");
    }
    CHECK(terms("*").empty());
    CHECK(terms("fo*x") == "[fo*x]");
}

TEST_CASE("OR between terms asks for any of them, and binds tighter than a blank") {
    CHECK(terms("fox OR bear den") == "[fox]|[bear] [den]");
    CHECK(terms("den fox OR bear OR \"red deer\"") == "[den] [fox]|[bear]|\"red deer\"");
    CHECK(terms("fox | bear|deer") == "[fox]|[bear]|[deer]");
    CHECK(terms("fox || bear") == "[fox]|[bear]");
    CHECK(terms("fox ＯＲ bear ｜ deer") == "[fox]|[bear]|[deer]");
    CHECK(terms("title:fox OR author:bear*") == "title:[fox]|author:[bear]*");
    CHECK(terms("(fox OR bear) den") == "[(fox]|[bear)] [den]");
    CHECK(terms("fox OR !!! bear") == "[fox]|[bear]");
    CHECK(terms("fox or bear") == "[fox] [or] [bear]");
    CHECK(terms("\"OR\" \"fox\"OR\"bear\"") == "\"OR\" \"fox\"|\"bear\"");
}

TEST_CASE("an OR that joins nothing is a word") {
    CHECK(terms("fox OR") == "[fox] [or]");
    CHECK(terms("OR fox") == "[or] [fox]");
    CHECK(terms("fox OR -bear") == "[fox] [or] -[bear]");
    CHECK(terms("-bear OR fox") == "[or] [fox] -[bear]");
    CHECK(terms("fox OR lang:ru bear") == "[fox] [or] [bear]");
    CHECK(terms("fox |") == "[fox]");
    CHECK(terms("| fox") == "[fox]");
}

TEST_CASE("a name and a colon say where a term must occur") {
    CHECK(terms("title:fox") == "title:[fox]");
    CHECK(terms("Title:fox AUTHOR:Doe tag:war") == "title:[fox] author:[Doe] tag:[war]");
    CHECK(terms(R"(author:"Jane Doe" author:«Иван Бунин»)") ==
          R"(author:"Jane Doe" author:"Иван Бунин")");
    CHECK(terms("ｔｉｔｌｅ：fox title﹕bear") == "title:[fox] title:[bear]");
    CHECK(terms("title:a:b") == "title:[a:b]");
    CHECK(terms("title:OR") == "title:[OR]");
}

TEST_CASE("what is no name with a value is text") {
    CHECK(terms("body:title") == "[body:title]");
    CHECK(terms("title:") == "[title:]");
    CHECK(terms("title: fox") == "[title:] [fox]");
    CHECK(terms("title:!") == "[title:!]");
    CHECK(terms("title:\"!\" fox") == "[title:] [fox]");
    CHECK(terms("10:30 https://example.org/a") == "[10:30] [https://example.org/a]");
    CHECK(terms("-lang:ru") == "-[lang:ru]");
    CHECK(terms(":fox") == "[:fox]");
}

TEST_CASE("feed and language are no terms") {
    const auto query = parse(R"(feed:"Harbour Gazette" lang:RU)");
    CHECK(query.feed == "Harbour Gazette");
    CHECK(query.language == "ru");
    CHECK(query.all.empty());
    CHECK(query.blank);
    CHECK(parse("feed:3f9c").feed == "3f9c");
    CHECK(parse("feed:«Газета \"Час\"»").feed == "Газета \"Час\"");
    CHECK(parse("feed:新闻：今天").feed == "新闻：今天");
    CHECK(parse("feed:a feed:b").feed == "b");
    CHECK(parse("language:pt_BR").language == "pt-br");
    CHECK(parse("lang:ｆａ").language == "fa");
    CHECK(terms("lang:Русский") == "[lang:Русский]");
    CHECK(terms("lang:10 lang:ru-") == "[lang:10] [lang:ru-]");
    CHECK(terms("lang:russian") == "[lang:russian]");
    CHECK(terms("lang: feed:\"\"") == "[lang:] [feed:]");
}

TEST_CASE("dates are years, months or days of UTC") {
    CHECK(understood("since:2026") == "since:2026-01-01");
    CHECK(understood("since:2026-03") == "since:2026-03-01");
    CHECK(understood("until:2026") == "until:2026-12-31");
    CHECK(understood("until:2024-02") == "until:2024-02-29");
    CHECK(since("since:2026-03-25") == now - day / 2);
    CHECK(until("until:2026-03-25") == now + day / 2);
    CHECK(since("since:1969-12-31") == -day);
    for (const char* typed : {"since:2026-3-5", "since:2026/03/05", "since:2026.03.05",
                              "since:2026–03–05", "since:２０２６－０３－０５", "since:۲۰۲۶-۰۳-۰۵",
                              "since:٢٠٢٦-٠٣-٠٥", "SINCE:\"2026-03-05\"", "since：2026-03-05"}) {
        CAPTURE(typed);
        CHECK(understood(typed) == "since:2026-03-05");
    }
}

TEST_CASE("dates may count back from today") {
    CHECK(understood("since:0d") == "since:2026-03-25");
    CHECK(understood("since:7d") == "since:2026-03-18");
    CHECK(understood("since:2w") == "since:2026-03-11");
    CHECK(understood("since:1m") == "since:2026-02-25");
    CHECK(understood("until:1Y") == "until:2025-03-25");
    // 31 March a month ago is the last of February.
    CHECK(to_string(parse_query("since:1m", now + 6 * day)) == "since:2026-02-28");
    CHECK(to_string(parse_query("since:1y", 1'709'208'000)) == "since:2023-02-28");
    CHECK(understood("since:9999y") == "since:9999y");
}

TEST_CASE("a date that is none is text") {
    for (const char* typed :
         {"since:yesterday", "since:2026-13", "since:2026-02-30", "since:2026-", "since:2026-03-",
          "since:2026-03-05x", "since:26", "since:20260305", "since:0000", "since:", "since:7",
          "since:7h", "since:d", "until:-1d", "since:2026-03-05-07", "since:2026-003"}) {
        CAPTURE(typed);
        CHECK(terms(typed) == '[' + std::string(typed) + ']');
        CHECK_FALSE(parse(typed).since);
        CHECK_FALSE(parse(typed).until);
    }
}

TEST_CASE("a blank query asks for everything, one without letters for nothing") {
    CHECK(parse("").blank);
    CHECK(parse(" \t\n\u00a0\u3000\u200b\u200e\ufeff").blank);
    CHECK(parse(std::string_view("\0\0", 2)).blank);
    CHECK(parse("lang:ru since:2026").blank);
    for (const char* typed : {"!!!", "—", "\"\"", "- -", "* * *", "🦊", "|", "½", "lang:ru !"}) {
        CAPTURE(typed);
        CHECK_FALSE(parse(typed).blank);
        CHECK(parse(typed).all.empty());
        CHECK(parse(typed).without.empty());
    }
    CHECK(terms("fox & brown !") == "[fox] [brown]");
}

TEST_CASE("what is syntax elsewhere is text here") {
    CHECK(terms("NEAR(quick fox, 2)") == "[NEAR(quick] [fox,] [2)]");
    CHECK(terms("quick AND fox NOT bear") == "[quick] [AND] [fox] [NOT] [bear]");
    CHECK(terms("{title body}: fox") == "[{title] [body}:] [fox]");
    CHECK(terms("^quick + fox") == "[^quick] [fox]");
    CHECK(terms("'; DROP TABLE t; --") == "[DROP] [TABLE] [t;]");
}

TEST_CASE("invisible direction marks are left out, joiners inside words are kept") {
    CHECK(terms("\u200f-\u200eשלום \u2067title:\u2069\u202bسلام\u202c\u061c") ==
          "title:[سلام] -[שלום]");
    CHECK(terms("می\u200cخواهم \u200cخبر") == "[می\u200cخواهم] [خبر]");
    CHECK(terms("soft\u00adhyphen") == "[softhyphen]");
    CHECK(understood("حرية -\"حرب\" author:\"نجيب محفوظ\"") ==
          "حرية author:\"نجيب محفوظ\" -\"حرب\"");
}

TEST_CASE("bytes that are not UTF-8 and control characters part words") {
    CHECK(terms("a\xff""b") == "[a] [b]");
    CHECK(terms("\xc3").empty());
    CHECK(terms("\xed\xa0\x80").empty());
    CHECK(terms(std::string_view("a\0b", 3)) == "[a] [b]");
    CHECK(terms("a\x02""b\x7f""c") == "[a] [b] [c]");
}

TEST_CASE("of very long input the beginning counts") {
    std::string typed, excluded = "fox", alternatives = "w";
    for (int i = 0; i < 10'000; ++i) {
        typed += "w" + std::to_string(i) + " ";
        excluded += " -w" + std::to_string(i);
        alternatives += " OR w" + std::to_string(i);
    }
    const auto query = parse(typed);
    REQUIRE(query.all.size() == most_terms);
    CHECK(query.all.back().front().text == "w63");
    CHECK(parse(excluded).without.size() == most_terms - 1);
    CHECK(parse(alternatives).all.front().size() == most_terms);
    CHECK(parse(std::string(1'000'000, 'a')).all.front().front().text.size() > 3000);
    CHECK(understood(std::string(1'000'000, 'a')).size() <= longest_query);
    CHECK(parse(std::string(1'000'000, '"')).all.empty());
    // A character that does not fit whole is none.
    CHECK(parse(std::string(longest_query - 3, ' ') + "ab" + "é").all.front().front().text == "ab");
}

TEST_CASE("a query is shown as it was understood") {
    CHECK(understood("  lang:RU until:2026-03 -war  fox｜“red deer”  title：x*") ==
          "fox OR \"red deer\" title:x -war lang:ru until:2026-03-31");
    CHECK(understood("feed:\"a b\" feed:«c \"d\" e»") == "feed:«c \"d\" e»");
    CHECK(understood("lang:ru !!!") == "\"\" lang:ru");
    CHECK(understood("").empty());
}
