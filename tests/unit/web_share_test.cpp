#include <chrono>
#include <thread>

#include "feed/fingerprint.h"
#include "feed/link.h"
#include "web_sample.h"

using namespace colport;
using namespace colport::web_testing;

namespace {

std::string feed_path(const Feed& feed) { return "/feed/" + feed.key().hex(); }

}  // namespace

TEST_CASE("a feed's link comes as text, as a picture and as a file") {
    Library library;
    library.gazette.record.link.clear();
    library.gazette.add("Title", "text");
    library.save();
    const auto root = feed_path(library.gazette);
    auto file = library.get(root + "/link.txt");
    CHECK(file.status == 200);
    CHECK(file.headers["Content-Disposition"] == "attachment; filename=\"Gazette.link.txt\"");
    // A feed that came as a folder has a link as well.
    const auto link = must(parse_link(file.body.substr(0, file.body.size() - 1)));
    CHECK(link.feed == library.gazette.key());
    const auto picture = library.get(root + "/qr.svg");
    CHECK(picture.content_type == "image/svg+xml");
    CHECK(has(picture.body, "<svg"));
    CHECK(has(library.get(root).body, root + "/qr.svg"));
    for (const char* nowhere : {"/feed/", "/feed/xyz", "/feed/00/link.txt"})
        CHECK(library.get(nowhere).status == 404);
    CHECK(library.get(root + "/nothing").status == 404);
    CHECK(library.get("/feed/" + std::string(64, '0')).status == 404);
}

TEST_CASE("a feed's key is shown in words and as a picture") {
    Library library;
    library.save();
    const auto& key = library.gazette.key();
    const auto page = library.get(feed_path(library.gazette)).body;
    CHECK(has(page, fingerprint_words(key)));
    const auto address = "/fingerprint/" + key.hex() + ".svg";
    CHECK(has(page, "src=\"" + address + "\""));
    const auto picture = library.get(address);
    CHECK(picture.content_type == "image/svg+xml");
    CHECK(picture.body == fingerprint_svg(key));
    for (const char* nowhere : {"/fingerprint/", "/fingerprint/00.svg", "/fingerprint/x"})
        CHECK(library.get(nowhere).status == 404);
    Link link;
    link.feed = SigningKey::generate().public_key();
    const auto preview = library.post("/do/look-at", {{"link", to_string(link)}}).body;
    CHECK(has(preview, fingerprint_words(link.feed)));
    CHECK(has(preview, "/fingerprint/" + link.feed.hex() + ".svg"));
}

TEST_CASE("the catalogue of books is there for each feed too") {
    Library library;
    library.gazette.add("Title", "text");
    library.ruznameh.add("Old", "text", "fa", 3 * one_day);
    library.save();
    const auto root = "/opds/feed/" + library.ruznameh.key().hex();
    CHECK(has(library.get("/opds").body, root + "\""));
    CHECK(has(library.get(feed_path(library.ruznameh)).body, root + "\""));
    CHECK(has(library.get(root).body, root + "/days\""));
    const auto days = library.get(root + "/days").body;
    const auto book = "/epub/day/2026-03-11.epub?feed=" + library.ruznameh.key().hex();
    CHECK(has(days, book));
    CHECK_FALSE(has(days, "2026-03-14.epub"));
    CHECK(library.get("/epub/day/2026-03-11.epub", {{"feed", library.ruznameh.key().hex()}}).status
          == 200);
    for (const auto& nowhere : {std::string("/opds/feed/"), root + "/years",
                                "/opds/feed/" + std::string(64, '0')})
        CHECK(library.get(nowhere).status == 404);
}

TEST_CASE("who a feed is, is shown before it is followed") {
    Library library;
    library.gazette.add("Title", "text");
    library.save();
    Link link;
    link.feed = *PublicKey::from(std::string(PublicKey::size, '\x42'));
    link.name = "<b>Copied name</b>";
    link.mirrors = {"https://mirror.example/feed/"};
    for (const char* field : {"link", "file"}) {
        const auto preview = library.post("/do/look-at", {{field, " " + to_string(link) + "\r\n"}});
        CHECK(preview.status == 200);
        CHECK(has(preview.body, "42424242 42424242"));
        CHECK(has(preview.body, "&lt;b&gt;Copied name"));
        CHECK(has(preview.body, "https://mirror.example/feed/"));
        CHECK_FALSE(has(preview.body, "href=\"https"));
        CHECK(has(preview.body, "action=\"/do/follow\""));
    }
    CHECK_FALSE(has(library.get("/feeds").body, "42424242"));

    link.name = "Gazett\xD0\xB5";     // a Cyrillic letter at its end
    const auto imitation = library.post("/do/look-at", {{"link", to_string(link)}}).body;
    CHECK(has(imitation, "Careful: this feed is called like another one"));
    CHECK(has(imitation, "<bdi>Gazette</bdi>"));

    link.feed = library.gazette.key();
    const auto known = library.post("/do/look-at", {{"link", to_string(link)}}).body;
    CHECK(has(known, "You follow this feed already"));
    CHECK_FALSE(has(known, "Careful"));
    for (const char* junk : {"", "hello", "../etc", "javascript:alert(1)", "magnet:?xt=nothing",
                             "/nowhere/at/all", "magnet:\xff"}) {
        const auto refused = library.post("/do/look-at", {{"link", junk}});
        CAPTURE(junk);
        CHECK(refused.status >= 400);
        CHECK(has(refused.body, "class=\"detail\""));
    }
}

