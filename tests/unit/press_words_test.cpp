#include <catch2/catch.hpp>
#include <unicode/uchar.h>
#include <unicode/utf.h>

#include "core/bytes.h"
#include "press/clean_text.h"
#include "press/dates.h"
#include "press/language.h"
#include "press/urls.h"

using namespace colport;

TEST_CASE("dates are read as feeds and pages write them") {
    const Moment nowruz{1774062900, 210};
    CHECK(parse_date("Sat, 21 Mar 2026 06:45:00 +0330") == nowruz);
    CHECK(parse_date("21 March 26 06:45 +03:30") == nowruz);
    CHECK(parse_date(" 2026-03-21T06:45:00+03:30 ") == nowruz);
    CHECK(parse_date("2026-03-21 03:15:00.123Z") == Moment{1774062900, 0});
    CHECK(parse_date("Sat, 21 Mar 2026 03:15:00 GMT") == Moment{1774062900, 0});
    CHECK(parse_date("Fri, 20 Mar 2026 22:15:00 EST") == Moment{1774062900, -300});
    CHECK(parse_date("2026-03-21") == Moment{1774051200, 0});
    CHECK(parse_date("2026-03") == Moment{1772323200, 0});
    CHECK(parse_date("2026") == Moment{1767225600, 0});
    CHECK(parse_date("Sat Mar 21 03:15:00 2026") == Moment{1774062900, 0});
    CHECK(parse_date("Sat Mar 21 06:45:00 +0330 2026") == nowruz);
    CHECK(parse_date("2024-02-29T00:00:00Z"));
    for (const auto* bad : {"", "soon", "2026-02-29", "2026-13-01", "2026-01-01T25:00:00Z",
                            "0001-01-01T00:00:00Z", "Sat, 32 Mar 2026 06:45:00 +0330",
                            "2026-03-21T06:45:00+99:00", "99999999999999999999"})
        CHECK_FALSE(parse_date(bad));
}

TEST_CASE("text is cleaned of what can hide or disguise other text") {
    CHECK(clean_line("  a\t\n b\u200f ") == "a b\u200f");
    CHECK(clean_line(std::string("a\0b\x07" "c", 5)) == "abc");
    CHECK(clean_line("\u202Eevil\u202C \u2066x\u2069") == "evil x");
    CHECK(clean_line("می\u200cخواهم") == "می\u200cخواهم");
    CHECK(clean_line("10\u00a0km") == "10\u00a0km");
    CHECK(is_text(clean_line("a\xff\xc3")));
    CHECK(clean_code("\n\tif\r\n  x\n\n") == "    if\n  x");
    CHECK(shorten("жизнь", 3) == "жиз…");
}

TEST_CASE("links are resolved, and only those to the web and to mail stay") {
    const std::string base = "https://a.example/x/y";
    CHECK(resolve_link("../z", base) == "https://a.example/z");
    CHECK(resolve_link("//b.example/q?a=b&c", base) == "https://b.example/q?a=b&c");
    CHECK(resolve_link("HTTPS://c.example/ü b", "") == "https://c.example/%C3%BC%20b");
    CHECK(resolve_link("mailto:desk@a.example", base) == "mailto:desk@a.example");
    CHECK(resolve_web_address("mailto:desk@a.example", base).empty());
    for (const auto* bad : {"javascript:alert(1)", "java\nscript:alert(1)", "data:text/html,x",
                            "file:///etc/passwd", "#top", "", "ftp://a.example/", "z"})
        CHECK(resolve_link(bad, "").empty());
}

TEST_CASE("languages are named, or told from the text") {
    CHECK(normalize_language("pt_br") == "pt-BR");
    CHECK(normalize_language("zh-hant-tw") == "zh-Hant-TW");
    CHECK(normalize_language("en_US.UTF-8") == "en-US");
    CHECK(normalize_language("<script>").empty());
    CHECK(normalize_language("x").empty());
    const std::string farsi =
        "صبح شنبه نخستین نان از تنور قدیمی کوچه بیرون آمد و همسایه‌ها دوباره صف کشیدند. "
        "نانوا می‌گوید سخت‌ترین بخش کار صبر کردن بود، چون گل باید آرام خشک شود.";
    CHECK(choose_language("", "en", farsi) == "fa");
    CHECK(choose_language("en", "", farsi) == "fa");
    CHECK(choose_language("", "uk", "Ok 12") == "uk");
}

TEST_CASE("no white space or control character of any script passes for text") {
    for (char32_t c = 1; c <= 0x10ffff; ++c) {
        const auto point = static_cast<UChar32>(c);
        if (!u_isUWhiteSpace(point) && u_charType(point) != U_CONTROL_CHAR &&
            !U_IS_UNICODE_NONCHAR(point))
            continue;
        INFO(static_cast<std::uint32_t>(c));
        REQUIRE(kind_of(c) != CharKind::text);
    }
}

TEST_CASE("a run of text ends where a character cannot be taken as it stands") {
    CHECK(text_run("ab cd", 0) == 5);
    CHECK(text_run("ab cd", 2) == 0);
    CHECK(text_run("ab  cd", 0) == 2);
    CHECK(text_run("ab ", 0) == 2);
    CHECK(text_run("ab \ncd", 0) == 2);
    CHECK(text_run("ab \u202ecd", 0) == 2);
    CHECK(text_run("Łódź i Gdańsk", 0) == 17);
    CHECK(text_run("Łódź—", 0) == 10);
    CHECK(text_run("a\u00a0b", 0) == 1);
    CHECK(text_run("a\u202eb", 0) == 1);
    CHECK(text_run("a\xe2\x82", 0) == 1);
    CHECK(text_run("a\ufffd", 0) == 1);
}
