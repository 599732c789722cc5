#include <catch2/catch.hpp>

#include <fmt/format.h>

#include <filesystem>
#include <fstream>
#include <sstream>

#include "core/crypto.h"
#include "core/limits.h"
#include "press/import.h"
#include "press/page/inline_text.h"
#include "press/pictures/picture_file.h"
#include "support/import_checks.h"
#include "support/made_pictures.h"

using namespace colport;
using namespace colport::test;
namespace fs = std::filesystem;

namespace {

/// A folder of its own that is gone afterwards.
struct Folder {
    fs::path path;
    Folder() {
        std::string name = (fs::temp_directory_path() / "colport-import-XXXXXX").string();
        REQUIRE(::mkdtemp(name.data()));
        path = name;
    }
    ~Folder() { fs::remove_all(path); }
    void write(const fs::path& name, Bytes bytes) const {
        fs::create_directories((path / name).parent_path());
        std::ofstream(path / name, std::ios::binary) << bytes;
    }
};

std::string slurp(const fs::path& path) {
    std::ifstream in(path, std::ios::binary);
    std::stringstream out;
    out << in.rdbuf();
    return out.str();
}

std::string rss(const std::string& items, const std::string& channel = {}) {
    return "<?xml version=\"1.0\"?><rss version=\"2.0\" "
           "xmlns:content=\"http://purl.org/rss/1.0/modules/content/\" "
           "xmlns:dc=\"http://purl.org/dc/elements/1.1/\"><channel><title>F</title>" +
           channel + items + "</channel></rss>";
}

std::string item(const std::string& title, const std::string& html) {
    return "<item><title>" + title + "</title><guid>" + title + "</guid><content:encoded><![CDATA[" +
           html + "]]></content:encoded></item>";
}

/// The blocks that `html` becomes as the body of a feed's item.
pb::Article blocks_of(const std::string& html, const ImportOptions& options = {}) {
    const auto out = import_ok(rss(item("T", html)), "feed.xml", options);
    REQUIRE(out.articles.size() == 1);
    return out.articles[0].article;
}

}  // namespace

TEST_CASE("RSS becomes typed articles") {
    const auto feed = rss(
        "<item><title>Ferry &amp;amp; bell</title><link>https://a.example/1</link>"
        "<guid isPermaLink=\"false\">id-1</guid><pubDate>Sat, 21 Mar 2026 06:45:00 +0330</pubDate>"
        "<dc:creator>Ann Lee</dc:creator><category>Town</category><category>Town</category>"
        "<description>A bell.</description><content:encoded><![CDATA[<p>Every <b>morning</b> "
        "<a href=\"/map\">here</a>.</p>]]></content:encoded></item>"
        "<item><title>Two</title><link>https://a.example/2</link>"
        "<description>&lt;p&gt;Only&amp;nbsp;this.&lt;/p&gt;</description></item>"
        "<item><title>Three</title><description>No name at all</description></item>",
        "<language>en-gb</language>");
    const auto out = import_ok(feed, "feed.xml");
    REQUIRE(out.articles.size() == 3);
    const auto& first = out.articles[0].article;
    CHECK(out.articles[0].guid == "id-1");
    CHECK(first.title() == "Ferry & bell");
    CHECK(first.url() == "https://a.example/1");
    CHECK(first.published() == 1774062900);
    CHECK(first.zone() == 210);
    CHECK(first.language() == "en-GB");
    CHECK(first.summary() == "A bell.");
    CHECK(first.authors_size() == 1);
    CHECK(first.tags_size() == 1);
    REQUIRE(first.blocks_size() == 1);
    const auto& spans = first.blocks(0).paragraph().spans();
    REQUIRE(spans.size() == 5);
    CHECK(spans[1].text() == "morning");
    CHECK(spans[1].style() == pb::Span::BOLD);
    CHECK(spans[3].href() == "https://a.example/map");
    CHECK(out.articles[1].guid == "https://a.example/2");
    CHECK(out.articles[1].article.summary().empty());
    CHECK(text_of_article(out.articles[1].article) == "Only\u00a0this.\n");

    SECTION("names stay the same when the feed is read again, and goes on") {
        const auto again = import_ok(rss(item("New", "<p>x</p>") + feed.substr(feed.find("<item>"),
                                     feed.rfind("</channel>") - feed.find("<item>"))), "feed.xml");
        REQUIRE(again.articles.size() == 4);
        for (std::size_t i = 0; i < 3; ++i)
            CHECK(again.articles[i + 1].guid == out.articles[i].guid);
    }
}

