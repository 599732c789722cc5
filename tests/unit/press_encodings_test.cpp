#include <catch2/catch.hpp>

#include <fmt/format.h>

#include "press/formats/text_encoding.h"
#include "press/sandbox/sandbox.h"
#include "support/import_checks.h"

using namespace colport;
using namespace colport::test;

namespace {

std::string page(const std::string& head, const std::string& text) {
    std::string out = "<!doctype html><html><head>" + head + "<title>A page</title></head><body>"
                      "<article><h1>A page</h1><p>" + text + "</p>";
    for (int i = 0; i < 5; ++i)
        out += "<p>The harbour master wrote down every ship that came in that winter.</p>";
    return out + "<p>The last word is herring.</p></article></body></html>";
}

std::string meta(const std::string& label) { return "<meta charset=\"" + label + "\">"; }

std::string read(const std::string& bytes, const std::string& charset = {}) {
    ImportOptions options;
    options.charset = charset;
    const auto out = import_ok(bytes, "a.html", options);
    REQUIRE(out.articles.size() == 1);
    const auto text = text_of_article(out.articles[0].article);
    // Nothing behind the character is lost.
    CHECK(text.find("herring") != std::string::npos);
    return text.substr(0, text.find('\n'));
}

}  // namespace

TEST_CASE("old names of encodings mean what browsers take them for") {
    struct Sample {
        const char* label;
        const char* bytes;
        const char* text;
    };
    for (const auto& sample : {
             Sample{"gb2312", "\xd6\xec\xe9\x46\xbb\xf9", "朱镕基"},
             Sample{"GBK", "\xd6\xec\xe9\x46\xbb\xf9", "朱镕基"},
             Sample{"gb18030", "\xd6\xec\xe9\x46\xbb\xf9", "朱镕基"},
             Sample{"Shift_JIS", "\x93\xfa\x96\x7b \x87\x41", "日本 ②"},
             Sample{"x-sjis", "\x87\x41\x93\xfa", "②日"},
             Sample{"euc-kr", "\x8c\x63\xb9\xe6\xb0\xa2\xc7\xcf", "똠방각하"},
             Sample{"ks_c_5601-1987", "\x8c\x63", "똠"},
             Sample{"euc-jp", "\xc6\xfc\xcb\xdc\xad\xa2", "日本②"},
             Sample{"big5", "\xa4\xa4\xa4\xe5\xf9\xd6", "中文碁"},
             Sample{"iso-8859-1", "caf\xe9 \x93x\x94 \x80", "café “x” €"},
             Sample{"us-ascii", "caf\xe9", "café"},
             Sample{"iso-8859-9", "\x93\xdd\xfe\x94", "“İş”"},
             Sample{"tis-620", "\xa1\x80", "ก€"},
             Sample{"windows-1251", "\xd3\xf2\xf0\xee", "Утро"},
             Sample{"x-cp1251", "\xd3\xf2\xf0\xee", "Утро"},
             Sample{"koi8-u", "\xf5\xd4\xd2\xcf \xa4", "Утро є"},
             Sample{"iso-2022-jp", "\x1b$BF|K\\\x1b(B", "日本"},
         }) {
        INFO(sample.label);
        CHECK(read(page(meta(sample.label), sample.bytes)) == sample.text);
        CHECK(read(page("<meta http-equiv=Content-Type content='text/html; charset=" +
                            std::string(sample.label) + "'>", sample.bytes)) == sample.text);
        CHECK(read(page("", sample.bytes), sample.label) == sample.text);
        if (std::string(sample.label) == "iso-2022-jp") continue;
        const auto feed = import_ok(
            fmt::format("<?xml version='1.0' encoding='{0}'?><rss><channel>"
                        "<item><title>{1}</title></item><item><title>After</title></item>"
                        "</channel></rss>", sample.label, sample.bytes), "feed.xml");
        REQUIRE(feed.articles.size() == 2);
        CHECK(feed.articles[0].article.title() == sample.text);
        CHECK_FALSE(feed.damaged);
    }
}

