#include <catch2/catch.hpp>

#include <fmt/format.h>

#include <ctime>
#include <filesystem>
#include <fstream>

#include "press/formats/public_text.h"
#include "press/import.h"
#include "press/intake/sources.h"
#include "support/folder.h"
#include "support/import_checks.h"

using namespace colport;
using namespace colport::test;
namespace fs = std::filesystem;

/// What a newsroom has written and its site does not show is not published here either.
namespace {

void write(const fs::path& path, Bytes bytes) {
    fs::create_directories(path.parent_path());
    std::ofstream(path, std::ios::binary) << bytes;
}

ImportOptions today() {
    ImportOptions out;
    out.now = 1'800'000'000;   // 2027-01-15
    return out;
}

std::vector<std::string> names_in(const SourceList& list) {
    std::vector<std::string> out;
    for (const auto& source : list.files) out.push_back(source.stable_name);
    return out;
}

std::string wxr(const std::string& text, const std::string& more = {}) {
    return "<rss version=\"2.0\" xmlns:content=\"http://purl.org/rss/1.0/modules/content/\" "
           "xmlns:dc=\"http://purl.org/dc/elements/1.1/\" "
           "xmlns:wp=\"http://wordpress.org/export/1.2/\"><channel><wp:wxr_version>1.2"
           "</wp:wxr_version><wp:author><wp:author_login>named</wp:author_login>"
           "<wp:author_display_name>Mila Orlova</wp:author_display_name></wp:author>"
           "<wp:author><wp:author_login>bare</wp:author_login>"
           "<wp:author_display_name></wp:author_display_name></wp:author>"
           "<item><title>Post</title><guid>1</guid><content:encoded><![CDATA[" + text +
           "]]></content:encoded><wp:post_id>1</wp:post_id><wp:status>publish</wp:status>"
           "<wp:post_type>post</wp:post_type>" + more + "</item></channel></rss>";
}

std::string shown(const std::string& text) {
    const auto out = import_ok(wxr(text), "e.xml");
    REQUIRE(out.articles.size() == 1);
    return text_of_article(out.articles[0].article);
}

}  // namespace

TEST_CASE("a post of Jekyll's or Hugo's waits for its date, wherever that stands") {
    const auto taken = [](const std::string& front, const std::string& name) {
        return import_ok(front + "\nText.\n", name, today()).articles.size();
    };
    CHECK(taken("---\ntitle: Raid\n---", "_posts/2030-01-01-raid.md") == 0);
    CHECK(taken("---\ntitle: Raid\n---", "_posts/2030-1-1-raid.md") == 0);
    CHECK(taken("Raid.", "_posts/2030-01-01-raid.md") == 0);
    CHECK(taken("---\ntitle: Raid\n---", "_posts/2026-01-01-raid.md") == 1);
    CHECK(taken("---\ndate: 2026-01-01\n---", "_posts/2030-01-01-raid.md") == 1);
    for (const char* key : {"publishDate", "pubdate", "published", "date", "published_at"})
        for (const char* date : {"2030-01-01", "January 1, 2030"})
            CHECK(taken(fmt::format("---\ntitle: T\n{}: {}\n---", key, date), "a.md") == 0);
    for (const char* name : {"_posts/2030-01-01-raid.html", "site/_posts/2030-01-01-raid.txt"})
        CHECK(taken("<p>Raid.</p>", name) == 0);
    CHECK(taken("<p>Raid.</p>", "_posts/2026-01-01-raid.html") == 1);
    CHECK(taken("+++\npublished = 2030-01-01\n+++", "a.md") == 0);
    CHECK(taken("---\ndate: 2030-01-01\npublishDate: 2026-01-01\n---", "a.md") == 1);
    CHECK(taken("---\npublished: true\n---", "a.md") == 1);
    CHECK(taken("---\nunpublishdate: 2026-01-01\n---", "a.md") == 0);
    CHECK(taken("---\nstatus: draft\n---", "a.md") == 0);
    CHECK(taken("---\npermalink: false\n---", "a.md") == 0);

    SECTION("one whose date cannot be read stays here, and is not thought gone") {
        const auto out = import_ok("---\ntitle: T\ndate: after the trial\n---\nText", "a.md", today());
        CHECK(out.articles.empty());
        CHECK(has_warning(out, "'after the trial'"));
        REQUIRE(out.standing.size() == 1);
        CHECK(out.standing[0].guid == "a.md");
    }
}