TEST_CASE("Atom in its three kinds of content") {
    const auto out = import_ok(
        R"(<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="en"><author><name>Desk</name></author>
<entry><title>T</title><id>urn:1</id><link rel="alternate" href="/1"/><link rel="edit" href="/e"/>
<published>2026-03-21T06:45:00+03:30</published><updated>2026-03-22T06:45:00+03:30</updated>
<category term="t" label="Town"/><summary>Brief.</summary>
<content type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml"><p>Some <em>text</em></p></div></content></entry>
<entry xml:lang="de"><title>H</title><id>urn:2</id><content type="html">&lt;p&gt;Eins&lt;/p&gt;&lt;p&gt;Zwei&lt;/p&gt;</content></entry>
<entry><title>P</title><id>urn:3</id><content>1 &lt; 2 &amp; so on</content></entry></feed>)",
        "a.xml", {.base_url = "https://a.example/"});
    REQUIRE(out.articles.size() == 3);
    const auto& first = out.articles[0].article;
    CHECK(out.articles[0].guid == "urn:1");
    CHECK(first.url() == "https://a.example/1");
    CHECK(first.authors(0) == "Desk");
    CHECK(first.tags(0) == "Town");
    CHECK(first.summary() == "Brief.");
    CHECK(first.updated() - first.published() == 86'400);
    CHECK(first.blocks(0).paragraph().spans(1).style() == pb::Span::ITALIC);
    CHECK(out.articles[1].article.language() == "de");
    CHECK(out.articles[1].article.blocks_size() == 2);
    CHECK(text_of_article(out.articles[2].article) == "1 < 2 & so on\n");
}

TEST_CASE("a WordPress export gives its published posts only") {
    const auto post = [](const std::string& id, const std::string& status, const std::string& type) {
        return "<item><title>" + id + "</title><guid>" + id + "</guid><content:encoded><![CDATA[One.\n\n"
               "Two.]]></content:encoded><wp:status>" + status + "</wp:status><wp:post_type>" + type +
               "</wp:post_type></item>";
    };
    auto feed = rss(post("a", "publish", "post") + post("b", "draft", "post") +
                    post("c", "inherit", "attachment"));
    feed.insert(feed.find("<rss ") + 5, "xmlns:wp=\"http://wordpress.org/export/1.2/\" ");
    const auto out = import_ok(feed, "export.xml");
    REQUIRE(out.articles.size() == 1);
    CHECK(out.articles[0].article.blocks_size() == 2);
    CHECK(has_warning(out, "1 post or page is not published"));
}

