#include "web_sample.h"

using namespace colport;
using namespace colport::web_testing;

namespace {

using Form = std::map<std::string, std::string>;

Form naming(const Feed& feed, std::size_t article, const std::string& back = "/back") {
    return {{"article", id_of(feed.articles[article])}, {"feed", feed.key().hex()}, {"back", back}};
}

std::string path_of(const Feed& feed, std::size_t article) {
    return "/article/" + id_of(feed.articles[article]);
}

struct TwoArticles : Library {
    TwoArticles() {
        gazette.add("First", "The harbour opened.");
        gazette.add("Second", "The harbour closed.", "en", 60);
        save();
    }
};

}  // namespace

TEST_CASE("an article that was opened is marked as read, and can be unread again") {
    TwoArticles library;
    CHECK_FALSE(has(library.get("/").body, "data-read"));
    library.get(path_of(library.gazette, 0));
    CHECK(has(library.get("/").body, "data-read"));
    CHECK(has(library.get("/history").body, "First"));
    CHECK_FALSE(has(library.get("/history").body, "Second"));
    const auto unread = library.get("/", {{"unread", "1"}}).body;
    CHECK(has(unread, "Second"));
    CHECK_FALSE(has(unread, ">First<"));

    auto answer = library.post("/do/unread", naming(library.gazette, 0));
    CHECK(answer.status == 303);
    CHECK(answer.headers["Location"] == "/back");
    CHECK_FALSE(has(library.get("/").body, "data-read"));
    library.post("/do/read", naming(library.gazette, 0));
    library.post("/do/read", naming(library.gazette, 1));
    CHECK(has(library.get("/", {{"unread", "1"}}).body, "You have read everything here"));
}

TEST_CASE("looking without opening leaves no trace") {
    TwoArticles library;
    web::Request head;
    head.method = "HEAD";
    head.host = "localhost";
    head.path = path_of(library.gazette, 0);
    CHECK(library.site.render(head).status == 200);
    library.get("/search", {{"q", "harbour"}});
    library.get("/api/v1/search", {{"q", "harbour"}});
    library.get("/");
    CHECK_FALSE(std::filesystem::exists(library.folder.path() / "reading.sqlite"));
}

TEST_CASE("a history that is turned off is emptied and stays empty") {
    TwoArticles library;
    library.get(path_of(library.gazette, 0));
    CHECK(library.post("/do/settings", {{"size", "large"}}).status == 303);
    CHECK(has(library.get("/history").body, "It is turned off"));
    library.get(path_of(library.gazette, 1));
    CHECK_FALSE(has(library.get("/").body, "data-read"));
    CHECK(library.post("/do/read", naming(library.gazette, 1)).status == 403);
    library.post("/do/settings", {{"history", "on"}});
    CHECK(has(library.get("/history").body, "The history is empty"));
}

TEST_CASE("the history can be cleared") {
    TwoArticles library;
    library.get(path_of(library.gazette, 0));
    CHECK(library.post("/do/clear-history").status == 303);
    CHECK_FALSE(has(library.get("/history").body, "First"));
}

TEST_CASE("stars are kept until they are taken away") {
    TwoArticles library;
    CHECK(has(library.get("/starred").body, "Nothing is starred yet"));
    library.post("/do/star", naming(library.gazette, 1));
    CHECK(has(library.get("/starred").body, "Second"));
    CHECK(has(library.get(path_of(library.gazette, 1)).body, "data-starred"));
    library.post("/do/unstar", naming(library.gazette, 1));
    CHECK_FALSE(has(library.get("/starred").body, "Second"));
    CHECK(library.post("/do/star", {{"article", "x"}}).status == 400);
}

TEST_CASE("settings hold for every page after them") {
    TwoArticles library;
    CHECK(has(library.get("/").body, "class=\"normal serif auto\""));
    library.post("/do/settings", {{"size", "huge"}, {"typeface", "sans"}, {"colours", "dark"},
                                  {"language", "ru"}, {"history", "on"}});
    const auto page = library.get("/").body;
    CHECK(has(page, "class=\"huge sans dark\""));
    CHECK(has(page, "<html lang=\"ru\""));
    library.post("/do/settings", {{"size", "\"><script>"}, {"language", "xx"}});
    CHECK(has(library.get("/").body, "class=\"normal serif auto\""));
}

TEST_CASE("only forms of this page change anything") {
    TwoArticles library;
    web::Request forged;
    forged.method = "POST";
    forged.path = "/do/star";
    forged.host = "127.0.0.1:8080";
    forged.form = naming(library.gazette, 0);
    CHECK(library.site.render(forged).status == 403);
    forged.form["token"] = std::string(32, '0');
    CHECK(library.site.render(forged).status == 403);
    forged.form["token"] = "";
    CHECK(library.site.render(forged).status == 403);
    CHECK_FALSE(has(library.get("/starred").body, "First"));

    const auto page = library.get("/keys").body;
    const std::string begin = "data-token=\"";
    const auto at = page.find(begin) + begin.size();
    forged.form["token"] = page.substr(at, page.find('"', at) - at);
    forged.sent_from = "http://evil.example";
    CHECK(library.site.render(forged).status == 403);
    for (const char* site : {"cross-site", "same-site", "none"})
        for (const char* from : {"", "null", "http://127.0.0.1:8080"}) {
            forged.fetch_site = site;
            forged.sent_from = from;
            CHECK(library.site.render(forged).status == 403);
        }
    forged.fetch_site = "same-origin";
    forged.sent_from = "http://127.0.0.1:8080";
    forged.method = "GET";
    CHECK(library.site.render(forged).status == 405);
    forged.method = "POST";
    CHECK(library.site.render(forged).status == 303);
}