TEST_CASE("a text that begins with a template's tag has no front matter") {
    for (const char* text : {"{{< figure src=\"a.png\" >}}\n\nThe pier.\n",
                             "{% include head.html %}\n\nThe pier.\n"}) {
        const auto out = import_ok(text, "a.md");
        REQUIRE(out.articles.size() == 1);
        CHECK(text_of_article(out.articles[0].article).find("The pier.") != std::string::npos);
    }
}

TEST_CASE("the middle of a file's name is its language only if it is one") {
    const auto language = [](const std::string& name) {
        return import_ok("Text", name).articles.at(0).article.language();
    };
    CHECK(language("release-1.10.md").empty());
    CHECK(language("letter.fa.md") == "fa");
    CHECK(language("letter.pt-br.md") == "pt-BR");
}

TEST_CASE("what a site's generator keeps to itself is not walked into") {
    Folder folder;
    for (const char* name :
         {"s/_drafts/notes.txt", "s/_drafts/x.html", "s/_layouts/post.html", "s/_includes/a.html",
          "s/_data/people.json", "s/_site/a.html", "s/_reports/one.md", "s/_reports/_x/two.md",
          "s/_reports/z.md", "s/_aside.md", "s/_posts/2026-01-01-a.md", "s/b.md",
          "s/node_modules/x/README.md", "s/robots.txt", "s/sitemap.xml", "s/wp-sitemap-posts-1.xml",
          "s/404.html", "s/ads.txt", "s/.well-known/security.txt"})
        write(folder.path / name, "text");
    const auto list = find_sources(folder.path / "s");
    REQUIRE(list);
    CHECK(names_in(*list) == std::vector<std::string>{"s/_posts/2026-01-01-a.md", "s/b.md"});
    REQUIRE(list->warnings.size() == 3);
    CHECK_FALSE(list->is_whole);
    CHECK(list->warnings[0].find("_aside.md: begins with _, one file is left out") !=
          std::string::npos);
    CHECK(list->warnings[1].find("_reports: begins with _, 3 files are left out") !=
          std::string::npos);
    CHECK(list->warnings[2].find("_drafts: a draft") != std::string::npos);

    SECTION("what is named by itself is taken") {
        CHECK(names_in(*find_sources(folder.path / "s/_reports")) ==
              std::vector<std::string>{"s/_reports/one.md", "s/_reports/z.md"});
        CHECK(find_sources(folder.path / "s/_aside.md")->files.size() == 1);
        CHECK(find_sources(folder.path / "s/robots.txt")->files.size() == 1);
    }
    SECTION("but drafts are not, as a shell names them for s/*") {
        for (const char* name : {"s/_drafts", "s/_drafts/notes.txt"}) {
            const auto drafts = find_sources(folder.path / name);
            REQUIRE(drafts);
            CHECK(drafts->files.empty());
            CHECK(drafts->warnings.size() == 1);
        }
    }
}

TEST_CASE("an Atom backup gives no drafts, comments, templates or settings") {
    const auto feed = [](const std::string& entry) {
        const auto out = import_ok(
            "<feed xmlns=\"http://www.w3.org/2005/Atom\" xmlns:app=\"http://www.w3.org/2007/app\" "
            "xmlns:old=\"http://purl.org/atom/app#\" xmlns:b=\"http://schemas.google.com/blogger/2018\" "
            "xmlns:t=\"http://purl.org/syndication/thread/1.0\">"
            "<entry><title>Out</title><id>1</id><content>Text</content></entry>"
            "<entry><title>In</title><id>2</id><content>Text</content>" + entry + "</entry></feed>",
            "blog.xml", today());
        CHECK(out.warnings.size() + out.articles.size() == 2);
        return out;
    };
    const auto kind = [](const std::string& name) {
        return "<category scheme=\"http://schemas.google.com/g/2005#kind\" "
               "term=\"http://schemas.google.com/blogger/2008/kind#" + name + "\"/>";
    };
    const auto taken = [&](const std::string& entry) { return feed(entry).articles.size() == 2; };
    CHECK_FALSE(taken("<app:control><app:draft>yes</app:draft></app:control>"));
    CHECK_FALSE(taken("<old:control><old:draft> Yes </old:draft></old:control>"));
    CHECK(taken("<app:control><app:draft>no</app:draft></app:control>"));
    CHECK_FALSE(taken("<t:in-reply-to ref=\"1\"/>"));
    CHECK_FALSE(taken("<link href=\"https://a.example/x/#comment-12\"/>"));
    for (const char* name : {"comment", "template", "settings"}) CHECK_FALSE(taken(kind(name)));
    CHECK_FALSE(taken(kind("post") + "<app:control><app:draft>yes</app:draft></app:control>"));
    CHECK_FALSE(taken(kind("post") + "<published>2030-01-01T00:00:00Z</published>"));
    CHECK(taken(kind("page")));
    for (const char* status : {"DRAFT", "SCHEDULED", "SOFT_TRASHED"})
        CHECK_FALSE(taken(fmt::format("<b:type>POST</b:type><b:status>{}</b:status>", status)));
    CHECK_FALSE(taken("<b:type>COMMENT</b:type><b:status>LIVE</b:status>"));
    CHECK_FALSE(taken("<b:type>POST</b:type><b:status>LIVE</b:status><b:trashed>2026-01-01</b:trashed>"));
    CHECK(taken("<b:type>PAGE</b:type><b:status>LIVE</b:status><b:trashed/>"));
    CHECK(has_warning(feed(kind("comment")), "blog.xml: 1 comment, left out"));
    const auto labelled = feed(kind("post") + "<category scheme=\"http://www.blogger.com/atom/ns#\" "
                                              "term=\"Harbour\"/>");
    REQUIRE(labelled.articles.size() == 2);
    REQUIRE(labelled.articles[1].article.tags_size() == 1);
    CHECK(labelled.articles[1].article.tags(0) == "Harbour");
}