TEST_CASE("HTML becomes typed blocks") {
    SECTION("lists keep their depth and go on after a block in between") {
        const auto article = blocks_of(
            "<ol start=3><li>a<ul><li>b</ul><li><p>c</p><pre><code class='language-sh'>ls\n  x</code>"
            "</pre><li>d</ol>");
        REQUIRE(article.blocks_size() == 3);
        const auto& list = article.blocks(0).list();
        CHECK(list.ordered());
        CHECK(list.start() == 3);
        REQUIRE(list.items_size() == 3);
        CHECK(list.items(1).depth() == 1);
        CHECK(article.blocks(1).code().text() == "ls\n  x");
        CHECK(article.blocks(1).code().language() == "sh");
        CHECK(article.blocks(2).list().start() == 5);
    }
    SECTION("quotes have a source, tables a header") {
        const auto article = blocks_of(
            "<blockquote><p>Q1</p><p>Q2</p><footer>— Someone</footer></blockquote>"
            "<table><tr><th>A<th>B</tr><tr><td>1<td>2</tr></table>");
        REQUIRE(article.blocks_size() == 2);
        CHECK(article.blocks(0).quote().paragraphs_size() == 2);
        CHECK(article.blocks(0).quote().source() == "Someone");
        REQUIRE(article.blocks(1).table().rows_size() == 2);
        CHECK(article.blocks(1).table().rows(0).header());
        CHECK_FALSE(article.blocks(1).table().rows(1).header());
    }
    SECTION("headings, rules, embeds; scripts, forms and the hidden go") {
        const auto article = blocks_of(
            "<h1>Part</h1><p>one<br>two</p><hr><hr><iframe src='//v.example/1' title='Film'></iframe>"
            "<script>x()</script><form>f</form><nav>n</nav><p style='display: none'>h</p><style>s</style>"
            "<table><tr><td><p>laid out</p></td></tr></table>");
        REQUIRE(article.blocks_size() == 5);
        CHECK(article.blocks(0).heading().level() == 2);
        CHECK(article.blocks(3).has_rule());
        CHECK(article.blocks(4).has_paragraph());
        CHECK(text_of_article(article) == "Part\none\ntwo\nlaid out\n");
        const auto based = blocks_of("<p>x</p><iframe src='//v.example/1' title='Film'></iframe>",
                                     {.base_url = "https://a.example/"});
        CHECK(based.blocks(1).embed().title() == "Film");
        CHECK(based.blocks(1).embed().url() == "https://v.example/1");
    }
    SECTION("white space collapses across elements") {
        const auto article = blocks_of("<p>  a <b> b</b>\n<i>c</i>d </p><p> &nbsp; </p>");
        REQUIRE(article.blocks_size() == 1);
        CHECK(text_of_article(article) == "a b cd\n");
    }
    SECTION("a link to a script is text") {
        const auto article = blocks_of("<p><a href='javascript:alert(1)'>x</a></p>");
        CHECK(article.blocks(0).paragraph().spans(0).href().empty());
    }
}

TEST_CASE("a page gives its article and leaves the rest") {
    const std::string story =
        "The ferry crosses the river every quarter of an hour, and nobody has ever been late by it. ";
    const std::string page =
        "<!doctype html><html lang=en><head><title>Ferry rings | Gazette</title>"
        "<link rel=canonical href='/ferry'><meta property='og:description' content='A short one.'>"
        "<script type='application/ld+json'>{\"@graph\":[{\"@type\":\"WebSite\"},{\"@type\":[\"NewsArticle\"],"
        "\"headline\":\"Ferry rings\",\"datePublished\":\"2026-03-21T06:45:00+03:30\","
        "\"author\":[{\"name\":\"Ann Lee\"}]}]}</script></head><body>"
        "<nav><a href=/>Home</a></nav><div class='cookie-banner'>We use biscuits.</div>"
        "<div class=content><h1>Ferry rings</h1><p>" + story + story + "</p><p>" + story +
        "</p><ul class=related-posts><li><a href=/b>Another story about boats</a></ul>"
        "<p>" + story + "<a href='map'>Map</a></p></div>"
        "<div id=sidebar><p>Most read: things.</p></div><footer>© Gazette</footer></body></html>";
    const auto out = import_ok(page, "ferry.html", {.base_url = "https://a.example/"});
    REQUIRE(out.articles.size() == 1);
    const auto& article = out.articles[0].article;
    CHECK(out.articles[0].guid == "https://a.example/ferry");
    CHECK(article.title() == "Ferry rings");
    CHECK(article.language() == "en");
    CHECK(article.authors(0) == "Ann Lee");
    CHECK(article.published() == 1774062900);
    CHECK(article.summary() == "A short one.");
    CHECK(article.blocks_size() == 3);
    const auto text = text_of_article(article);
    for (const auto* gone : {"biscuits", "Another", "Most read", "©", "Home"})
        CHECK(text.find(gone) == text.npos);
    CHECK(article.blocks(2).paragraph().spans(1).href() == "https://a.example/map");
    CHECK(import_ok("<html><p>" + story, "x.html").articles[0].guid == "x.html");
}

