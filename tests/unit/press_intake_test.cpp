#include <catch2/catch.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <fstream>
#include <thread>

#include "article/article.h"
#include "core/key_file.h"
#include "core/message.h"
#include "feed/files.h"
#include "press/draft_store.h"
#include "press/intake/intake.h"
#include "press/redacted.h"
#include "press/retraction.h"
#include "press/signing/redaction.h"
#include "press/signing/release.h"
#include "support/intake_fixture.h"
#include "support/made_pictures.h"

using namespace colport;
using namespace colport::test;
namespace fs = std::filesystem;

namespace {

using Newsroom = IntakeRoom;

std::string feed(const std::string& items) {
    return "<rss version=\"2.0\"><channel><title>F</title>" + items + "</channel></rss>";
}

std::string item(const std::string& guid, const std::string& url, const std::string& text) {
    return "<item><title>About " + guid + "</title><guid isPermaLink=\"false\">" + guid +
           "</guid><link>" + url + "</link><description>" + text + "</description></item>";
}

std::string page(const std::string& url) {
    std::string out = "<!doctype html><html lang=en><head><title>A page</title>"
                      "<link rel=canonical href=\"" + url + "\"></head><body><article><h1>A page</h1>";
    for (int i = 0; i < 6; ++i)
        out += "<p>The harbour master wrote down every ship that came in that winter, and the "
               "price of the fish it carried.</p>";
    return out + "<p>The last word is herring.</p></article></body></html>";
}

}  // namespace

TEST_CASE("an address names a page however it is written") {
    CHECK(address_key("HTTP://www.Pier.example/a/?utm_source=x&b=1#c") == "pier.example/a?b=1");
    CHECK(address_key("https://pier.example/a?b=1") == "pier.example/a?b=1");
    CHECK(address_key("https://pier.example/?p=12") == "pier.example?p=12");
    CHECK(address_key("https://pier.example/A") != address_key("https://pier.example/a"));
    CHECK(address_key("tag:pier.example,2026:1").empty());
}

TEST_CASE("one article stays one, whichever way it comes") {
    Newsroom room;
    const auto rss = room.file("feed.xml", feed(item("https://pier.example/?p=12",
                                                    "https://pier.example/herring/", "Text")));
    CHECK(room.add({rss}).added == 1);
    CHECK(room.add({rss}).unchanged == 1);

    SECTION("a page with the feed's address") {
        const auto html = room.file("saved.html", page("http://www.pier.example/herring?utm_medium=x"));
        CHECK(room.add({html}).changed == 1);
        CHECK(room.drafts().size() == 1);
        CHECK(room.add({rss}).changed == 1);
    }
    SECTION("the page first, the feed afterwards") {
        Newsroom other;
        CHECK(other.add({room.file("s.html", page("https://pier.example/herring"))}).added == 1);
        CHECK(other.add({rss}).changed == 1);
        CHECK(other.drafts().size() == 1);
    }
    SECTION("changed words become a new revision once it is out, and the same do not") {
        room.release();
        CHECK(room.add({rss}).unchanged == 1);
        CHECK(room.drafts().empty());
        room.file("feed.xml", feed(item("https://pier.example/?p=12", "https://pier.example/herring/",
                                        "New text")));
        CHECK(room.add({rss}).changed == 1);
        REQUIRE(room.drafts().size() == 1);
        CHECK(room.drafts()[0].revision() == 2);
    }
    SECTION("two items with names of their own are two, even at one address") {
        const auto two = room.file("two.xml", feed(item("a", "https://pier.example/live", "One") +
                                                   item("b", "https://pier.example/live", "Two")));
        CHECK(room.add({two}).added == 2);
    }
    SECTION("a folder that moved, and a file that is named alone, keep their names") {
        room.file("posts/a.md", "---\ntitle: A\n---\nText");
        CHECK(room.add({(room.folder.path / "posts").string()}).added == 1);
        CHECK(room.add({(room.folder.path / "posts/a.md").string()}).unchanged == 1);
        fs::create_directories(room.folder.path / "moved");
        fs::rename(room.folder.path / "posts", room.folder.path / "moved/posts");
        CHECK(room.add({(room.folder.path / "moved/posts").string()}).unchanged == 1);
    }
}

