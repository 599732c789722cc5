#include "web/host.h"
#include "web/range.h"
#include "web_sample.h"

using namespace colport;
using namespace colport::web_testing;

namespace {

bool ours(const std::string& host, const std::string& bound = "127.0.0.1:8080") {
    web::Request request;
    request.host = host;
    request.bound = bound;
    return web::is_our_host(request);
}

}  // namespace

TEST_CASE("only names of this machine with the port that is listened on are answered") {
    for (const char* host : {"127.0.0.1:8080", "localhost:8080", "LOCALHOST:8080", "[::1]:8080",
                             "127.0.0.1", "localhost", "[::1]"})
        CHECK(ours(host));
    for (const char* host :
         {"", "evil.example", "evil.example:8080", "127.0.0.1:80", "localhost:8081",
          "localhost.evil.example", "127.0.0.1.evil.example:8080", "127.0.0.1@evil.example",
          "[::1].evil.example", "::1", "192.168.1.5:8080", ":8080"})
        CHECK_FALSE(ours(host));

    CHECK(ours("192.168.1.5:8080", "192.168.1.5:8080"));
    CHECK_FALSE(ours("192.168.1.6:8080", "192.168.1.5:8080"));
    CHECK(ours("192.168.1.6:8080", "0.0.0.0:8080"));
    CHECK(ours("[fe80::1]:8080", "[::]:8080"));
    CHECK_FALSE(ours("evil.example:8080", "0.0.0.0:8080"));
}

TEST_CASE("a page under another name reads nothing") {
    Library library;
    library.gazette.add("Secret title", "text");
    library.save();
    for (const char* path : {"/", "/feeds", "/api/v1/latest", "/api/v1/complete", "/style.css", "/nowhere"}) {
        web::Request request;
        request.path = path;
        request.query["q"] = "secret";
        request.host = "evil.example:8080";
        const auto answer = library.site.render(request);
        CHECK(answer.status == 421);
        CHECK_FALSE(has(answer.body, "Secret"));
        request.origin = web::Origin::control;
        CHECK(library.site.render(request).status != 421);
    }
}

TEST_CASE("other sites may link here but load nothing") {
    Library library;
    library.save();
    web::Request request;
    request.path = "/";
    request.host = "127.0.0.1:8080";
    request.fetch_site = "cross-site";
    request.fetch_mode = "navigate";
    request.fetch_dest = "document";
    CHECK(library.site.render(request).status == 200);
    request.fetch_dest = "iframe";
    CHECK(library.site.render(request).status == 403);
    request.fetch_mode = "no-cors";
    request.fetch_dest = "image";
    CHECK(library.site.render(request).status == 403);
    request.path = "/api/v1/complete";
    request.fetch_mode = "cors";
    request.fetch_dest = "empty";
    CHECK(library.site.render(request).status == 403);
    request.fetch_site = "same-origin";
    CHECK(library.site.render(request).status == 200);
    request.path = "/";
    CHECK(library.site.render(request).status == 200);
    request.fetch_site = "none";
    CHECK(library.site.render(request).status == 200);
}