TEST_CASE("no form leads out of the page") {
    TwoArticles library;
    for (const char* back : {"//evil.example", "https://evil.example", "/\\evil.example",
                             "javascript:alert(1)", "/x\r\nSet-Cookie: a"}) {
        auto answer = library.post("/do/star", naming(library.gazette, 0, back));
        CHECK(answer.status == 303);
        CHECK(answer.headers["Location"] == "/starred");
    }
}

TEST_CASE("leaving at once leads to a page that tells nothing, and can forget all") {
    TwoArticles library;
    library.get(path_of(library.gazette, 0));
    library.post("/do/star", naming(library.gazette, 0));
    auto answer = library.post("/do/leave");
    CHECK(answer.status == 303);
    const auto harmless = library.get(answer.headers["Location"]);
    CHECK(harmless.status == 200);
    for (const char* telling : {"Colport", "colport", "Gazette", "article", "token"})
        CHECK_FALSE(has(harmless.body, telling));
    CHECK(has(library.get("/starred").body, "First"));

    library.post("/do/settings", {{"panic", "forget"}, {"history", "on"}, {"size", "huge"}});
    library.post("/do/leave");
    CHECK_FALSE(has(library.get("/starred").body, "First"));
    CHECK_FALSE(has(library.get("/history").body, "First"));
    CHECK(has(library.get("/").body, "class=\"normal "));
}

TEST_CASE("sections, authors and tags lead to their articles") {
    Library library;
    auto& first = library.gazette.add("At sea", "text");
    first.set_section("R&D <b>");
    first.add_authors("Mara");
    first.add_tags("har\"bour");
    library.gazette.add("On land", "text");
    library.save();
    const auto sections = library.get("/sections").body;
    CHECK(has(sections, "section=R%26D%20%3Cb%3E\""));
    CHECK(has(sections, "R&amp;D &lt;b&gt;"));
    const auto listed = library.get("/", {{"section", "R&D <b>"}}).body;
    CHECK(has(listed, "At sea"));
    CHECK_FALSE(has(listed, "On land"));
    const auto article = library.get(path_of(library.gazette, 0)).body;
    CHECK(has(article, "/search?sort=date&amp;q=author%3A%22Mara%22"));
    CHECK(has(article, "/search?sort=date&amp;q=tag%3A%22har%22bour%22"));
    CHECK(has(library.get("/search", {{"q", "author:\"Mara\""}}).body, "At sea"));
}

TEST_CASE("a source is a link only when asked") {
    Library library;
    library.gazette.add("Title", "text").set_url("https://example.org/a?b=\"c");
    library.gazette.articles[0].set_url("https://example.org/a");
    library.save();
    const auto path = path_of(library.gazette, 0);
    CHECK_FALSE(has(library.get(path).body, "href=\"https"));
    CHECK(has(library.get(path, {{"link", "1"}}).body,
              "rel=\"noreferrer noopener\" href=\"https://example.org/a\""));
}

TEST_CASE("a retracted article says who withdrew it, and why") {
    Library library;
    library.gazette.add("Title", "text");
    library.save();
    auto& article = library.gazette.articles[0];
    const auto path = path_of(library.gazette, 0);
    pb::Article gone;
    gone.set_id(article.id());
    gone.set_revision(2);
    gone.set_status(pb::Article::RETRACTED);
    gone.set_note("<b>a source was wrong</b>");
    article = gone;
    auto archive = must(Archive::open(library.file));
    library.gazette.save(archive, 2);
    const auto answer = library.get(path);
    CHECK(answer.status == 410);
    CHECK(has(answer.body, "&lt;b&gt;a source was wrong"));
    CHECK_FALSE(has(answer.body, "Title"));
}

TEST_CASE("a search is narrowed to an author and a tag by its form, without scripts") {
    Library library;
    library.gazette.add("Hers", "harbour").add_authors("Mara Lind");
    library.gazette.add("His", "harbour").add_authors("Jonas");
    library.gazette.articles[1].add_tags("ferry");
    library.save();
    const auto hers =
        library.get("/search", {{"q", "harbour"}, {"author", "Mara \"Lind\""}, {"tag", ""}}).body;
    CHECK(has(hers, "Hers"));
    CHECK_FALSE(has(hers, "His<"));
    CHECK(has(hers, "value=\"harbour author:"));
    CHECK(has(library.get("/search", {{"q", "harbour"}, {"tag", "ferry"}}).body, "His"));
}

TEST_CASE("searches are kept, listed and forgotten") {
    TwoArticles library;
    const std::string query = "harbour <b> since:2026-03";
    CHECK(has(library.get("/search", {{"q", query}}).body, "Save this search"));
    auto answer = library.post("/do/save-search", {{"query", query}});
    CHECK(answer.headers["Location"] == "/search?q=harbour%20%3Cb%3E%20since%3A2026-03");
    CHECK(has(library.get("/search").body, "harbour &lt;b&gt; since:2026-03</a>"));
    CHECK(has(library.get("/search", {{"q", query}}).body, "Forget this search"));
    library.post("/do/forget-search", {{"query", query}});
    CHECK_FALSE(has(library.get("/search").body, "since:2026-03</a>"));
    CHECK(library.post("/do/save-search", {{"query", "  "}}).status == 400);
}
