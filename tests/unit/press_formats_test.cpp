#include <catch2/catch.hpp>

#include <fmt/format.h>
#include <zlib.h>

#include <ctime>
#include <memory>

#include "press/formats/front_matter.h"
#include "press/formats/markdown_html.h"
#include "press/formats/shortcodes.h"
#include "press/import.h"
#include "press/page/inline_text.h"
#include "support/import_checks.h"
#include "support/made_pictures.h"
#include "support/zip_file.h"

using namespace colport;
using namespace colport::test;

namespace {

std::string wxr(const std::string& items) {
    return "<?xml version=\"1.0\"?><rss version=\"2.0\" "
           "xmlns:excerpt=\"http://wordpress.org/export/1.2/excerpt/\" "
           "xmlns:content=\"http://purl.org/rss/1.0/modules/content/\" "
           "xmlns:dc=\"http://purl.org/dc/elements/1.1/\" "
           "xmlns:wp=\"http://wordpress.org/export/1.2/\"><channel><title>Site</title>"
           "<language>ru</language><wp:wxr_version>1.2</wp:wxr_version>"
           "<wp:base_site_url>https://pier.example</wp:base_site_url>"
           "<wp:author><wp:author_login>mila</wp:author_login>"
           "<wp:author_display_name>Mila Orlova</wp:author_display_name></wp:author>" +
           items + "</channel></rss>";
}

std::string post(const std::string& id, const std::string& text, const std::string& more = {},
                 const std::string& status = "publish", const std::string& type = "post") {
    return fmt::format(
        "<item><title>Post {0}</title><link>https://pier.example/{0}/</link>"
        "<guid isPermaLink=\"false\">https://pier.example/?p={0}</guid>"
        "<pubDate>Tue, 03 Mar 2026 18:05:00 +0000</pubDate><dc:creator>mila</dc:creator>"
        "<content:encoded><![CDATA[{1}]]></content:encoded><wp:post_id>{0}</wp:post_id>"
        "<wp:status>{3}</wp:status><wp:post_type>{4}</wp:post_type>{2}</item>",
        id, text, more, status, type);
}

pb::Article only_article(const Imported& imported) {
    REQUIRE(imported.articles.size() == 1);
    return imported.articles[0].article;
}

std::string gzip(Bytes bytes) {
    z_stream stream{};
    REQUIRE(deflateInit2(&stream, 9, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY) == Z_OK);
    std::string out(bytes.size() + 1000, '\0');
    stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(bytes.data()));
    stream.avail_in = static_cast<uInt>(bytes.size());
    stream.next_out = reinterpret_cast<Bytef*>(out.data());
    stream.avail_out = static_cast<uInt>(out.size());
    REQUIRE(deflate(&stream, Z_FINISH) == Z_STREAM_END);
    out.resize(stream.total_out);
    deflateEnd(&stream);
    return out;
}

std::string record(const std::string& address, const std::string& head, const std::string& body) {
    const auto block = head + "\r\n\r\n" + body;
    return fmt::format(
        "WARC/1.0\r\nWARC-Type: response\r\nWARC-Target-URI: {}\r\n"
        "Content-Type: application/http; msgtype=response\r\nContent-Length: {}\r\n\r\n{}\r\n\r\n",
        address, block.size(), block);
}

std::string page(const std::string& title, const std::string& more = {}) {
    std::string out = "<!doctype html><html lang=en><head><title>" + title +
                      "</title></head><body><article><h1>" + title + "</h1>" + more;
    for (int i = 0; i < 6; ++i)
        out += fmt::format("<p>Paragraph {} says at some length what the harbour master wrote "
                           "into the book that winter, day by day.</p>", i);
    return out + "</article></body></html>";
}

std::string answer(const std::string& type, const std::string& more = {}) {
    return "HTTP/1.1 200 OK\r\nContent-Type: " + type + more;
}

}  // namespace