TEST_CASE("what only a daemon can do is refused without one") {
    Library library;
    library.save();
    for (const char* action : {"follow", "unfollow", "mode", "pause", "resume", "look"})
        CHECK(library.post("/do/" + std::string(action), {{"link", "magnet:?x"}}).status == 503);
    CHECK(library.post("/do/nothing").status == 404);
}

TEST_CASE("a copy for a stick is made while the page goes on, and failing is told") {
    Library library;
    library.gazette.add("Title", "text");
    library.save();
    const auto key = library.gazette.key().hex();
    CHECK(library.post("/do/carry", {{"feed", key}, {"folder", "relative"}}).status == 400);
    CHECK(library.post("/do/carry", {{"feed", key}, {"folder", "/nowhere/at/all"}}).status == 404);
    CHECK(library.post("/do/carry", {{"feed", "x"}, {"folder", "/tmp"}}).status == 400);

    // This feed was made without its signed files, so the copy cannot succeed.
    const Folder stick;
    CHECK(library.post("/do/carry", {{"feed", key}, {"folder", stick.path().string()}}).status ==
          303);
    std::string page;
    for (int i = 0; i < 500; ++i) {
        page = library.get("/feed/" + key).body;
        if (!has(page, "<progress")) break;
        std::this_thread::sleep_for(std::chrono::milliseconds(10));
    }
    CHECK(has(page, "The copy failed"));
}

TEST_CASE("articles of megabytes fill no feed, no book and no list, and keep others in") {
    Library library;
    std::string text;
    while (text.size() < 3'400'000) text += "waves and wind ";
    for (int i = 0; i < 7; ++i) {
        auto& article = library.gazette.add("Huge", text, "en", i);
        if (i == 0) article.add_tags(std::string(500'000, '&'));
    }
    library.gazette.add("Small", "harbour", "en", 100).add_tags("sea");
    library.save();
    const auto atom = library.get(feed_path(library.gazette) + "/atom.xml").body;
    CHECK(has(atom, "harbour"));
    CHECK(atom.size() < 10'000'000);
    const auto book = library.get("/epub/day/2026-03-14.epub");
    CHECK(book.status == 200);
    CHECK(has(book.body, "article-5.xhtml"));
    CHECK_FALSE(has(book.body, "article-6.xhtml"));
    const auto tags = library.get("/tags").body;
    CHECK(has(tags, ">sea<"));
    CHECK(tags.size() < 100'000);
}

TEST_CASE("feeds and searches come as Atom and JSON Feed, books as EPUB") {
    Library library;
    auto& article = library.gazette.add("Title <&>", "The \x01 harbour.");
    article.set_url("https://example.org/a");
    library.save();
    const auto root = feed_path(library.gazette);
    const auto atom = library.get(root + "/atom.xml");
    CHECK(has(atom.content_type, "application/atom+xml"));
    CHECK(has(atom.body, "<title>Title &lt;&amp;&gt;</title>"));
    CHECK(has(atom.body, "http://127.0.0.1:8080/article/" + id_of(library.gazette.articles[0])));
    CHECK_FALSE(has(atom.body, "\x01"));
    CHECK(has(library.get(root + "/feed.json").body, "https://jsonfeed.org/version/1.1"));
    CHECK(has(library.get("/search/atom.xml", {{"q", "harbour"}}).body, "Title &lt;"));
    CHECK_FALSE(has(library.get("/search/atom.xml", {{"q", "nothing"}}).body, "<entry>"));
    CHECK(library.get("/search/feed.exe", {{"q", "harbour"}}).status == 404);

    CHECK(has(library.get("/opds").body, "/opds/days"));
    const auto days = library.get("/opds/days").body;
    CHECK(has(days, "/epub/day/2026-03-14.epub"));
    CHECK(has(library.get("/opds/weeks").body, "/epub/week/2026-03-09.epub"));
    CHECK(library.get("/opds/years").status == 404);
    for (const auto& [path, query] :
         std::vector<std::pair<std::string, std::map<std::string, std::string>>>{
             {"/epub/day/2026-03-14.epub", {}},
             {"/epub/week/2026-03-09.epub", {{"feed", library.gazette.key().hex()}}},
             {"/article/" + id_of(library.gazette.articles[0]), {{"format", "epub"}}}}) {
        const auto book = library.get(path, query);
        CAPTURE(path);
        CHECK(book.status == 200);
        CHECK(book.content_type == "application/epub+zip");
        // The type stands at a fixed place, bare.
        CHECK(book.body.substr(30, 28) == "mimetypeapplication/epub+zip");
        CHECK(book.body == library.get(path, query).body);
    }
    for (const char* nothing : {"/epub/day/2020-01-01.epub", "/epub/day/x.epub", "/epub/day/.epub",
                                "/epub/year/2026.epub", "/epub/", "/epub/week/2026-99-99.epub"})
        CHECK(library.get(nothing).status == 404);
}