TEST_CASE("what is gone from a whole source is told, and taken back only when asked") {
    Newsroom room;
    room.file("posts/a.md", "---\ntitle: A\n---\nText a");
    const auto b = room.file("posts/b.md", "---\ntitle: B\n---\nText b");
    const auto posts = (room.folder.path / "posts").string();
    CHECK(room.add({posts}).added == 2);
    room.release();
    fs::remove(b);
    const auto told = room.add({posts});
    CHECK(told.missing == std::vector<std::string>{"posts/b.md"});
    CHECK(told.retracted == 0);
    CHECK(room.drafts().empty());

    SECTION("asked for, it is retracted, and stays so until it is to be restored") {
        IntakeOptions options;
        options.retract_missing = true;
        CHECK(room.add({posts}, options).retracted == 1);
        REQUIRE(room.drafts().size() == 1);
        CHECK(room.drafts()[0].status() == pb::Article::RETRACTED);
        CHECK(room.drafts()[0].revision() == 2);
        room.release();
        CHECK(room.add({posts}, options).missing.empty());
        room.file("posts/b.md", "---\ntitle: B\n---\nText b");
        CHECK(room.add({posts}).added + room.add({posts}).changed == 0);
        CHECK(room.add({posts}).warnings.size() == 1);
        options.restore = true;
        CHECK(room.add({posts}, options).changed == 1);
        CHECK(room.drafts()[0].revision() == 3);
    }
    SECTION("a source that was not read to its end says nothing of what is gone") {
        room.file("posts/c.md", "---\ntitle: [\n---\nText");
        IntakeOptions options;
        options.retract_missing = true;
        const auto report = room.add({posts}, options);
        CHECK(report.missing.empty());
        CHECK(report.retracted == 0);
        CHECK(report.warnings.size() == 2);
    }
    SECTION("nor does one beside which another failed: an export may come in several files") {
        const auto wxr = [](const std::string& id) {
            return "<rss xmlns:wp=\"http://wordpress.org/export/1.2/\" "
                   "xmlns:content=\"http://purl.org/rss/1.0/modules/content/\"><channel>"
                   "<wp:wxr_version>1.2</wp:wxr_version><wp:base_site_url>https://a.example"
                   "</wp:base_site_url><item><title>T</title><guid>" + id + "</guid>"
                   "<content:encoded>Text</content:encoded><wp:status>publish</wp:status>"
                   "<wp:post_type>post</wp:post_type></item></channel></rss>";
        };
        const auto one = room.file("one.xml", wxr("1"));
        const auto two = room.file("two.xml", wxr("2"));
        CHECK(room.add({one, two}).added == 2);
        room.file("two.xml", "<?xml");
        auto intake = room.open();
        CHECK(intake.add(one, [](std::size_t, std::size_t) {}));
        CHECK_FALSE(intake.add(two, [](std::size_t, std::size_t) {}));
        CHECK(intake.finish()->missing.empty());
        CHECK(room.add({one}).missing == std::vector<std::string>{"2"});
    }
    SECTION("a feed holds only what is new, unless it is said to hold all") {
        const auto rss = room.file("feed.xml", feed(item("1", "https://a.example/1", "One") +
                                                    item("2", "https://a.example/2", "Two")));
        IntakeOptions whole;
        whole.whole = true;
        room.add({rss}, whole);
        room.file("feed.xml", feed(item("2", "https://a.example/2", "Two")));
        CHECK(room.add({rss}).missing.empty());
        CHECK(room.add({rss}, whole).missing == std::vector<std::string>{"a.example/1"});
    }
    SECTION("a damaged list of names is told with its line") {
        std::ofstream(room.workshop.secrets() / "names.jsonl", std::ios::app) << "{\n";
        const auto state = room.workshop.records();
        const auto opened = Intake::open(room.workshop, state->feed, {}, {});
        REQUIRE_FALSE(opened);
        CHECK(opened.error().message.find("names.jsonl:") != std::string::npos);
    }
    SECTION("a list of names that was cut off in its last line is read without it") {
        const auto names = room.workshop.secrets() / "names.jsonl";
        room.add({room.file("more.xml", feed(item("7", "https://a.example/7", "Seven")))});
        std::ofstream(names, std::ios::app) << "{\"id\":\"00";
        CHECK(room.add({room.file("next.xml", feed(item("8", "https://a.example/8", "Eight")))})
                  .added == 1);
        const auto text = must_read(names);
        CHECK(text.ends_with("\n"));
        CHECK(text.find("{\"id\":\"00\n") == text.npos);
        // A page that only has the address is still the same article.
        CHECK(room.add({room.file("again.xml", feed(item("https://a.example/7",
                                                         "https://a.example/7", "Seven")))})
                  .added == 0);
    }
}