TEST_CASE("a WordPress export gives what its site shows") {
    SECTION("never drafts, private, pending or protected posts") {
        std::string items = post("1", "<p>Out</p>");
        for (const char* status : {"draft", "private", "pending", "trash", "future"})
            items += post(status, "<p>Secret</p>", {}, status);
        items += post("9", "<p>Secret</p>", "<wp:post_password>x</wp:post_password>");
        items += post("10", "<p>Event</p>", {}, "publish", "event");
        const auto out = import_ok(wxr(items), "export.xml");
        const auto article = only_article(out);
        CHECK(article.authors(0) == "Mila Orlova");
        CHECK(article.url() == "https://pier.example/1/");
        CHECK(out.articles[0].guid == "https://pier.example/?p=1");
        CHECK(out.site == "https://pier.example");
        CHECK(has_warning(out, "6 posts and pages are not published"));
        CHECK(has_warning(out, "1 entry is of type 'event'"));
    }
    SECTION("the site's own feed gives the same article") {
        const std::string text = "<!-- wp:paragraph -->\n<p>The <em>ferry</em> is late.</p>\n"
                                 "<!-- /wp:paragraph -->";
        const auto exported = only_article(import_ok(
            wxr(post("1", text, "<category domain=\"category\">Harbour</category>")), "e.xml"));
        auto item = post("1", "<p>The <em>ferry</em> is late.</p>", "<category>Harbour</category>");
        item.replace(item.find("mila"), 4, "Mila Orlova");
        const auto feed = only_article(import_ok(
            "<rss version=\"2.0\" xmlns:content=\"http://purl.org/rss/1.0/modules/content/\" "
            "xmlns:wp=\"urn:x\" xmlns:dc=\"http://purl.org/dc/elements/1.1/\"><channel>"
            "<language>ru</language>" + item + "</channel></rss>", "feed.xml"));
        CHECK(feed.SerializeAsString() == exported.SerializeAsString());
    }
    SECTION("classic paragraphs, shortcodes and addresses on a line of their own") {
        const auto article = only_article(import_ok(wxr(post(
            "1", "One.\n\nTwo [sic] and [1].\n\n[caption id=\"a\" width=\"300\"]<img src=\"x.png\" "
                 "alt=\"Pier\" /> The pier at dusk[/caption]\n\nhttps://www.youtube.com/watch?v=abc\n\n"
                 "[vc_row a=\"b\"]Three.[/vc_row] [contact-form-7 id=\"3\" /]\n\n[[gallery]] stays")),
            "e.xml"));
        CHECK(text_of_article(article).find("Two [sic] and [1].") != std::string::npos);
        CHECK(text_of_article(article).find("contact-form") == std::string::npos);
        CHECK(text_of_article(article).find("vc_row") == std::string::npos);
        int paragraphs = 0, figures = 0, embeds = 0;
        for (const auto& block : article.blocks()) {
            paragraphs += block.has_paragraph();
            figures += block.has_figure();
            embeds += block.has_embed();
            if (block.has_figure()) CHECK(block.figure().caption(0).text() == "The pier at dusk");
        }
        CHECK(paragraphs == 4);
        CHECK(figures == 1);
        CHECK(embeds == 1);
    }
    SECTION("the featured picture leads, and galleries show their pictures") {
        const auto attachment = [](const std::string& id, const std::string& file) {
            return "<item><title>A</title><wp:post_id>" + id + "</wp:post_id><wp:status>inherit"
                   "</wp:status><wp:post_type>attachment</wp:post_type><wp:attachment_url>"
                   "https://pier.example/up/" + file + "</wp:attachment_url><wp:postmeta><wp:meta_key>"
                   "_wp_attachment_image_alt</wp:meta_key><wp:meta_value>Alt " + id +
                   "</wp:meta_value></wp:postmeta></item>";
        };
        ImportOptions options;
        std::vector<std::string> asked;
        options.pictures = [&](const std::string& source, const std::string&) {
            asked.push_back(source);
            return std::optional(made_png());
        };
        const auto out = import_ok(
            wxr(post("1", "<p>Text</p>[gallery ids=\"8\"]",
                     "<wp:postmeta><wp:meta_key>_thumbnail_id</wp:meta_key>"
                     "<wp:meta_value>7</wp:meta_value></wp:postmeta>") +
                attachment("7", "seven.png") + attachment("8", "eight.png")),
            "e.xml", options);
        const auto article = only_article(out);
        CHECK(asked == std::vector<std::string>{"https://pier.example/up/eight.png",
                                                "https://pier.example/up/seven.png"});
        CHECK(article.lead().alt() == "Alt 7");
        REQUIRE(article.blocks_size() == 2);
        CHECK(article.blocks(1).figure().alt() == "Alt 8");
        CHECK(out.pictures.size() == 1);
    }
}

