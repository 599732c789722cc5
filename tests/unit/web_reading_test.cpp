#include "storage/reading.h"
#include "web/openings.h"
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

TEST_CASE("what was opened is on the disk only when the reader asked for that") {
    TwoArticles library;
    const auto file = library.folder.path() / "reading.sqlite";
    library.get(path_of(library.gazette, 0));
    CHECK(has(library.get("/").body, "data-read"));
    CHECK(has(library.get("/history").body, "Nothing of it is written to the disk"));
    CHECK_FALSE(std::filesystem::exists(file));

    library.post("/do/settings", {{"history", "on"}});
    library.get(path_of(library.gazette, 1));
    CHECK(must(must(Reading::open(file, false)).opened(0, 10)).size() == 1);
    CHECK(has(library.get("/history").body, "First"));
    CHECK(has(library.get("/history").body, "Second"));
    SECTION("and is gone from there when she asks for it no more") {
        library.post("/do/settings", {{"history", "session"}});
        CHECK(must(must(Reading::open(file, false)).opened(0, 10)).empty());
        CHECK(has(library.get("/history").body, "First"));
        CHECK_FALSE(has(library.get("/history").body, "Second"));
    }
    SECTION("and one opened again stands first") {
        library.get(path_of(library.gazette, 0));
        const auto page = library.get("/history").body;
        CHECK(page.find("First") < page.find("Second"));
    }
}

TEST_CASE("a link on another site opens an article, and nothing is remembered of it") {
    TwoArticles library;
    web::Request request;
    request.path = path_of(library.gazette, 0);
    request.host = "127.0.0.1:8080";
    request.fetch_mode = "navigate";
    request.fetch_dest = "document";
    for (const char* site : {"cross-site", "same-site"}) {
        request.fetch_site = site;
        CHECK(library.site.render(request).status == 200);
    }
    CHECK_FALSE(has(library.get("/").body, "data-read"));
    request.fetch_site = "same-origin";
    CHECK(library.site.render(request).status == 200);
    CHECK(has(library.get("/").body, "data-read"));
}

TEST_CASE("what is remembered of a run is bounded") {
    web::Openings openings;
    const auto feed = SigningKey::generate().public_key();
    const auto id = [&](std::size_t i) { return article_id(feed, std::to_string(i)); };
    for (std::size_t i = 0; i <= web::Openings::most; ++i) openings.add(feed, id(i), noon);
    openings.add(feed, id(1), noon + 1);
    CHECK(openings.size() == web::Openings::most);
    CHECK_FALSE(openings.has(feed, id(0)));
    CHECK(openings.list(0, 1).at(0).article == id(1));
    CHECK(openings.list(1, 1).at(0).article == id(web::Openings::most));
    CHECK(openings.list(web::Openings::most, 10).empty());
    openings.remove(feed, id(1));
    CHECK_FALSE(openings.has(feed, id(1)));
}

TEST_CASE("a history that is turned off is emptied and stays empty") {
    TwoArticles library;
    library.get(path_of(library.gazette, 0));
    CHECK(library.post("/do/settings", {{"history", "off"}, {"size", "large"}}).status == 303);
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

TEST_CASE("tags and authors are listed, the most frequent first, and lead to their articles") {
    Library library;
    CHECK(has(library.get("/tags").body, "There is nothing to list yet"));
    for (const char* title : {"One", "Two", "Three"}) {
        auto& article = library.gazette.add(title, "text");
        article.add_tags("harbour");
        if (title[0] == 'T') article.add_tags("<b>&\"quay\"");
        article.add_authors(title[0] == 'O' ? "Mara Lind" : "آرزو");
    }
    library.ruznameh.add("Four", "text").add_tags("harbour");
    library.save();
    const auto tags = library.get("/tags").body;
    CHECK(tags.find(">harbour<") < tags.find("&lt;b&gt;&amp;"));
    CHECK(has(tags, "4 articles"));
    CHECK(has(tags, "/search?sort=date&amp;q=tag%3A%22harbour%22"));
    CHECK(has(tags, "From the newest 4 articles."));
    const auto authors = library.get("/authors").body;
    CHECK(authors.find("آرزو") < authors.find("Mara Lind"));
    CHECK(has(library.get("/search", {{"q", "tag:\"harbour\""}}).body,
              "/search/atom.xml?q=tag%3A%22harbour%22"));
    for (const char* list : {"/sections", "/tags", "/authors"})
        CHECK(has(library.get(list).body,
                  std::string("<a href=\"") + list + "\" aria-current=\"true\">"));
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