TEST_CASE("names are added to their list, and it is written anew when half of it is old") {
    Folder folder;
    const auto path = folder.path / "names.jsonl";
    const PublicKey feed{};
    const auto lines = [&] {
        const auto text = must_read(path);
        return std::count(text.begin(), text.end(), '\n');
    };
    auto ledger = Ledger::load(path);
    REQUIRE(ledger);
    const auto id = ledger->id_of(feed, "one", "https://a.example/one");
    ledger->id_of(feed, "two", {});
    REQUIRE(ledger->save(path));
    CHECK(lines() == 2);
    ledger->note_origin(id, "folder:/a");
    REQUIRE(ledger->save(path));
    CHECK(lines() == 3);
    ledger->note_origin(id, "folder:/b");
    REQUIRE(ledger->save(path));
    CHECK(lines() == 4);
    ledger->note_origin(id, "folder:/c");
    REQUIRE(ledger->save(path));
    CHECK(lines() == 2);
    ledger->note_origin(id, "folder:/d");
    REQUIRE(ledger->save(path));
    auto again = Ledger::load(path);
    REQUIRE(again);
    for (const char* origin : {"folder:/a", "folder:/b", "folder:/c", "folder:/d"})
        CHECK(again->missing_from(origin, {}) == std::vector<ArticleId>{id});
    CHECK(again->id_of(feed, "https://a.example/one", "https://a.example/one") == id);
}

TEST_CASE("a post in its site's feed and in its export is one article of one revision") {
    const auto folder = std::string(COLPORT_SOURCE_DIR) + "/tests/fixtures/one_post/";
    for (const bool feed_first : {true, false}) {
        Newsroom room;
        const auto first = folder + (feed_first ? "feed.xml" : "export.xml");
        const auto second = folder + (feed_first ? "export.xml" : "feed.xml");
        CHECK(room.add({first}).added == 1);
        CHECK(room.add({second}).unchanged == 1);
        CHECK(room.drafts().size() == 1);
        room.release();
        CHECK(room.add({second}).unchanged == 1);
        CHECK(room.add({first}).unchanged == 1);
        CHECK(room.drafts().empty());
        // A word that changed is news from either.
        auto text = must_read(second);
        text.replace(text.find("February"), 8, "January!");
        CHECK(room.add({room.file("changed.xml", text)}).changed == 1);
        REQUIRE(room.drafts().size() == 1);
        CHECK(room.drafts()[0].revision() == 2);
        // What was dropped is taken in again.
        REQUIRE(drop_draft(room.workshop, *ArticleId::from(room.drafts()[0].id())));
        CHECK(room.add({room.file("changed.xml", text)}).changed == 1);
    }
}

TEST_CASE("a correction of marks alone is published when it comes by the same way") {
    const auto folder = std::string(COLPORT_SOURCE_DIR) + "/tests/fixtures/one_post/";
    for (const auto* name : {"feed.xml", "export.xml"}) {
        Newsroom room;
        const auto text = must_read(folder + name);
        const auto changed = [&](const std::string& from, const std::string& to) {
            auto out = text;
            REQUIRE(out.find(from) != out.npos);
            return room.file(name, out.replace(out.find(from), from.size(), to));
        };
        CHECK(room.add({folder + name}).added == 1);
        room.release();
        CHECK(room.add({changed(" for the last time", " for  the last time -")}).changed == 1);
        CHECK(room.add({changed("for the last time", "'for' the last time")}).changed == 1);
        room.release();
        CHECK(room.add({changed("for the last time", "'for' the last time")}).unchanged == 1);
    }
}

TEST_CASE("code and addresses have no typography") {
    pb::Article article;
    article.set_url("https://a.example/x--y");
    auto* code = article.add_blocks()->mutable_code();
    code->set_text("run --all");
    auto* span = article.add_blocks()->mutable_paragraph()->add_spans();
    span->set_text("-- \"quoted\"");
    const auto words = [&] { return wording_of(article, TextOrigin::site).words; };
    const auto before = words();
    span->set_text("— “quoted”");
    CHECK(words() == before);
    SECTION("in a block") { code->set_text("run -all"); }
    SECTION("within a line") {
        span->set_text("-- \"quoted\"");
        span->set_style(4);
        const auto in_code = words();
        span->set_text("— “quoted”");
        CHECK(words() != in_code);
    }
    SECTION("of a link") { span->set_href("https://a.example/x--y"); }
    SECTION("of the article") { article.set_url("https://a.example/x-y"); }
    CHECK(words() != before);
}