TEST_CASE("a page that declares no charset is UTF-8 when it can be") {
    const auto text = [](const std::string& page) {
        return text_of_article(import_ok(page, "p.html").articles.at(0).article);
    };
    CHECK(text("<html><p>Пасека на крыше</p>") == "Пасека на крыше\n");
    CHECK(text("<html><meta charset=windows-1251><p>\xcf\xe0\xf1\xe5\xea\xe0</p>") == "Пасека\n");
    CHECK(text("<html><meta charset=latin1><p>Пасека</p>") == "Пасека\n");
}

TEST_CASE("plain text: a title, then paragraphs") {
    const auto out = import_ok("\xef\xbb\xbf\nThe title\r\n\r\nOne\r\nline.\r\n\r\nTwo.\r\n", "note.txt");
    REQUIRE(out.articles.size() == 1);
    CHECK(out.articles[0].guid == "note.txt");
    CHECK(out.articles[0].article.title() == "The title");
    CHECK(text_of_article(out.articles[0].article) == "One line.\nTwo.\n");
    const auto bad = import_source("caf\xe9", "note.txt", {});
    REQUIRE_FALSE(bad);
    CHECK(bad.error().code == Errc::corrupt);
    CHECK(bad.error().message.starts_with("note.txt: "));
}

TEST_CASE("JSON Lines: one article a line, and a bad line costs only itself") {
    const auto out = import_ok(
        R"({"id":7,"url":"https://a.example/7","title":"T","lang":"ru","published":null,"authors":"Ann","tags":["a","b"],"html":"<p>H</p>","text":"X"}
{broken
[]
{"guid":"g2","title":"U","language":"en","updated":"2026-03-22","published":"2026-03-21T06:45:00+03:30","authors":["A",{"name":"B"}],"section":"S","summary":"Sum","text":"One\n\nTwo"}
{"title":"empty"}
)",
        "a.jsonl");
    REQUIRE(out.articles.size() == 2);
    CHECK(out.articles[0].guid == "7");
    CHECK(text_of_article(out.articles[0].article) == "H\n");
    CHECK(out.articles[0].article.language() == "ru");
    CHECK(out.articles[1].article.blocks_size() == 2);
    CHECK(out.articles[1].article.authors_size() == 2);
    CHECK(out.articles[1].article.summary() == "Sum");
    CHECK(has_warning(out, "a.jsonl:2"));
    CHECK(has_warning(out, "a.jsonl:3"));
    CHECK(has_warning(out, "empty: has no text"));
    CHECK_FALSE(import_source("{no\n{no\n", "a.jsonl", {}));
    CHECK(import_ok("{\"a\":" + std::string(100'000, '[') + "\n{\"title\":\"t\",\"text\":\"x\"}", "a.jsonl")
              .articles.size() == 1);
}

TEST_CASE("formats are told by content first, then by name") {
    CHECK(import_ok("  <RSS version='2.0'/>", "x", {.format = SourceFormat::html}).articles.empty());
    CHECK(import_ok("<?xml version='1.0'?><!-- html? --><rss><channel/></rss>", "x.html").articles.empty());
    CHECK(import_ok("<p>Hello there</p>", "x").articles.size() == 1);
    CHECK(import_ok("Title\n\nText", "x").articles[0].article.title() == "Title");
    CHECK_FALSE(import_source("<?xml version='1.0'?><opml/>", "x", {}));
    CHECK(*parse_source_format("atom") == SourceFormat::atom);
    CHECK(parse_source_format("docx").error().code == Errc::invalid);
    CHECK(import_source(std::string((64 << 20) + 1, 'a'), "x", {}).error().code == Errc::too_large);
}

TEST_CASE("hostile sources cost at most an error") {
    SECTION("truncated XML gives what came before") {
        const auto feed = rss(item("a", "<p>x</p>") + item("b", "<p>y</p>"));
        for (std::size_t size = 0; size < feed.size(); size += 3)
            (void)import_source(Bytes(feed).substr(0, size), "f.xml", {.format = SourceFormat::rss});
        const auto cut = import_ok(feed.substr(0, feed.find("<p>y")), "f.xml");
        CHECK(cut.articles.size() >= 1);
        CHECK(has_warning(cut, "not well-formed"));
        const auto mended = import_ok(
            "<rss><channel><title>a &b; c</title><item><title>T</title><description>"
            "&lt;p&gt;One&lt;/p&gt;&lt;p&gt;Two &amp;amp; &euro;&lt;/p&gt;</description></item></channel></rss>",
            "f.xml");
        CHECK(text_of_article(mended.articles.at(0).article) == "One\nTwo & €\n");
        CHECK_FALSE(import_source("<rss", "f.xml", {.format = SourceFormat::rss}));
        CHECK_FALSE(import_source("", "f.xml", {.format = SourceFormat::rss}));
        CHECK_FALSE(import_source("\x01\x02", "f.xml", {.format = SourceFormat::rss}));
    }
    SECTION("entities are neither declared nor loaded") {
        std::string feed = "<!DOCTYPE rss [<!ENTITY a0 \"ha\"><!ENTITY file SYSTEM \"file:///etc/passwd\">";
        for (int i = 1; i < 30; ++i)
            feed += fmt::format("<!ENTITY a{} \"&a{};&a{};&a{};&a{};\">", i, i - 1, i - 1, i - 1, i - 1);
        feed += "]><rss><channel><item title='&a29;'><title>T&a29;&file;&eacute;</title>"
                "<description>D &a29; &file;</description></item></channel></rss>";
        const auto out = import_ok(feed, "f.xml");
        REQUIRE(out.articles.size() == 1);
        CHECK(out.articles[0].article.ByteSizeLong() < 200);
        CHECK(out.articles[0].article.title() == "Té");
    }
    SECTION("ten thousand nested elements, on a page and in a feed") {
        std::string deep;
        for (int i = 0; i < 10'000; ++i) deep += "<div><blockquote><ul><li>";
        const auto page = import_source("<html><p>Before.</p>" + deep + "x", "p.html", {});
        REQUIRE(page);
        const auto feed = import_ok(rss(item("T", "<p>Before.</p>" + deep + "x")), "f.xml");
        REQUIRE(feed.articles.size() == 1);
        CHECK(has_warning(feed, "nested too deeply"));
        std::string xml;
        for (int i = 0; i < 10'000; ++i) xml += "<a>";
        (void)import_source("<rss>" + xml, "f.xml", {});
    }
    SECTION("an article over the limit is left out") {
        std::string long_text;
        while (long_text.size() < limits::article) long_text += "<p>A paragraph among many.</p>";
        const auto out = import_ok(rss(item("T", long_text) + item("U", "<p>x</p>")), "f.xml");
        CHECK(out.articles.size() == 1);
        CHECK(has_warning(out, "larger than an article"));
    }
    SECTION("the second of two articles of one name is left out") {
        const auto out = import_ok(rss(item("T", "<p>x</p>") + item("T", "<p>y</p>")), "f.xml");
        CHECK(out.articles.size() == 1);
        CHECK(has_warning(out, "second article"));
    }
}

TEST_CASE("pictures are taken from the folder, and from nowhere else") {
    const Folder outer;
    outer.write("secret.png", made_png());
    outer.write("in/a.png", made_png());
    outer.write("in/sub/b c.jpg", made_jpeg());
    outer.write("in/broken.png", made_png().substr(0, 60));
    outer.write("in/note.png", "just text");
    fs::create_symlink(outer.path / "secret.png", outer.path / "in/link.png");
    fs::create_directory_symlink(outer.path, outer.path / "in/up");
    const ImportOptions options{.folder = outer.path / "in"};
    const auto picture = [&](const std::string& source) {
        const auto out = import_ok(rss(item("T", "<p>x</p><img alt=A src='" + source + "'>")), "f.xml",
                                   options);
        REQUIRE(out.articles.at(0).article.blocks_size() == 2);
        const auto figure = out.articles[0].article.blocks(1).figure();
        CHECK(figure.alt() == "A");
        CHECK(out.pictures.size() == (figure.picture().empty() ? 0 : 1));
        CHECK(out.warnings.size() == (figure.picture().empty() ? 1 : 0));
        return figure;
    };
    const auto good = picture("a.png");
    const auto packed = shrink_picture(made_png());
    CHECK(good.picture() == sha256(packed->bytes).str());
    CHECK(good.width() == 48);
    CHECK(good.height() == 32);
    CHECK(good.size() == packed->bytes.size());
    for (const auto* source : {"./a.png", "/a.png", "sub/../a.png", "a.png?v=1", "%61.png"})
        CHECK(picture(source).picture() == good.picture());
    CHECK(picture("sub/b%20c.jpg").width() == 48);
    for (const auto* source :
         {"../secret.png", "sub/../../secret.png", "%2e%2e/secret.png", "link.png", "up/secret.png",
          "file:///etc/passwd", "broken.png", "note.png", "missing.png", "sub", "..",
          "https://a.example/a.png", "//a.example/a.png"})
        CHECK(picture(source).picture().empty());
    CHECK(picture((outer.path / "secret.png").string()).picture().empty());

    SECTION("one that comes twice is kept once, and a leading one leads") {
        const auto out = import_ok(
            rss(item("T", "<figure><img src=a.png><figcaption>Cap <span class=credit>Me</span>"
                          "</figcaption></figure><p>x</p><img src='./a.png'>")),
            "f.xml", options);
        const auto& article = out.articles.at(0).article;
        CHECK(out.pictures.size() == 1);
        CHECK(out.pictures[0].media_type() == "image/webp");
        REQUIRE(article.blocks_size() == 2);
        CHECK(article.lead().picture() == good.picture());
        CHECK(article.lead().caption(0).text() == "Cap");
        CHECK(article.lead().credit() == "Me");
    }
    SECTION("what the web has is told once an article") {
        const auto out = import_ok(rss(item("T", "<p>x</p><img alt=a src='http://a.example/1.png'>"
                                                 "<img alt=b src='http://a.example/2.png'>")),
                                   "f.xml", options);
        REQUIRE(out.warnings.size() == 1);
        CHECK(out.warnings[0] == "T: 2 pictures on the web are left out");
    }
}

TEST_CASE("the sample that ships with the project imports without a warning") {
    const fs::path sample = fs::path(COLPORT_SOURCE_DIR) / "packaging/sample";
    std::map<std::string, int> languages;
    std::size_t pictures = 0;
    const auto read = [&](const fs::path& file) {
        const auto out = import_ok(slurp(file), file.filename().string(),
                                   {.folder = file.parent_path()});
        CHECK(out.warnings.empty());
        pictures += out.pictures.size();
        for (const auto& found : out.articles) {
            ++languages[found.article.language()];
            CHECK(found.article.published() > 1767225600);
            CHECK(found.article.authors_size() == 1);
            CHECK(found.article.blocks_size() >= 4);
            CHECK_FALSE(found.article.summary().empty());
        }
    };
    read(sample / "feed.xml");
    for (const auto& entry : fs::directory_iterator(sample / "pages"))
        if (entry.path().extension() == ".html") read(entry.path());
    CHECK(pictures == 2);
    CHECK(languages == std::map<std::string, int>{{"en", 3}, {"fa", 3}, {"ru", 3}, {"zh", 3}});
}