TEST_CASE("every answer carries the content policy and its fellows") {
    Library library;
    const auto picture = library.gazette.add_picture("image/png", "bytes");
    library.gazette.add("Title", "text");
    library.save();
    const auto article = "/article/" + id_of(library.gazette.articles[0]);
    web::Request rebound, written;
    rebound.path = written.path = "/";
    rebound.host = "evil.example";
    written.host = "localhost";
    written.method = "POST";
    web::Response answers[] = {
        library.get("/"), library.get("/search"), library.get("/feeds"), library.get(article),
        library.get(article, {{"format", "text"}}), library.get("/style.css"),
        library.get("/icon.svg"), library.get("/picture/" + to_hex(picture)),
        library.get("/nowhere"), library.get("/", {{"page", "x"}}), library.get("/api/v1/feeds"),
        library.get("/api/v1/complete", {{"q", "tit"}}),
        library.get("/api/v1/nowhere"), library.get("/api/v1/status"),
        library.get("/api/v1/feeds", {}, web::Origin::control), library.get("/\xff"),
        library.site.render(rebound), library.site.render(written)};
    for (auto& answer : answers) {
        CAPTURE(answer.status, answer.body);
        CHECK(has(answer.headers["Content-Security-Policy"], "default-src 'none'"));
        CHECK(has(answer.headers["Content-Security-Policy"], "frame-ancestors 'none'"));
        CHECK(has(answer.headers["Content-Security-Policy"], "require-trusted-types-for 'script'"));
        CHECK_FALSE(has(answer.headers["Content-Security-Policy"], "unsafe"));
        CHECK(answer.headers["X-Content-Type-Options"] == "nosniff");
        CHECK(answer.headers["Referrer-Policy"] == "no-referrer");
        CHECK(answer.headers["Cross-Origin-Opener-Policy"] == "same-origin");
        CHECK(answer.headers["Cross-Origin-Resource-Policy"] == "same-origin");
        CHECK(answer.headers["X-Frame-Options"] == "DENY");
        CHECK(answer.headers.count("Permissions-Policy") == 1);
    }
    for (auto& answer : answers)
        if (has(answer.content_type, "html") || has(answer.content_type, "json"))
            CHECK(answer.headers["Cache-Control"] == "no-store");
}

TEST_CASE("the page takes no commands") {
    Library library;
    library.save();
    for (const char* method : {"POST", "PUT", "DELETE", "OPTIONS", "TRACE"}) {
        web::Request request;
        request.method = method;
        request.host = "localhost";
        request.path = "/";
        auto answer = library.site.render(request);
        CHECK(answer.status == 405);
        CHECK(answer.headers["Allow"] == "GET, HEAD");
        for (const char* path : {"/api/v1/feeds", "/api/v1/complete"}) {
            request.path = path;
            CHECK(library.site.render(request).status == 405);
        }
        for (const char* path : {"/api/v1/follow", "/api/v1/unfollow"}) {
            request.path = path;
            CHECK(library.site.render(request).status == 403);
        }
    }
    web::Request head;
    head.method = "HEAD";
    head.host = "localhost";
    head.path = "/";
    CHECK(library.site.render(head).status == 200);
}

TEST_CASE("the part of a body that is asked for") {
    const web::Response whole{200, "image/png", "0123456789", {{"ETag", "\"tag\""}}};
    web::Request request;
    const auto part = [&](const std::string& range) {
        request.range = range;
        return web::wanted_part(request, whole);
    };
    for (const auto& [range, body] : std::vector<std::pair<std::string, std::string>>{
             {"bytes=0-0", "0"}, {"bytes=9-9", "9"}, {"bytes=3-", "3456789"}, {"bytes=-2", "89"},
             {"bytes=-99", "0123456789"}, {"bytes=8-99999999999999999999999999", "89"}}) {
        CAPTURE(range);
        CHECK(part(range).status == 206);
        CHECK(part(range).body == body);
    }
    for (const char* beyond : {"bytes=10-", "bytes=10-12", "bytes=-0",
                               "bytes=99999999999999999999999999-"}) {
        CAPTURE(beyond);
        CHECK(part(beyond).status == 416);
        CHECK(part(beyond).body.empty());
        CHECK(part(beyond).headers["Content-Range"] == "bytes */10");
    }
    for (const char* none : {"", "bytes=", "bytes=-", "bytes=2-1", "bytes=a-b", "bytes=1-2,4-5",
                             "bytes=+1-2", "bytes=1 -2", "lines=1-2", "bytes 1-2"}) {
        CAPTURE(none);
        CHECK(part(none).status == 200);
        CHECK(part(none).body == whole.body);
    }
    request.method = "HEAD";
    CHECK(part("bytes=0-1").status == 200);
    request.method = "GET";
    request.if_none_match = "W/\"tag\"";
    CHECK(part("bytes=0-1").status == 304);
    CHECK(web::names_tag("*", "\"tag\""));
    CHECK_FALSE(web::names_tag("\"ta\", \"g\"", "\"tag\""));
}