TEST_CASE("the words of an article keep their hash, or all that is added again would be changed") {
    const auto write = [](pb::Span* span, const char* text) {
        span->set_text(text);
        span->set_style(pb::Span::MONOSPACE | pb::Span::BOLD);
        span->set_href("https://b.example/x--y");
    };
    pb::Article article;
    article.set_id(std::string(16, 'i'));
    article.set_title("“Łódź” — a title…");
    article.set_language("pl");
    article.set_published(1'780'000'000);
    article.set_updated(-1);
    article.set_zone(-210);
    article.add_authors("A. B");
    article.add_tags("Tag");
    article.set_section("Section");
    article.set_url("https://a.example/x--y");
    article.set_summary("In  short\n-- it's");
    auto& lead = *article.mutable_lead();
    lead.set_picture(std::string(32, 'p'));
    lead.set_alt("Alt");
    write(lead.add_caption(), "‘Caption’");
    lead.set_width(300);
    lead.set_height(200);
    lead.set_size(70'000);
    lead.set_credit("Credit");
    article.add_blocks()->mutable_paragraph()->add_spans()->set_text("It’s  “quoted” – and");
    auto& heading = *article.add_blocks()->mutable_heading();
    heading.set_level(2);
    write(heading.add_spans(), "Heading");
    auto& list = *article.add_blocks()->mutable_list();
    list.set_ordered(true);
    list.set_start(3);
    auto& item = *list.add_items();
    item.set_depth(1);
    write(item.add_spans(), "Item");
    auto& quote = *article.add_blocks()->mutable_quote();
    write(quote.add_paragraphs()->add_spans(), "Quote");
    quote.set_source("Source");
    auto& table = *article.add_blocks()->mutable_table();
    table.add_rows()->set_header(true);
    write(table.add_rows()->add_cells()->add_spans(), "Cell");
    write(table.add_caption(), "Table");
    auto& code = *article.add_blocks()->mutable_code();
    code.set_text("run --all");
    code.set_language("sh");
    *article.add_blocks()->mutable_figure() = lead;
    auto& embed = *article.add_blocks()->mutable_embed();
    embed.set_title("Embed");
    embed.set_url("https://c.example/");
    article.add_blocks()->mutable_rule();
    CHECK(wording_of(article, TextOrigin::site).words.hex() == "f37eca1a3a76667ec9602988a5902ca0bfcf93653347dfa0a9d5308235e25dc8");
}

TEST_CASE("drafts that lie in files are taken in") {
    Newsroom room;
    room.add({room.file("feed.xml", feed(item("1", "https://a.example/1", "One")))});
    const auto draft = room.drafts().at(0);
    auto store = room.workshop.draft_store();
    REQUIRE(store);
    const auto id = *ArticleId::from(draft.id());
    REQUIRE((*store)->remove({id}));
    CHECK(room.drafts().empty());
    write(room.workshop.drafts() / (id.hex() + ".article"), encode_message(draft));
    room.workshop.opened_drafts.reset();
    REQUIRE(room.drafts().size() == 1);
    CHECK(encode_message(room.drafts()[0]) == encode_message(draft));
    CHECK_FALSE(std::filesystem::exists(room.workshop.drafts() / (id.hex() + ".article")));
}

TEST_CASE("folders are walked in order and never left") {
    Folder folder;
    for (const char* name : {"in/b.html", "in/a.md", "in/.git/x.md", "in/b_files/frame.html",
                             "in/_index.md", "in/sub/c.txt", "out/secret.html"})
        write(folder.path / name, "text");
    fs::create_symlink(folder.path / "out/secret.html", folder.path / "in/link.html");
    fs::create_directory_symlink(folder.path / "out", folder.path / "in/dir");
    const auto list = find_sources(folder.path / "in");
    REQUIRE(list);
    std::vector<std::string> names;
    for (const auto& source : list->files) names.push_back(source.stable_name);
    CHECK(names == std::vector<std::string>{"in/a.md", "in/b.html", "in/sub/c.txt"});
    CHECK(list->warnings.size() == 1);
    CHECK(find_sources(folder.path / "gone").error().code == Errc::not_found);
    fs::create_directory(folder.path / "empty");
    CHECK(find_sources(folder.path / "empty").error().hint.find(".epub") != std::string::npos);

    SECTION("pictures are found beside a page, from the site's root and in copies of its media") {
        for (const char* name : {"in/sub/p.png", "in/static/s.png", "media/2026/03/m.png",
                                 "out/o.png", "media/flat.png"})
            write(folder.path / name, name);
        const auto find = find_pictures(folder.path / "in/sub/c.txt",
                                        fs::canonical(folder.path / "in"), {folder.path / "media"});
        CHECK(find("p.png", {}) == "in/sub/p.png");
        CHECK(find("../static/s.png", {}) == "in/static/s.png");
        CHECK(find("/s.png?x", {}) == "in/static/s.png");
        CHECK(find("https://a.example/wp-content/uploads/2026/03/m.png", {}) == "media/2026/03/m.png");
        CHECK_FALSE(find("../../out/o.png", {}));
        CHECK_FALSE(find("https://a.example/other/flat.png", {}));
        CHECK_FALSE(find("/dir/o.png", {}));
    }
}

TEST_CASE("teasers become their pages' text") {
    Newsroom room;
    const auto rss = room.file("feed.xml", feed(item("1", "https://pier.example/one", "Teaser.") +
                                                item("2", "https://pier.example/two", "Other.")));
    IntakeOptions options;
    options.full_text = true;
    std::map<std::string, FetchAnswer> web;
    std::vector<std::string> asked;
    bool down = false;
    options.hosts = {"pier.example"};
    options.fetch = [&](const FetchRequest& request) -> Result<FetchAnswer> {
        asked.push_back(request.url + " " + request.etag);
        if (down) return Error{Errc::network, "no way"};
        const auto at = web.find(request.url);
        if (at == web.end()) return Error{Errc::not_found, "the server says 404"};
        if (!request.etag.empty() && request.etag == at->second.etag) {
            FetchAnswer out;
            out.unchanged = true;
            return out;
        }
        return at->second;
    };
    web["https://pier.example/one"] = {false, {}, page("https://pier.example/one"), "text/html", "v1", {}};
    SECTION("fetched, and asked again only whether it changed") {
        const auto report = room.add({rss}, options);
        CHECK(report.added == 2);
        CHECK(report.warnings.size() == 1);  // the second page is not there
        std::size_t herrings = 0;
        for (const auto& draft : room.drafts())
            herrings += draft.SerializeAsString().find("herring") != std::string::npos;
        CHECK(herrings == 1);
        asked.clear();
        CHECK(room.add({rss}, options).unchanged == 2);
        CHECK(asked[0] == "https://pier.example/one v1");
    }
    SECTION("with no network nothing goes out as a teaser") {
        down = true;
        const auto report = room.add({rss}, options);
        CHECK(report.added == 0);
        CHECK(report.warnings[0].find("2 articles wait") == 0);
    }
    SECTION("redirects are followed within the newsroom's hosts, and no other is asked") {
        web["https://pier.example/one"] = {false, "https://www.pier.example/1", {}, {}, {}, {}};
        web["https://www.pier.example/1"] = {false, {}, page("https://pier.example/one"), {}, {}, {}};
        web["https://pier.example/two"] = {false, "http://127.0.0.1/admin", {}, {}, {}, {}};
        CHECK(room.add({rss}, options).warnings[0].find("not the newsroom's own") != std::string::npos);
        for (const auto& url : asked) CHECK(url.find("127.0.0.1") == std::string::npos);
    }
    SECTION("but not that of one that was redacted, and no page that was fetched is kept") {
        room.add({rss}, options);
        room.release();
        const auto feed_key = room.workshop.records()->feed;
        REQUIRE(forget_article(room.workshop, {article_id(feed_key, "1"), today, "", {}}));
        asked.clear();
        const auto report = room.add({rss}, options);
        CHECK(report.warnings.back().find("one article was redacted") == 0);
        for (const auto& url : asked) CHECK(url.find("pier.example/one") == std::string::npos);
        CHECK_FALSE(fs::exists(room.workshop.web()));
    }
    SECTION("from a folder of saved pages") {
        write(room.folder.path / "saved/x.html", page("https://pier.example/one"));
        write(room.folder.path / "saved/y.html",
              "<!-- saved from url=(0024)https://pier.example/two -->" + page("").substr(15));
        options.pages = room.folder.path / "saved";
        const auto report = room.add({rss}, options);
        CHECK(asked.empty());
        CHECK(report.warnings.empty());
        for (const auto& draft : room.drafts())
            CHECK(draft.SerializeAsString().find("herring") != std::string::npos);
    }
}

TEST_CASE("pictures of a redacted article do not come back, whoever shows them") {
    Newsroom room;
    room.file("site/p.png", made_png());
    const auto text = "\n\nShe told us in the harbour what had been in the hold.\n\n![The pier](p.png)\n";
    const auto one = room.file("site/one.md", std::string("# One") + text);
    CHECK(room.add({one}).pictures == 1);
    room.release();
    const auto id = read_catalogue(room.workshop.feed(), *room.workshop.records())->articles.begin()->first;
    const auto key = load_signing_key(room.workshop, [](const std::string&) -> Result<Secret> {
        return Secret(0);
    });
    {
        auto redaction = Redaction::open(room.workshop, id, {}, ++room.time);
        REQUIRE(redaction);
        REQUIRE(redaction->report().pictures == 1);
        REQUIRE(redaction->publish(*key));
    }
    const auto two = room.file("site/two.md", std::string("# Two") + text);
    CHECK(room.add({two}).pictures == 0);
    room.add({one, two});
    CHECK(fs::is_empty(room.workshop.pictures()));
    REQUIRE(room.drafts().size() == 1);
    room.release();
    CHECK(read_catalogue(room.workshop.feed(), *room.workshop.records())->pictures.empty());
    // Once it may come again, so may they.
    REQUIRE(allow_again(room.workshop, id));
    CHECK(room.add({one}).pictures == 1);
}

TEST_CASE("what was taken back does not return under another name when its site moves") {
    Newsroom room;
    const std::string address = "https://pier.example/herring/";
    const auto before = room.file("before.xml", feed(item("https://pier.example/?p=12", address, "Text") +
                                                     item("urn:live", "https://pier.example/live", "Live")));
    room.add({before});
    room.release();
    const auto feed_key = room.workshop.records()->feed;
    const auto id = article_id(feed_key, "https://pier.example/?p=12");
    REQUIRE(room.published.articles.empty());
    const auto moved = room.file("moved.xml", feed(item("urn:uuid:1", "http://www.pier.example/herring", "Text") +
                                                   item("urn:uuid:2", "https://pier.example/eel", "Text")));
    const auto warned = [](const IntakeReport& report) {
        return std::count_if(report.warnings.begin(), report.warnings.end(), [](const auto& line) {
            return line.find("pier.example/herring: left out") == 0;
        });
    };
    SECTION("redacted") {
        {
            const auto key = load_signing_key(room.workshop, [](const std::string&) -> Result<Secret> {
                return Secret(0);
            });
            auto redaction = Redaction::open(room.workshop, id, {}, ++room.time);
            REQUIRE(redaction);
            REQUIRE(redaction->publish(*key));
        }
        const auto report = room.add({moved});
        CHECK(report.added == 1);
        CHECK(warned(report) == 1);
        room.release();
        const auto restored = room.add({moved}, {.restore = true});
        CHECK(restored.added == 0);
        CHECK(warned(restored) == 1);
        // By its old address, too, where the list of names has that alone.
        CHECK(room.add({room.file("old.xml", feed(item("urn:uuid:3", "https://pier.example/?p=12", "Text")))})
                  .added == 0);
        REQUIRE(allow_again(room.workshop, id));
        CHECK(room.add({moved}).added == 1);
    }
    SECTION("redacted, with the signature still to come") {
        auto redaction = Redaction::open(room.workshop, id, {}, ++room.time);
        REQUIRE(redaction);
        REQUIRE(redaction->prepare());
        const auto report = room.add({moved});
        CHECK(report.added == 1);
        CHECK(warned(report) == 1);
    }
    SECTION("retracted, be it out or about to be") {
        room.open();
        REQUIRE(retract_article(room.workshop, room.published, id, ""));
        if (GENERATE(false, true)) room.release();
        const auto report = room.add({moved});
        CHECK(report.added == 1);
        CHECK(warned(report) == 1);
        CHECK(room.add({moved}, {.restore = true}).added == 1);
    }
    SECTION("a page of several articles goes on, and a site's front page is no article's address") {
        const auto front = [&](const char* guid) { return item(guid, "https://pier.example/", "Text"); };
        room.add({room.file("more.xml", feed(item("urn:later", "https://pier.example/live", "More") +
                                             front("urn:front")))});
        room.release();
        room.open();
        for (const char* guid : {"urn:live", "urn:front"})
            REQUIRE(retract_article(room.workshop, room.published, article_id(feed_key, guid), ""));
        CHECK(room.add({room.file("last.xml", feed(item("urn:last", "https://pier.example/live", "Last") +
                                                   front("urn:other")))})
                  .added == 2);
    }
}

TEST_CASE("what was redacted is not retracted because it is gone from its site") {
    Newsroom room;
    room.file("posts/a.md", "---\ntitle: A\n---\nText a");
    room.file("posts/b.md", "---\ntitle: B\n---\nText b");
    const auto posts = (room.folder.path / "posts").string();
    room.add({posts});
    room.release();
    room.open();
    const auto id = room.published.articles.begin()->first;
    {
        auto redaction = Redaction::open(room.workshop, id, {}, ++room.time);
        REQUIRE(redaction);
        REQUIRE(redaction->prepare());
    }
    const auto state = room.workshop.records();
    const auto title = published_article(room.workshop.feed(), *state, room.published, id)->title();
    fs::remove(room.folder.path / "posts" / (title == "A" ? "a.md" : "b.md"));
    const auto report = room.add({posts}, {.retract_missing = true});
    CHECK(report.missing.empty());
    CHECK(report.retracted == 0);
    CHECK(room.drafts().empty());
}

namespace {

/// A newsroom's site with one picture, on a network that may fail.
struct PicturedSite : Newsroom {
    std::string picture = made_png();
    Errc trouble = Errc::exists;   ///< this: there is none
    bool has_time = true;
    std::vector<std::string> asked;
    IntakeOptions options;
    std::string text = "Herring is dear.";

    PicturedSite() {
        options.hosts = {"pier.example"};
        options.has_time = [this] { return has_time; };
        options.fetch = [this](const FetchRequest& request) -> Result<FetchAnswer> {
            asked.push_back(request.url + " " + request.etag);
            if (request.url.ends_with("/feed"))
                return FetchAnswer{.body = source(), .media_type = "application/rss+xml"};
            if (trouble != Errc::exists) return Error{trouble, "trouble"};
            FetchAnswer out;
            out.etag = sha256(picture).hex();
            out.unchanged = out.etag == request.etag;
            if (!out.unchanged) out.body = picture;
            return out;
        };
    }
    std::string alt;
    std::string source() const {
        return feed(item("1", "https://pier.example/one",
                         "&lt;p&gt;" + text + "&lt;img src=\"https://pier.example/p.png\" alt=\"" + alt +
                             "\"&gt;&lt;/p&gt;") +
                    item("2", "https://pier.example/two", "Nothing to be seen."));
    }
    IntakeReport look() {
        asked.clear();
        return add({"https://pier.example/feed"}, options);
    }
    std::size_t published_pictures() const {
        return read_catalogue(workshop.feed(), *workshop.records())->pictures.size();
    }
    /// As if it had been fetched, or failed, long ago.
    void age(std::chrono::hours by) const {
        for (const auto& entry : fs::directory_iterator(workshop.web()))
            fs::last_write_time(entry.path(), fs::file_time_type::clock::now() - by);
    }
    std::size_t asked_for_pictures() const {
        return static_cast<std::size_t>(std::count_if(asked.begin(), asked.end(), [](const auto& each) {
            return each.find("p.png") != std::string::npos;
        }));
    }
};

}  // namespace

TEST_CASE_METHOD(PicturedSite, "an article waits for its picture while the network fails, for a day") {
    trouble = Errc::network;
    auto report = look();
    CHECK(report.added == 1);
    CHECK(report.waiting == 1);
    CHECK(report.warnings[0].find("one article waits for the next time: trouble") == 0);
    SECTION("and comes whole") {
        trouble = Errc::exists;
        report = look();
        CHECK(report.added == 1);
        CHECK(report.pictures == 1);
    }
    SECTION("and then goes without it") {
        age(std::chrono::hours(25));
        CHECK(look().added == 1);
    }
    SECTION("or at once when it is told to") {
        options.incomplete = true;
        CHECK(look().added == 1);
        CHECK(drafts().size() == 2);
    }
    SECTION("but what there was no time for is nobody's silence") {
        fs::remove_all(workshop.web());
        options.fetch = [this, inner = options.fetch](const FetchRequest& request) {
            auto out = inner(request);
            has_time = false;
            return out;
        };
        CHECK(look().added == 0);
        age(std::chrono::hours(25));
        has_time = true;
        report = look();
        CHECK(report.added == 0);
        CHECK(report.warnings[0].find("one article waits") == 0);
    }
}

TEST_CASE_METHOD(PicturedSite, "a published picture is not replaced by none because it cannot be had") {
    CHECK(look().pictures == 1);
    release();
    REQUIRE(published_pictures() == 1);
    const auto copy = file("feed.xml", source());
    const auto is_left_alone = [&](const IntakeReport& report) {
        return report.changed == 0 && report.added == 0 && report.unchanged == 2 && drafts().empty();
    };
    SECTION("for want of a network") {
        fs::remove_all(workshop.web());
        trouble = Errc::network;
        look();
        CHECK(drafts().empty());
        age(std::chrono::hours(25));
        CHECK(is_left_alone(look()));
    }
    SECTION("because nothing is fetched") { CHECK(is_left_alone(add({copy}))); }
    SECTION("nor does it vanish where another could never be had") {
        const auto with_another = [&](const std::string& pictures) {
            return file("feed.xml", feed(item("1", "https://pier.example/one",
                                              "Herring is dear." + pictures)));
        };
        const std::string foreign = "&lt;img src=\"https://else.example/x.png\"&gt;";
        add({with_another(foreign + "&lt;img src=\"https://pier.example/p.png\"&gt;")}, options);
        add({with_another(foreign)}, options);
        CHECK(pictures_of(drafts()[0]).empty());
    }
    SECTION("or its server says no") {
        fs::remove_all(workshop.web());
        trouble = Errc::denied;
        CHECK(is_left_alone(look()));
    }
    SECTION("nor in a draft") {
        text = "Herring is cheap.";
        CHECK(look().changed == 1);
        CHECK(add({file("feed.xml", source())}).unchanged == 2);
        CHECK(drafts()[0].SerializeAsString().find("cheap") != std::string::npos);
        CHECK(pictures_of(drafts()[0]).size() == 1);
    }
    SECTION("but when it is gone from the site") {
        fs::remove_all(workshop.web());
        trouble = Errc::not_found;
        CHECK(look().changed == 1);
        CHECK(pictures_of(drafts()[0]).empty());
    }
    SECTION("or the words changed, or the figure went with it") {
        text = "Herring is cheap.";
        CHECK(add({file("feed.xml", source())}).changed == 1);
        CHECK(add({file("feed.xml", feed(item("1", "https://pier.example/one", "Herring is dear.")))})
                  .changed == 1);
    }
}

TEST_CASE_METHOD(PicturedSite, "a figure that speaks keeps its picture when its host may not be asked") {
    alt = "A herring";
    CHECK(look().pictures == 1);
    release();
    fs::remove_all(workshop.web());
    options.hosts = {"else.example"};
    const auto report = add({file("feed.xml", source())}, options);
    CHECK(report.changed == 0);
    CHECK(drafts().empty());
    CHECK(report.warnings.back().find("allow them with --from pier.example") != std::string::npos);
}

TEST_CASE_METHOD(PicturedSite, "a picture that was replaced at its address arrives") {
    CHECK(look().pictures == 1);
    release();
    picture = made_png({.width = 40});
    // Not asked for at each look.
    look();
    CHECK(asked_for_pictures() == 0);
    age(std::chrono::hours(7));
    SECTION("once it is asked for again") {
        CHECK(look().changed == 1);
        CHECK(asked_for_pictures() == 1);
        CHECK(asked.back().find(" ") + 1 < asked.back().size());
        look();
        CHECK(asked_for_pictures() == 0);
    }
    SECTION("and while the network fails the old one stands") {
        trouble = Errc::network;
        CHECK(look().changed == 0);
        CHECK(drafts().empty());
        look();
        CHECK(asked_for_pictures() == 0);
    }
    SECTION("but one that was taken down is not kept to stand in for it") {
        trouble = Errc::not_found;
        CHECK(look().changed == 1);
        trouble = Errc::network;
        CHECK(look().changed == 0);
        CHECK(pictures_of(drafts()[0]).empty());
    }
}

TEST_CASE("a host that does not answer is waited for so long and no longer") {
    const Folder folder;
    std::vector<std::string> asked;
    bool slow = true;
    WebPages pages(
        [&](const FetchRequest& request) -> Result<FetchAnswer> {
            asked.push_back(request.url);
            if (slow) std::this_thread::sleep_for(std::chrono::milliseconds(60));
            return Error{Errc::network, "the server says 500"};
        },
        folder.path, {}, std::chrono::milliseconds(100));
    pages.allow("https://pier.example");
    const auto ask_for = [&](int begin, int end) {
        asked.clear();
        for (int i = begin; i < end; ++i)
            CHECK(pages.get(fmt::format("https://pier.example/{}", i), 100).error().code ==
                  Errc::network);
        return asked.size();
    };
    SECTION("but one that says no at once costs nothing, an address twice asked for aside") {
        slow = false;
        CHECK(ask_for(0, 20) == 20);
        CHECK(ask_for(0, 20) == 0);
    }
    SECTION("by all of its addresses together") {
        CHECK(ask_for(0, 20) == 2);
        CHECK(ask_for(20, 30) == 0);
    }
}

TEST_CASE_METHOD(PicturedSite, "of a redacted article nothing that is fetched is kept, and all else is") {
    CHECK(look().pictures == 1);
    release();
    const auto feed_key = workshop.records()->feed;
    REQUIRE(forget_article(workshop, {article_id(feed_key, "2"), today, "", {}}));
    look();
    CHECK(asked_for_pictures() == 1);
    look();
    CHECK(asked_for_pictures() == 0);
    REQUIRE(forget_article(workshop, {article_id(feed_key, "1"), today, "", {}}));
    look();
    for (const auto& entry : fs::directory_iterator(workshop.web()))
        CHECK(must_read(entry.path()).find("Herring") == std::string::npos);
    CHECK(fs::is_empty(workshop.web()));
}

TEST_CASE("where time is short each page has its turn") {
    const Folder folder;
    std::size_t asked = 0;
    std::size_t budget = 3;
    const auto look = [&](std::size_t time) {
        WebPages pages(
            [&](const FetchRequest&) -> Result<FetchAnswer> {
                ++asked;
                --budget;
                return FetchAnswer{.body = "text"};
            },
            folder.path / "web", [&] { return budget > 0; });
        pages.allow("https://pier.example/");
        budget = time;
        std::size_t have = 0;
        for (int i = 0; i < 5; ++i)
            have += pages.get_in_turn(fmt::format("https://pier.example/{}", i), 100).ok() ? 1 : 0;
        return have;
    };
    CHECK(look(3) == 3);
    CHECK(look(3) == 5);
    CHECK(asked == 5);
    // With an hour gone what is there stands in for what there is no time to ask for.
    for (const auto& entry : fs::directory_iterator(folder.path / "web"))
        fs::last_write_time(entry.path(),
                            fs::file_time_type::clock::now() - std::chrono::hours(2));
    CHECK(look(2) == 5);
    CHECK(asked == 7);
}