TEST_CASE("who tells the encoding of a page") {
    const std::string russian = "\xd3\xf2\xf0\xee";
    SECTION("the server before the page") {
        CHECK(read(page(meta("iso-8859-1"), russian), "windows-1251") == "Утро");
        CHECK(charset_of_type("text/html; charset=\"Windows-1251\"; x=y") == "windows-1251");
        CHECK(charset_of_type("text/html; Charset=utf-8") == "utf-8");
        CHECK(charset_of_type("text/html").empty());
    }
    SECTION("nobody, where it is UTF-8") {
        CHECK(read(page(meta("windows-1251"), "Утро"), "iso-8859-1") == "Утро");
        CHECK(read(page("", "Утро"), "iso-8859-1") == "Утро");
    }
    SECTION("a label that cannot be true counts for nothing") {
        CHECK(read(page(meta("windows-1251"), russian), "utf-8") == "Утро");
        for (const char* label : {"utf-16", "utf-7", "ebcdic-cp-us", "no-such-thing", "\xff\xfe", ""})
            CHECK(read(page(meta(label), "Caf\xe9")).starts_with("Caf"));
    }
    SECTION("a mark at the beginning before all") {
        const auto wide = [](bool big) {
            std::string out = big ? "\xfe\xff" : "\xff\xfe";
            for (const char c : page(meta("utf-8"), "\xe9")) {
                const std::string pair{c, '\0'};
                out += big ? std::string(pair.rbegin(), pair.rend()) : pair;
            }
            return out;
        };
        CHECK(read(wide(false), "windows-1251") == "é");
        CHECK(read(wide(true)) == "é");
        CHECK(read("\xef\xbb\xbf" + page(meta("iso-8859-1"), "Утро")) == "Утро");
    }
    SECTION("what no label is true of is guessed, and told") {
        std::string text;
        for (int i = 0; i < 20; ++i)
            text += "\xcd\xe0 \xef\xf0\xe8\xf1\xf2\xe0\xed\xe8 \xe1\xfb\xeb\xee \xf2\xe8\xf5\xee. ";
        const auto out = import_ok(page("", text), "a.html");
        CHECK(text_of_article(out.articles.at(0).article).find("На пристани было тихо.") == 0);
        CHECK(has_warning(out, "says nothing true of its encoding, read as windows-1251"));
    }
    SECTION("what cannot be read is counted, and what follows stays") {
        const auto out = import_ok(page(meta("gb2312"), "\xff\xd6\xec \xff"), "a.html");
        CHECK(has_warning(out, "a.html: 2 characters cannot be read as gb2312"));
        CHECK(text_of_article(out.articles.at(0).article).find("herring") != std::string::npos);
        const auto feed = import_ok("<?xml version='1.0' encoding='gb2312'?><rss><channel><item>"
                                    "<title>\xff</title></item><item><title>After</title></item>"
                                    "</channel></rss>", "feed.xml");
        CHECK(feed.articles.size() == 2);
        CHECK(has_warning(feed, "feed.xml: one character cannot be read as gb2312"));
    }
}

TEST_CASE("a slip in a feed's UTF-8 costs that character alone") {
    std::string items;
    for (int i = 0; i < 40; ++i) items += "<item><title>Утро на пристани</title></item>";
    const auto out = import_ok("<?xml version='1.0' encoding='utf-8'?><rss><channel><item><title>\xd0"
                               "</title></item>" + items + "</channel></rss>", "feed.xml");
    REQUIRE(out.articles.size() >= 2);
    CHECK(out.articles.back().article.title() == "Утро на пристани");
}

TEST_CASE("the server's word reaches the process that reads a page") {
    Sandbox sandbox;
    ImportOptions options;
    options.charset = "windows-1251";
    options.format = SourceFormat::html;
    const auto out = sandbox.import_bytes(page("", "\xd3\xf2\xf0\xee"), "a", options);
    REQUIRE(out);
    CHECK(text_of_article(out->articles.at(0).article).find("Утро") == 0);
}
