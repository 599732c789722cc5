#include <catch2/catch.hpp>

#include <fmt/format.h>

#include "support/import_checks.h"
#include "support/intake_fixture.h"

using namespace colport;
using namespace colport::test;

/// Folders that hold all that a site sends: several copies of one article, lists,
/// and what is no article.
namespace {

std::string prose(const std::string& last) {
    std::string out;
    for (int i = 0; i < 6; ++i)
        out += "<p>The harbour master wrote down every ship that came in that winter, and the "
               "price of the fish it carried.</p>";
    return out + "<p>" + last + "</p>";
}

std::string page(const std::string& title, const std::string& head, const std::string& text) {
    return "<!doctype html><html lang=en><head><title>" + title + "</title>" + head +
           "</head><body><article><h1>" + title + "</h1>" + text + "</article></body></html>";
}

std::string canonical(const std::string& url) { return "<link rel=canonical href=\"" + url + "\">"; }

std::string og_type(const std::string& kind) {
    return "<meta property=\"og:type\" content=\"" + kind + "\">";
}

std::string feed(const std::string& url, const std::string& title, const std::string& text) {
    return "<rss version=\"2.0\"><channel><title>F</title><item><title>" + title + "</title><guid>" +
           url + "</guid><link>" + url + "</link><description>" + text +
           "</description></item></channel></rss>";
}

std::vector<std::string> titles(IntakeRoom& room) {
    std::vector<std::string> out;
    for (const auto& draft : room.drafts()) out.push_back(draft.title());
    std::sort(out.begin(), out.end());
    return out;
}

bool says(const IntakeReport& report, const std::string& words) {
    for (const auto& line : report.warnings)
        if (line.find(words) != line.npos) return true;
    return false;
}

}  // namespace

TEST_CASE("a feed's teaser does not take the place of the article beside it") {
    IntakeRoom room;
    const std::string url = "https://pier.example/articles/a/";
    const auto whole = page("Herring", canonical(url), prose("The last word is herring."));
    const auto site = (room.folder.path / "public").string();
    // Wherever the two lie.
    for (const char* place : {"public/a/index.html", "public/z/index.html"}) {
        std::filesystem::remove_all(site);
        room.file(place, whole);
        room.file("public/index.xml", feed(url, "Herring", "The harbour master wrote."));
        const auto report = room.add({site});
        CHECK(report.added + report.unchanged == 1);
        CHECK(report.changed == 0);
        CHECK(report.warnings.empty());
        REQUIRE(room.drafts().size() == 1);
        CHECK(room.drafts()[0].SerializeAsString().find("herring") != std::string::npos);
    }
    SECTION("nor once it is out") {
        room.release();
        CHECK(room.add({site}).changed == 0);
        CHECK(room.drafts().empty());
    }
    SECTION("however near to a whole text it is") {
        std::filesystem::remove_all(site);
        room.file("public/2026/a/index.html",
                  page("Brief", canonical("https://pier.example/b/"), prose("It ends here.")));
        std::string teaser;
        for (int i = 0; i < 5; ++i)
            teaser += "The harbour master wrote down every ship that came in that winter, and the "
                      "price of the fish it carried. ";
        room.file("public/feed/index.html", feed("https://pier.example/b/", "Brief", teaser));
        room.add({site});
        std::size_t ends = 0;
        for (const auto& draft : room.drafts())
            ends += draft.SerializeAsString().find("It ends here.") != std::string::npos;
        CHECK(ends == 1);
    }
    SECTION("but a later feed or export corrects, though it says less") {
        const auto said = [&](const std::string& text) {
            return feed("https://pier.example/c", "Names", "Ada Quill of Mill Street " + text);
        };
        const auto old = room.file("old.xml", said("saw it, and so did her son."));
        const auto fresh = room.file("fresh.xml", said("saw it."));
        const auto one = [&](const std::vector<std::string>& sources) {
            room.add(sources);
            for (const auto& draft : room.drafts())
                if (draft.title() == "Names") return draft.SerializeAsString();
            return std::string();
        };
        CHECK(one({old, fresh}).find("her son") == std::string::npos);
        CHECK(one({fresh, old}).find("her son") != std::string::npos);
        room.file("snapshots/2026-03-01.xml", said("saw it, and so did her son."));
        room.file("snapshots/2026-03-02.xml", said("saw it."));
        CHECK(one({(room.folder.path / "snapshots").string()}).find("her son") == std::string::npos);
    }
    SECTION("in another run a shorter text is a correction") {
        CHECK(room.add({site + "/index.xml"}).changed == 1);
    }
}

