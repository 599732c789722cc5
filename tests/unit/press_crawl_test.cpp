#include <catch2/catch.hpp>

#include <fmt/format.h>
#include <zstd.h>

#include "press/import.h"
#include "support/import_checks.h"
#include "support/zip_file.h"

using namespace colport;
using namespace colport::test;

/// Crawls that hold a page more than once, elsewhere, or unreadably.
namespace {

std::string page(const std::string& title) {
    std::string out = "<!doctype html><html lang=en><head><title>" + title +
                      "</title></head><body><article><h1>" + title + "</h1>";
    for (int i = 0; i < 6; ++i)
        out += fmt::format("<p>Paragraph {} says at some length what the harbour master wrote "
                           "into the book that winter, day by day.</p>", i);
    return out + "</article></body></html>";
}

std::string record(const std::string& address, const std::string& head, const std::string& body,
                   const std::string& date = "2026-03-01T00:00:00Z") {
    const auto block = head + "\r\n\r\n" + body;
    return fmt::format(
        "WARC/1.0\r\nWARC-Type: response\r\nWARC-Target-URI: {}\r\nWARC-Date: {}\r\n"
        "Content-Type: application/http; msgtype=response\r\nContent-Length: {}\r\n\r\n{}\r\n\r\n",
        address, date, block.size(), block);
}

const std::string found = "HTTP/1.1 200 OK\r\nContent-Type: text/html";

std::string moved(const std::string& to) {
    return "HTTP/1.1 301 Moved Permanently\r\nLocation: " + to;
}

std::string wacz(const std::string& pages, const std::string& warc) {
    return zip({{"datapackage.json", "{}"}, {"pages/pages.jsonl", pages}, {"archive/a.warc", warc}});
}

std::vector<std::string> titles(const Imported& imported) {
    std::vector<std::string> out;
    for (const auto& item : imported.articles) out.push_back(item.article.title());
    return out;
}

}  // namespace

TEST_CASE("a page behind a redirect is one that the crawl's list names") {
    const auto warc = record("http://a.example/one", moved("https://www.a.example/one"), "") +
                      record("https://www.a.example/one", moved("/news/one/"), "") +
                      record("https://www.a.example/news/one/", found, page("One")) +
                      record("https://a.example/frame", found, page("Frame")) +
                      record("https://a.example/loop", moved("/loop"), "") +
                      record("https://a.example/two/", found, page("Two"));
    const auto out = import_ok(wacz("{\"url\":\"http://a.example/one\"}\n"
                                    "{\"url\":\"https://a.example/two?utm_source=x\"}\n"
                                    "{\"url\":\"https://a.example/loop\"}\n", warc), "c.wacz");
    CHECK(titles(out) == std::vector<std::string>{"One", "Two"});
    CHECK(has_warning(out, "1 page is not in the crawl's list of pages"));
}

TEST_CASE("of a page's captures the newest counts") {
    const std::string url = "https://a.example/one";
    const auto old = record(url, found, page("With her name"), "2026-03-01T00:00:00Z");
    const auto fresh = record(url, found, page("Without"), "2026-03-02T00:00:00Z");
    const auto gone = record(url, "HTTP/1.1 410 Gone", "", "2026-03-03T00:00:00Z");
    CHECK(titles(import_ok(old + fresh, "c.warc")) == std::vector<std::string>{"Without"});
    CHECK(titles(import_ok(fresh + old, "c.warc")) == std::vector<std::string>{"Without"});
    const auto out = import_ok(gone + old + fresh, "c.warc");
    CHECK(out.articles.empty());
    CHECK(has_warning(out, "1 page was gone at last"));
    CHECK(titles(import_ok(old + record(url + "/", "HTTP/1.1 404 Not Found", "",
                                        "2026-03-04T00:00:00Z"), "c.warc")).size() == 1);
    CHECK(titles(import_ok(old + record(url, "HTTP/1.1 503 Busy", "", "2026-03-04T00:00:00Z"),
                           "c.warc")) == std::vector<std::string>{"With her name"});
}

TEST_CASE("pages of a crawl that cannot be read are told, and not thought gone") {
    const auto out = import_ok(
        record("https://a.example/large", found, page("Large") + std::string(18 << 20, ' ')) +
            record("https://a.example/packed", found + "\r\nContent-Encoding: lzma", "x") +
            record("https://a.example/bad", "HTTQ nonsense", "x") +
            record("https://a.example/film", "HTTP/1.1 200 OK\r\nContent-Type: video/mp4",
                   std::string(70 << 20, ' ')) +
            record("https://a.example/good", found, page("Good")),
        "c.warc");
    CHECK(titles(out) == std::vector<std::string>{"Good"});
    CHECK(out.warnings.size() == 3);
    CHECK(has_warning(out, "/large: too large"));
    CHECK(has_warning(out, "/packed: too large, or packed"));
    CHECK(has_warning(out, "1 answer of a server cannot be read"));
    std::vector<std::string> standing;
    for (const auto& left : out.standing) standing.push_back(left.url);
    CHECK(standing == std::vector<std::string>{"https://a.example/large", "https://a.example/packed",
                                               "https://a.example/bad"});
}

TEST_CASE("a page that the server packed with zstd is read") {
    // As much as its buffer holds, to the byte.
    const auto text = page("Packed") + std::string(65'536 - page("Packed").size(), ' ');
    std::string packed(ZSTD_compressBound(text.size()), '\0');
    packed.resize(ZSTD_compress(packed.data(), packed.size(), text.data(), text.size(), 3));
    const auto crawl = [](const std::string& body) {
        return import_ok(record("https://a.example/one", found + "\r\nContent-Encoding: zstd", body) +
                             record("https://a.example/two", found, page("Two")), "c.warc");
    };
    CHECK(titles(crawl(packed)) == std::vector<std::string>{"Packed", "Two"});
    CHECK(titles(crawl(packed + packed)).size() == 2);
    // A crawler that unpacks what it stores may forget to say so.
    CHECK(titles(crawl(text)).size() == 2);
    const auto cut = crawl(packed.substr(0, packed.size() - 20));
    CHECK(titles(cut) == std::vector<std::string>{"Two"});
    CHECK(cut.standing.size() == 1);
}

TEST_CASE("a server's word on the encoding counts in a crawl") {
    const auto out = import_ok(
        record("https://a.example/one", found + "; charset=windows-1251",
               page("\xd3\xf2\xf0\xee")), "c.warc");
    CHECK(titles(out) == std::vector<std::string>{"Утро"});
}