TEST_CASE("a line that says it is a draft is none of the articles") {
    const auto out = import_ok("{\"id\":\"1\",\"text\":\"a\",\"draft\":true}\n"
                               "{\"id\":\"2\",\"text\":\"b\",\"published\":false}\n"
                               "{\"id\":\"3\",\"text\":\"c\",\"status\":\"Draft\"}\n"
                               "{\"id\":\"4\",\"text\":\"d\",\"draft\":false,\"published\":true}\n",
                               "a.jsonl");
    REQUIRE(out.articles.size() == 1);
    CHECK(out.articles[0].guid == "4");
    CHECK(has_warning(out, "a.jsonl: 3 drafts, left out"));
}

TEST_CASE("readers' comments in a feed are no articles") {
    const auto out = import_ok(
        "<rss><channel><item><title>By: Reader</title><link>https://a.example/x/#comment-7</link>"
        "<description>My name is</description></item></channel></rss>", "x/feed/index.html");
    CHECK(out.articles.empty());
    CHECK(has_warning(out, "1 comment, left out"));
}

TEST_CASE("what WordPress hides from visitors stays hidden") {
    const std::string off = "{\"metadata\":{\"blockVisibility\":false}}";
    const std::string seen = "<!-- wp:paragraph -->\n<p>Seen.</p>\n<!-- /wp:paragraph -->\n";
    const auto paragraph = [](const std::string& settings) {
        return "<!-- wp:paragraph " + settings + " -->\n<p>Her name.</p>\n<!-- /wp:paragraph -->\n";
    };
    CHECK(shown(paragraph(off) + seen) == "Seen.\n");
    CHECK(shown(paragraph("{\"metadata\": {\"name\":\"x\", \"blockVisibility\" : false}}") + seen) ==
          "Seen.\n");
    CHECK(shown(paragraph("{\"metadata\":{\"blockVisibility\":true}}")) == "Her name.\n");
    CHECK(shown(paragraph("{\"blockVisibility\":{\"hideBlock\":true}}") + seen) == "Seen.\n");
    CHECK(shown(paragraph("{\"blockVisibility\":{\"controlSets\":[{\"controls\":{\"visibilityByRole\":"
                          "{\"visibilityByRole\":\"logged-in\"}}}]}}") + seen) == "Seen.\n");
    const auto screens = [](const char* desktop) {
        return fmt::format("{{\"metadata\":{{\"blockVisibility\":{{\"viewport\":{{\"mobile\":false,"
                           "\"tablet\":false,\"desktop\":{}}}}}}}}}", desktop);
    };
    CHECK(shown(paragraph(screens("false")) + seen) == "Seen.\n");
    CHECK(shown(paragraph(screens("true"))) == "Her name.\n");
    CHECK(shown(paragraph("{\"blockVisibility\":}") + seen) == "Seen.\n");

    SECTION("with all that is in it, to its own end") {
        CHECK(shown("<!-- wp:group " + off + " -->\n<!-- wp:group -->" + paragraph("") +
                    "<!-- wp:image {\"id\":3} /--><!-- /wp:group -->\n<p>Her street.</p>"
                    "<!-- /wp:group -->\n" + seen) == "Seen.\n");
        CHECK(shown("<!-- wp:latest-posts " + off + " /-->" + seen) == "Seen.\n");
        CHECK(shown(seen + "<!-- wp:group " + off + " --><p>Her name.</p>") == "Seen.\n");
    }
    SECTION("in reusable blocks too") {
        const auto block = [&](const std::string& text, const std::string& settings) {
            auto out = wxr(seen + "<!-- wp:block {\"ref\":5" + settings + "} /-->");
            out.insert(out.find("</channel>"),
                       "<item><title>B</title><content:encoded><![CDATA[" + text +
                           "]]></content:encoded><wp:post_id>5</wp:post_id><wp:status>publish"
                           "</wp:status><wp:post_type>wp_block</wp:post_type></item>");
            return text_of_article(import_ok(out, "e.xml").articles.at(0).article);
        };
        CHECK(block(paragraph(""), "") == "Seen.\nHer name.\n");
        CHECK(block(paragraph(off), "") == "Seen.\n");
        CHECK(block(paragraph(""), ",\"metadata\":{\"blockVisibility\":false}") == "Seen.\n");
    }
    SECTION("and so does what only members read") {
        for (const char* code : {"restrict", "members_only", "private", "mepr-show if=\"loggedin\"",
                                 "membership level=\"1\"", "s2If current_user_can(access)"}) {
            const std::string name(code, std::string(code).find_first_of(' ') == std::string::npos
                                             ? std::string(code).size()
                                             : std::string(code).find(' '));
            CHECK(shown(fmt::format("Seen. [{}]Her name.[/{}] Again.", code, name)) ==
                  "Seen. Again.\n");
        }
        std::string deep = "[restrict]Her name.[/restrict]";
        for (int i = 0; i < 12; ++i) deep = fmt::format("[row{0}]{1}[/row{0}]", i, deep);
        CHECK(shown("Seen. " + deep).find("Her name.") == std::string::npos);
        std::string late;
        for (int i = 0; i < 100; ++i) late += fmt::format("[x{0} a=\"b\"]y[/x{0}]", i);
        CHECK(shown(late + "[restrict]Her name.[/restrict]").find("Her name.") == std::string::npos);
        CHECK(shown(seen + "<!-- wp:jetpack/paywall /-->" + paragraph("")) == "Seen.\n");
        CHECK(shown("A private [sic] remark, [private] as it were.") ==
              "A private [sic] remark, [private] as it were.\n");
        CHECK(has_warning(import_ok(wxr("Seen. [private]x[/private]"), "e.xml"),
                          "1 passage is hidden from visitors"));
        CHECK(import_ok(wxr("Text", "<wp:postmeta><wp:meta_key>_jetpack_newsletter_access"
                                    "</wp:meta_key><wp:meta_value>paid_subscribers</wp:meta_value>"
                                    "</wp:postmeta>"), "e.xml").articles.empty());
    }
    SECTION("where a teaser ends and a page turns nothing is lost") {
        CHECK(shown("One.<!--more-->\n\nTwo.\n\n<!--nextpage-->\n\nThree.<!--noteaser-->") ==
              "One.\nTwo.\nThree.\n");
    }
    SECTION("in time that is linear") {
        const auto time = [](const std::string& piece, std::size_t size) {
            std::string text;
            while (text.size() < size) text += piece;
            const auto start = std::clock();
            (void)public_text(text);
            return static_cast<double>(std::clock() - start) / CLOCKS_PER_SEC;
        };
        for (const auto& piece :
             {"<!-- wp:a " + off + " -->", std::string("<!-- wp:a -->"), std::string("[restrict]"),
              std::string("[/restrict]"), std::string("[restrict]x[/restrict]"),
              std::string("[restrict "), std::string("<!-- wp:a {\"isibility")})
            // Eight times as much text; its square would take 64 times as long here.
            CHECK(time(piece, 2'000'000) < 24 * time(piece, 250'000) + 0.05);
    }
}

TEST_CASE("nobody is named by what he logs in with") {
    const auto authors = [](const std::string& login) {
        return import_ok(wxr("Text", "<dc:creator>" + login + "</dc:creator>"), "e.xml")
            .articles.at(0).article.authors();
    };
    REQUIRE(authors("named").size() == 1);
    CHECK(authors("named")[0] == "Mila Orlova");
    CHECK(authors("bare").empty());
    CHECK(authors("unknown").empty());
}