TEST_CASE("shortcodes cost time that is linear in the text") {
    const ExpandShortcode keep = [](const Shortcode&, const std::string& inner, bool) {
        return std::optional(inner);
    };
    const auto time = [&](const std::string& piece, std::size_t size) {
        std::string text;
        while (text.size() < size) text += piece;
        const auto start = std::clock();
        (void)expand_shortcodes(text, {"[", "]"}, keep);
        return static_cast<double>(std::clock() - start) / CLOCKS_PER_SEC;
    };
    // Eight times as much text; its square would take 64 times as long.
    for (const std::string piece : {"[a ", "[a]", "[a x=\"", "[a][b]", "[/a]", "["})
        CHECK(time(piece, 2'000'000) < 24 * time(piece, 250'000) + 0.05);
}

TEST_CASE("JSON Feed 1.0 and 1.1") {
    const auto out = import_ok(
        R"({"version":"https://jsonfeed.org/version/1.1","title":"F","language":"en",
            "home_page_url":"https://a.example/","authors":[{"name":"Ann"}],"items":[
            {"id":7,"url":"/one","title":"One","content_html":"<p>Hi <b>all</b></p>",
             "date_published":"2026-03-03T18:05:00+03:30","tags":["x"],
             "attachments":[{"url":"https://a.example/talk.mp3","mime_type":"audio/mpeg"}]},
            {"id":"b","author":{"name":"Bob"},"content_text":"Plain\n\nText"},
            {"id":"c","title":"Title alone"}, 12]})", "feed.json");
    REQUIRE(out.articles.size() == 3);
    const auto& one = out.articles[0].article;
    CHECK(out.articles[0].guid == "7");
    CHECK(one.url() == "https://a.example/one");
    CHECK(one.zone() == 210);
    CHECK(one.authors(0) == "Ann");
    REQUIRE(one.blocks_size() == 2);
    CHECK(one.blocks(1).embed().title() == "talk.mp3");
    CHECK(out.articles[1].article.authors(0) == "Bob");
    CHECK(out.articles[1].article.blocks_size() == 2);
    CHECK(out.articles[2].article.title() == "Title alone");
    CHECK(has_warning(out, "no object"));
}

TEST_CASE("front matter in its three languages") {
    const auto yaml = read_front_matter("---\nTitle: \"A: b\"\ndraft: yes\ntags:\n  - x\n  - 'y'\n"
                                        "cover: {image: a.jpg}\ndate: 2026-03-03\n---\nText\n");
    REQUIRE(yaml);
    CHECK(yaml->fields["title"] == "A: b");
    CHECK(flag_of(yaml->fields, "draft") == true);
    CHECK(yaml->fields["tags"].size() == 2);
    CHECK(yaml->fields["cover"]["image"] == "a.jpg");
    CHECK(yaml->fields["date"] == "2026-03-03");
    CHECK(yaml->text == "Text\n");
    const auto toml = read_front_matter("+++\ntitle = 'T'\ndraft = false\n"
                                        "date = 2026-03-03T10:00:00+03:30\n[params]\nx = 1.5\n+++\nText");
    REQUIRE(toml);
    CHECK(toml->fields["title"] == "T");
    CHECK(flag_of(toml->fields, "draft") == false);
    CHECK(toml->fields["date"] == "2026-03-03T10:00:00+03:30");
    const auto json = read_front_matter("{\"title\": \"J } {\", \"tags\": []}\n\nText");
    REQUIRE(json);
    CHECK(json->fields["title"] == "J } {");
    CHECK(json->text == "\n\nText");
    const auto rule = read_front_matter("---\nA rule stands above this.\n\n---\n");
    REQUIRE(rule);
    CHECK_FALSE(rule->present);

    SECTION("what is damaged or a bomb is refused in one line") {
        CHECK(read_front_matter("---\na: [1\n---\n").error().message.find("line") !=
              std::string::npos);
        CHECK_FALSE(read_front_matter("---\na: &x [1]\nb: *x\n---\n"));
        CHECK_FALSE(read_front_matter("---\na: " + std::string(100'000, '[') + "\n---\n"));
        CHECK_FALSE(read_front_matter("+++\na = \n+++\n"));
        CHECK_FALSE(read_front_matter("{\"a\": }"));
        CHECK_FALSE(read_front_matter("+++\na = " + std::string(100'000, '[') + "\n+++\n"));
    }
}

TEST_CASE("Markdown as Hugo and Jekyll have it") {
    ImportOptions options;
    options.now = 1'800'000'000;
    SECTION("facts, tables, figures and code") {
        const auto article = only_article(import_ok(
            "---\ntitle: Reise\ndate: 2026-03-03 10:00:00 +0300\nauthor: [Ann, Bob]\n"
            "tags: [sea]\ncategories: News\nlang: de\nurl: /reise/\n---\n\n"
            "Ein *Satz* mit ~~Strich~~.\n\n| a | b |\n|---|---|\n| 1 | 2 |\n\n"
            "{{< youtube abc >}}\n\n{{< highlight go >}}\nx := 1\n{{< /highlight >}}\n\n"
            "{{< gone a=\"b\" >}}{% include x.html %}[l]({{ site.baseurl }}/x)\n{: .cls}\n",
            "reise.md", [&] { auto o = options; o.base_url = "https://a.example"; return o; }()));
        CHECK(article.title() == "Reise");
        CHECK(article.zone() == 180);
        CHECK(article.authors_size() == 2);
        CHECK(article.tags_size() == 2);
        CHECK(article.language() == "de");
        CHECK(article.url() == "https://a.example/reise/");
        REQUIRE(article.blocks_size() == 5);
        CHECK(article.blocks(1).table().rows_size() == 2);
        CHECK(article.blocks(2).embed().url() == "https://www.youtube.com/watch?v=abc");
        CHECK(article.blocks(3).code().text() == "x := 1");
        CHECK(article.blocks(4).paragraph().spans(0).text() == "l");
        CHECK(article.blocks(4).paragraph().spans(0).href() == "https://a.example/x");
        CHECK(text_of_article(article).find('{') == std::string::npos);
    }
    SECTION("a heading, the name and the folder tell what front matter does not") {
        const auto article =
            only_article(import_ok("# Titel\n\nText.\n", "x/_posts/2026-03-14-titel.fa.md", options));
        CHECK(article.title() == "Titel");
        CHECK(article.published() == 1773446400);
        CHECK(article.blocks_size() == 1);
        CHECK(article.language() == "fa");
    }
    SECTION("what its parser would take minutes for costs seconds") {
        std::string wide;
        while (wide.size() < 2000) wide += "|-";
        for (const std::string piece : {"![[]()", "[^1]", "a@b.", "*a _b ", ">", "|b\n"}) {
            std::string text = piece == "|b\n" ? wide + "\n" + wide + "\n" : "";
            while (text.size() + piece.size() < 500'000) text += piece;
            const auto start = std::clock();
            (void)import_source(text, "a.md", options);
            CHECK((std::clock() - start) / CLOCKS_PER_SEC < 5);
        }
    }
    SECTION("drafts and what is not due stay here, and are told") {
        for (const std::string field :
             {"draft: true", "published: false", "date: 2030-01-01", "expiryDate: 2020-01-01"}) {
            const auto out = import_ok("---\ntitle: T\n" + field + "\n---\nText", "a.md", options);
            CHECK(out.articles.empty());
            CHECK(out.warnings.size() == 1);
        }
        CHECK(import_ok("Text", "_drafts/a.md", options).articles.empty());
    }
}

TEST_CASE("a crawl's articles come with its pictures") {
    const auto warc =
        record("https://a.example/", answer("text/html"), page("Front")) +
        record("https://a.example/one", answer("text/html; charset=utf-8"),
               page("One", "<img src=\"/p.png\" alt=\"Pier\">")) +
        record("https://a.example/two", answer("text/html", "\r\nTransfer-Encoding: chunked"),
               fmt::format("{:x}\r\n{}\r\n0\r\n\r\n", page("Two").size(), page("Two"))) +
        record("https://a.example/three", answer("text/html", "\r\nContent-Encoding: gzip"),
               gzip(page("Three"))) +
        record("https://a.example/four", "HTTP/1.1 404 Not Found\r\nContent-Type: text/html",
               page("Four")) +
        record("https://a.example/list", answer("text/html"),
               "<html><head><meta property=\"og:type\" content=\"website\"></head>" + page("List")) +
        record("https://a.example/login", answer("text/html"), "<form><p>Name</p></form>") +
        record("https://a.example/p.png", answer("image/png"), made_png());
    const auto check = [](const Imported& out) {
        REQUIRE(out.articles.size() == 3);
        CHECK(out.articles[0].guid == "https://a.example/one");
        CHECK(out.articles[0].article.url() == "https://a.example/one");
        CHECK(out.articles[0].article.title() == "One");
        CHECK(out.articles[1].article.title() == "Two");
        CHECK(out.articles[2].article.title() == "Three");
        CHECK(out.pictures.size() == 1);
    };
    SECTION("plain, and gzipped record by record") {
        const auto out = import_ok(warc, "crawl.warc");
        check(out);
        CHECK(has_warning(out, "3 pages are no articles"));
        std::string packed;
        for (std::size_t at = 0; at < warc.size();) {
            const auto end = std::min(warc.find("WARC/1.0", at + 1), warc.size());
            packed += gzip(warc.substr(at, end - at));
            at = end;
        }
        check(import_ok(packed, "crawl.warc.gz"));
    }
    SECTION("a WACZ, with or without a list of pages") {
        check(import_ok(zip({{"datapackage.json", "{}"}, {"archive/a.warc.gz", gzip(warc)}}), "c.wacz"));
        const auto listed = import_ok(
            zip({{"pages/pages.jsonl", "{\"format\":\"json-pages-1.0\"}\n"
                                       "{\"url\":\"https://a.example/two\"}\n"},
                 {"archive/a.warc.gz", gzip(warc)}}), "c.wacz");
        CHECK(only_article(listed).title() == "Two");
    }
    SECTION("a crawl that is cut off gives what came before, and says so") {
        const auto out = import_ok(warc.substr(0, warc.size() - 100), "crawl.warc");
        CHECK(out.articles.size() == 3);
        CHECK(out.damaged);
        CHECK_FALSE(import_source("WARC/1.0\r\nx", "crawl.warc", {}));
    }
    SECTION("what unpacks without end is refused") {
        std::string bomb = "WARC/1.0\r\nContent-Length: 99999999999\r\n\r\n";
        bomb.resize(200 << 20, ' ');
        const auto out = import_source(gzip(bomb), "bomb.warc.gz", {});
        REQUIRE_FALSE(out);
        CHECK(out.error().code == Errc::too_large);
    }
}

TEST_CASE("an EPUB gives its chapters") {
    const std::string container =
        "<container xmlns=\"urn:oasis:names:tc:opendocument:xmlns:container\"><rootfiles>"
        "<rootfile full-path=\"OEBPS/book.opf\"/></rootfiles></container>";
    const std::string package =
        "<package xmlns=\"http://www.idpf.org/2007/opf\" unique-identifier=\"id\"><metadata "
        "xmlns:dc=\"http://purl.org/dc/elements/1.1/\"><dc:title>Winter issue</dc:title>"
        "<dc:creator>Ann</dc:creator><dc:language>en</dc:language><dc:date>2026-03-03</dc:date>"
        "<dc:identifier id=\"id\">urn:x:1</dc:identifier></metadata><manifest>"
        "<item id=\"n\" href=\"nav.xhtml\" properties=\"nav\"/><item id=\"c\" href=\"t/c.xhtml\"/>"
        "<item id=\"a\" href=\"t/a%20b.xhtml\"/><item id=\"d\" href=\"t/d.xhtml\"/></manifest>"
        "<spine><itemref idref=\"n\"/><itemref idref=\"c\"/><itemref idref=\"a\"/>"
        "<itemref idref=\"d\"/></spine></package>";
    const auto chapter = [](const std::string& body) {
        return "<html xmlns=\"http://www.w3.org/1999/xhtml\"><head><title/></head><body>" + body +
               "</body></html>";
    };
    const std::vector<std::pair<std::string, std::string>> files{
        {"mimetype", "application/epub+zip"},
        {"META-INF/container.xml", container},
        {"OEBPS/book.opf", package},
        {"OEBPS/nav.xhtml", "<html xmlns=\"http://www.w3.org/1999/xhtml\" "
                            "xmlns:epub=\"http://www.idpf.org/2007/ops\"><body><nav epub:type=\"toc\">"
                            "<a href=\"t/c.xhtml\">First</a><a href=\"t/d.xhtml#x\">Second</a>"
                            "</nav></body></html>"},
        {"OEBPS/t/c.xhtml", chapter("<h1>First</h1><p>One <a id=\"m\"/>two.</p>"
                                    "<img src=\"../p.png\" alt=\"Pier\"/>")},
        {"OEBPS/t/a b.xhtml", chapter("<p>It goes on.</p>")},
        {"OEBPS/t/d.xhtml", chapter("<p>Another.</p>")},
        {"OEBPS/p.png", made_png()},
    };
    const auto out = import_ok(zip(files), "book.epub");
    REQUIRE(out.articles.size() == 2);
    const auto& first = out.articles[0].article;
    CHECK(first.title() == "First");
    CHECK(first.section() == "Winter issue");
    CHECK(first.authors(0) == "Ann");
    CHECK(text_of_article(first).find("It goes on.") != std::string::npos);
    CHECK(out.pictures.size() == 1);
    CHECK(out.articles[0].guid == "urn:x:1#OEBPS/t/c.xhtml");
    CHECK(out.articles[1].article.title() == "Second");

    SECTION("broken ones are refused in one line") {
        CHECK_FALSE(import_source(zip({files[0], files[1]}), "b.epub", {}));
        CHECK_FALSE(import_source(zip({files[0]}), "b.epub", {}));
        const auto whole = zip(files);
        for (std::size_t size : {50, 200, 900})
            CHECK_FALSE(import_source(whole.substr(0, size), "b.epub", {}));
        auto locked = files;
        locked.push_back({"META-INF/encryption.xml",
                          "<e><CipherReference URI=\"OEBPS/t/c.xhtml\"/></e>"});
        CHECK(import_source(zip(locked), "b.epub", {}).error().code == Errc::unsupported);
    }
}

TEST_CASE("a file that is none of the formats is named in one line") {
    for (const auto& bytes : {made_png(), std::string("PK\x03\x04\x14\0\0\0", 8),
                              gzip("just text"), std::string("\x7f" "ELF\0\0\0\0", 8)}) {
        const auto out = import_source(bytes, "x.dat", {});
        REQUIRE_FALSE(out);
        CHECK(out.error().message.find("x.dat: ") == 0);
    }
}

TEST_CASE("a feed is read an item at a time") {
    SECTION("what stands behind the items counts for all of them") {
        const auto out = import_ok("<rss><channel><item><title>A</title><description>x</description></item>"
                                   "<item><title>B</title><link>/b</link></item>"
                                   "<link>https://a.example/</link><language>ru</language></channel></rss>",
                                   "feed.xml");
        REQUIRE(out.articles.size() == 2);
        CHECK(out.articles[0].article.language() == "ru");
        CHECK(out.articles[1].article.url() == "https://a.example/b");
    }
    SECTION("an item that the end cuts off does not go out as if it were whole") {
        const auto out = import_ok("<rss><channel><item><title>A</title><description>x</description></item>"
                                   "<item><title>B</title><description>half of a sen", "feed.xml");
        CHECK(only_article(out).title() == "A");
        CHECK(out.damaged);
    }
    SECTION("items within items are parts of them") {
        const auto out = import_ok("<rss><channel><item><title>A</title><x><item><title>B</title></item></x>"
                                   "</item></channel></rss>", "feed.xml");
        CHECK(only_article(out).title() == "A");
    }
    SECTION("an entry alone is a feed") {
        CHECK(only_article(import_ok("<entry xmlns=\"http://www.w3.org/2005/Atom\"><title>E</title>"
                                     "<summary>s</summary></entry>", "e.xml")).title() == "E");
    }
}