TEST_CASE("pages that all bear the front page's address stay apart") {
    IntakeRoom room;
    for (const char* name : {"One", "Two", "Three"})
        room.file(fmt::format("site/{}.html", name),
                  page(name, canonical("https://pier.example/"), prose(name)));
    const auto site = (room.folder.path / "site").string();
    CHECK(room.add({site}).added == 3);
    CHECK(room.add({site}).unchanged == 3);
    for (const auto& draft : room.drafts()) CHECK(draft.url().empty());

    SECTION("and two that bear one address of an article are told") {
        for (const char* name : {"Four", "Five"})
            room.file(fmt::format("other/{}.html", name),
                      page(name, canonical("https://pier.example/x/"),
                           std::string("<p>It is ") + name + ".</p>" + prose(name)));
        const auto report = room.add({(room.folder.path / "other").string()});
        CHECK(report.added == 1);
        CHECK(says(report, "“Five” and “Four” have one name, pier.example/x: only one of them is taken"));
    }
}

TEST_CASE("of a site's pages its lists are no articles") {
    IntakeRoom room;
    const auto lay = [&](const std::string& name, const std::string& head) {
        room.file("site/" + name, page(name, head, prose(name)));
    };
    lay("index.html", "");
    lay("tags/sea/index.html", "");
    lay("category/news.html", og_type("website"));
    lay("news/page/2/index.html", "");
    lay("news/index.html", og_type("website"));
    lay("news/a/index.html", og_type("article"));
    lay("news/b/index.html", "");
    lay("tags/an-article.html", og_type("article"));
    room.file("site/moved.html", "<!doctype html><html><head><meta http-equiv=refresh "
                                 "content=\"0; url=/news/a/\"></head><body></body></html>");
    room.file("site/sitemap.xml", "<urlset/>");
    room.file("site/robots.txt", "User-agent: *");
    room.file("site/search.json", "[\n {\"title\": \"x\"}\n]\n");
    room.file("site/schedule.xml", "<schedule><day/></schedule>");
    const auto site = (room.folder.path / "site").string();
    const auto report = room.add({site});
    CHECK(titles(room) == std::vector<std::string>{"news/a/index.html", "news/b/index.html",
                                                   "tags/an-article.html"});
    REQUIRE(report.warnings.size() == 1);
    CHECK(says(report, "8 files are no articles, left out"));

    SECTION("and keep nobody from seeing what is gone") {
        std::filesystem::remove(site + "/news/b/index.html");
        CHECK(room.add({site}).missing == std::vector<std::string>{"site/news/b/index.html"});
    }
    SECTION("a page that is alone, or named, is what it was made for") {
        room.file("one/index.html", page("Alone", "", prose("x")));
        CHECK(room.add({(room.folder.path / "one").string()}).added == 1);
        CHECK(room.add({site + "/tags/sea/index.html"}).added == 1);
    }
}

TEST_CASE("what stands in a source and could not be read is not taken for gone") {
    IntakeRoom room;
    IntakeOptions retract;
    retract.retract_missing = true;
    SECTION("an article that has lost its text") {
        room.file("posts/a.md", "---\ntitle: A\n---\nText a");
        room.file("posts/b.md", "---\ntitle: B\n---\nText b");
        const auto posts = (room.folder.path / "posts").string();
        CHECK(room.add({posts}).added == 2);
        room.file("posts/b.md", "---\ntitle: B\n---\n");
        const auto report = room.add({posts}, retract);
        CHECK(report.retracted == 0);
        CHECK(report.missing.empty());
        std::filesystem::remove(room.folder.path / "posts/a.md");
        // What is gone is still seen.
        CHECK(room.add({posts}).missing == std::vector<std::string>{"posts/a.md"});
    }
    SECTION("a line that is damaged") {
        retract.whole = true;
        const std::string one = "{\"id\":\"1\",\"title\":\"One\",\"text\":\"x\"}\n";
        const std::string two = "{\"id\":\"2\",\"title\":\"Two\",\"text\":\"x\"}\n";
        const auto lines = room.file("a.jsonl", one + two);
        CHECK(room.add({lines}, retract).added == 2);
        room.file("a.jsonl", one + two.substr(0, 20) + "\n");
        const auto report = room.add({lines}, retract);
        CHECK(report.retracted == 0);
        CHECK(says(report, "nothing is taken for gone"));
    }
}

TEST_CASE("lines without a name of their own keep one as the file goes on") {
    IntakeRoom room;
    const std::string lines = "{\"title\":\"One\",\"text\":\"x\"}\n{\"text\":\"No title\"}\n"
                              "{\"text\":\"Nor here\"}\n{\"title\":\"One\",\"text\":\"other\"}\n";
    const auto path = room.file("in/a.jsonl", lines);
    CHECK(room.add({path}).added == 4);
    CHECK(room.add({(room.folder.path / "in/../in/a.jsonl").string()}).unchanged == 4);
    room.file("in/a.jsonl", "{\"title\":\"New\",\"text\":\"y\"}\n" + lines);
    const auto report = room.add({path});
    CHECK(report.added == 1);
    CHECK(report.unchanged == 4);
}
