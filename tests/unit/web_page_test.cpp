#include "article/render.h"
#include "web_sample.h"

using namespace colport;
using namespace colport::web_testing;

namespace {

constexpr const char* hostile = "</title><script>alert('x')</script>\" onload=\"x' & <b>";

std::size_t count(const std::string& text, const std::string& part) {
    std::size_t out = 0;
    for (auto at = text.find(part); at != text.npos; at = text.find(part, at + 1)) ++out;
    return out;
}

}  // namespace

TEST_CASE("without an archive the page says how to begin") {
    Library library;
    const auto front = library.get("/");
    CHECK(front.status == 200);
    CHECK(has(front.body, "You follow no feed yet"));
    CHECK(library.get("/feeds").status == 200);
    CHECK(library.get("/search", {{"q", "word"}}).status == 200);
    CHECK(library.get("/article/0123456789abcdef0123456789abcdef").status == 404);
    CHECK(library.get("/picture/" + std::string(64, '0')).status == 404);

    library.gazette.add("First", "Arrived later.");
    library.save();
    CHECK(has(library.get("/").body, "Arrived later."));
}

TEST_CASE("the front page lists articles by day, newest first") {
    Library library;
    library.gazette.add("Older", "text", "en", one_day);
    library.gazette.add("Newest", "text", "en", 60);
    auto& away = library.ruznameh.add("Elsewhere", "text", "en", 11 * 3600);
    away.set_zone(-120);  // 23:00 of the day before, where it was written
    library.gazette.add("Undated", "text").set_published(0);
    library.save();
    const auto body = library.get("/").body;
    CHECK(count(body, "Saturday, 14 March 2026") == 1);
    CHECK(count(body, "Friday, 13 March 2026") == 1);
    CHECK(count(body, "Without a date") == 1);
    CHECK(body.find("Newest") < body.find("Friday, 13"));
    CHECK(body.find("Friday, 13") < body.find("Elsewhere"));
    CHECK(body.find("Elsewhere") < body.find("Older"));
    CHECK(body.find("Older") < body.find("Undated"));
}

TEST_CASE("the front page can be held to one feed, by key, beginning or name") {
    Library library;
    library.gazette.add("In the gazette", "text");
    library.ruznameh.add("In the other", "text");
    library.save();
    const auto key = library.gazette.key().hex();
    for (const auto& name : {key, key.substr(0, 8), std::string("Gazette")}) {
        const auto body = library.get("/", {{"feed", name}}).body;
        CHECK(has(body, "In the gazette"));
        CHECK_FALSE(has(body, "In the other"));
    }
    CHECK(library.get("/", {{"feed", "abc"}}).status == 404);
    CHECK(has(library.get("/", {{"feed", "Nobody"}}).body, "Parameter feed"));
}

TEST_CASE("long lists come in pages that link to each other") {
    Library library;
    for (int i = 0; i < 65; ++i)
        library.gazette.add("Report " + std::to_string(i), "a common word", "en", i * 60);
    library.save();

    const auto first = library.get("/").body;
    CHECK(has(first, "Page 1 of 3"));
    CHECK(has(first, "href=\"/?page=2\""));
    CHECK_FALSE(has(first, "rel=\"prev\""));
    const auto last = library.get("/", {{"page", "3"}, {"feed", "Gazette"}}).body;
    CHECK(has(last, "Report 64"));
    CHECK(has(last, "href=\"/?feed=" + library.gazette.key().hex() + "&amp;page=2\""));
    CHECK_FALSE(has(last, "rel=\"next\""));
    CHECK(has(library.get("/", {{"page", "9"}}).body, "There is nothing on this page"));

    const auto found = library.get("/search", {{"q", "\"common word\" & co"}, {"sort", "date"}});
    CHECK(found.status == 200);
    const auto words = library.get("/search", {{"q", "common"}, {"page", "2"}}).body;
    CHECK(has(words, "65 articles"));
    CHECK(has(words, "href=\"/search?q=common&amp;page=3\""));
    for (const char* bad : {"0", "-1", "x", "1e3", "99999999999999999999"}) {
        const auto refused = library.get("/", {{"page", bad}});
        CHECK(refused.status == 400);
        CHECK(has(refused.body, "Parameter page"));
    }
}

TEST_CASE("nothing that a publisher or a reader writes becomes markup") {
    Library library;
    auto& article = library.gazette.add(hostile, std::string("found ") + hostile);
    article.set_section(hostile);
    article.set_summary(hostile);
    article.set_note(hostile);
    article.set_language("\"><script>");
    article.add_authors(hostile);
    article.add_tags(hostile);
    article.set_url("https://example.org/'onload='x");
    library.gazette.record.name = hostile;
    library.gazette.add("Neighbour", "text", "en", 60);
    library.save();
    const auto id = id_of(library.gazette.articles[0]);
    const web::Response answers[] = {
        library.get("/"), library.get("/article/" + id), library.get("/feeds"),
        library.get("/search", {{"q", "found"}}), library.get("/search", {{"q", hostile}}),
        library.get("/search", {{"q", "x"}, {"language", hostile}}),
        library.get("/search", {{"q", "x"}, {"since", hostile}}),
        library.get("/", {{"feed", hostile}}), library.get("/article/" + std::string(hostile)),
        library.get(std::string("/") + hostile),
        library.get("/api/v1/articles/" + id, {{"format", "html"}}, web::Origin::control)};
    for (const auto& answer : answers) {
        CAPTURE(answer.status, answer.body);
        CHECK_FALSE(has(answer.body, "<script>"));
        CHECK_FALSE(has(answer.body, "<b>"));
        CHECK_FALSE(has(answer.body, "\" onload=\""));
        CHECK_FALSE(has(answer.body, "'onload='"));
    }
    CHECK(has(answers[0].body, escape_html(hostile)));
}

TEST_CASE("found words are marked") {
    Library library;
    library.gazette.add("Title", "before <harbour> & after");
    library.save();
    const auto body = library.get("/search", {{"q", "harbour"}}).body;
    CHECK(has(body, "before &lt;<mark>harbour</mark>&gt; &amp; after"));
    CHECK(has(body, "1 article<"));
    CHECK(has(library.get("/search", {{"q", "absent"}}).body, "Nothing found"));
}

TEST_CASE("the search field keeps what was typed, and says what narrows the search") {
    Library library;
    library.gazette.add("Title", "a ferry on the river");
    library.save();
    const auto field = [&](std::map<std::string, std::string> query) {
        const auto body = library.get("/search", std::move(query)).body;
        const std::string before = "type=\"search\" name=\"q\" value=\"";
        const auto begin = body.find(before) + before.size();
        return body.substr(begin, body.find('"', begin) - begin);
    };
    CHECK(field({{"q", " Ferry  -boat!"}}) == " Ferry  -boat!");
    CHECK(field({{"q", "ferry"}, {"sort", "date"}}) == "ferry");
    CHECK(field({{"q", "ferry"}, {"language", "en"}, {"since", "2026-03-01"},
                 {"until", "2026-03-31"}}) ==
          "ferry lang:en since:2026-03-01 until:2026-03-31");
    CHECK(field({{"feed", library.gazette.key().hex()}}) == "feed:Gazette");
    CHECK(field({{"q", "ferry lang:ru"}, {"language", "en"}}) == "ferry lang:en");
    // What no word can say stays out of the field.
    CHECK(field({{"q", "ferry"}, {"language", "no tag"}}) == "ferry");
    CHECK(field({{"q", "ferry"}, {"since", "2026-03-01T09:30:00Z"}}) == "ferry");
}

TEST_CASE("the fields that narrow show what was typed, and take its place") {
    Library library;
    library.save();
    const auto body = library.get("/search", {{"q", "ferry! feed:Gazette lang:fa since:2026-03 "
                                                     "until:2026-03"}}).body;
    CHECK(has(body, "<details class=\"narrow\" open>"));
    CHECK(has(body, "type=\"hidden\" name=\"q\" value=\"ferry!\""));
    CHECK(has(body, library.gazette.key().hex() + "\" selected"));
    CHECK(has(body, "name=\"language\" value=\"fa\""));
    CHECK(has(body, "name=\"since\" value=\"2026-03-01\""));
    CHECK(has(body, "name=\"until\" value=\"2026-03-31\""));
    CHECK(has(library.get("/search", {{"q", "ferry"}}).body, "<details class=\"narrow\">"));
}

TEST_CASE("where nothing is found, the page says what was searched for and what can be typed") {
    Library library;
    library.save();
    const auto body = library.get("/search", {{"q", "zebra <b> ... -\u00abice age\u00bb"}}).body;
    CHECK(has(body, "Searched for: <bdi>zebra &lt;b&gt; -&quot;ice age&quot;</bdi>"));
    CHECK(has(body, "<code>publi*</code>"));
    CHECK(has(library.get("/search").body, "<code>publi*</code>"));
}

TEST_CASE("an article shows who wrote what, when, and what was corrected") {
    Library library;
    auto& article = library.gazette.add("Title", "The body.");
    article.add_authors("Mara");
    article.add_authors("Jonas");
    article.set_section("Economy");
    article.add_tags("harbour");
    article.set_zone(120);
    article.set_revision(2);
    article.set_updated(noon + one_day);
    article.set_note("41 boats, not 14");
    article.set_url("https://example.org/a");
    library.gazette.add("Before", "text", "en", 3600);
    library.save();
    const auto body = library.get("/article/" + id_of(library.gazette.articles[0])).body;
    CHECK(has(body, "<bdi>Mara</bdi></a>, <a "));
    CHECK(has(body, "<p>The body.</p>"));
    CHECK(has(body, "2026-03-14T14:00:00+02:00"));
    CHECK(has(body, "Corrected on <time datetime=\"2026-03-15T14:00:00+02:00\""));
    CHECK(has(body, "<bdi>41 boats, not 14</bdi>"));
    CHECK(has(body, "https://example.org/a"));
    CHECK_FALSE(has(body, "href=\"https"));
    CHECK(has(body, "rel=\"next\" href=\"/article/" + id_of(library.gazette.articles[1])));
}

TEST_CASE("an article in a right-to-left language is set so") {
    Library library;
    library.ruznameh.add("عنوان", "متن", "fa");
    library.ruznameh.add("unknown", "text", "", 60);
    library.save();
    CHECK(has(library.get("/").body, "<li lang=\"fa\" dir=\"rtl\""));
    CHECK(has(library.get("/").body, "<li dir=\"auto\""));
    CHECK(has(library.get("/article/" + id_of(library.ruznameh.articles[0])).body,
              "<article lang=\"fa\" dir=\"rtl\""));
}

TEST_CASE("an article comes in other forms too") {
    Library library;
    library.gazette.add("Title", "The body.");
    library.save();
    const auto id = id_of(library.gazette.articles[0]);
    const auto path = "/article/" + id;
    CHECK(library.get(path, {{"format", "text"}}).content_type == "text/plain; charset=utf-8");
    CHECK(library.get(path, {{"format", "text"}}).body == "Title\n\nThe body.\n");
    CHECK(has(library.get(path, {{"format", "markdown"}}).body, "# Title"));
    CHECK(library.get(path, {{"format", "json"}}).content_type == "application/json");
    CHECK(library.get(path, {{"format", "pdf"}}).status == 400);
    CHECK(library.get("/article/" + id.substr(0, 6)).status == 200);
    CHECK(library.get("/article/" + id.substr(0, 3)).status == 400);
}

TEST_CASE("a picture is served by its hash, and only as a picture") {
    Library library;
    const auto good = library.gazette.add_picture("image/png", "png bytes");
    const auto bad = library.gazette.add_picture("text/html", "<script>");
    auto& article = library.gazette.add("Title", "text");
    article.mutable_lead()->set_picture(good);
    article.mutable_lead()->set_alt("held");
    auto* figure = article.add_blocks()->mutable_figure();
    figure->set_picture(std::string(Sha256::size, '\7'));
    figure->set_alt("never arrived");
    library.save();

    const auto body = library.get("/article/" + id_of(article)).body;
    CHECK(has(body, "<img src=\"/picture/" + to_hex(good) + "\" alt=\"held\""));
    CHECK(has(body, "never arrived"));
    CHECK(count(body, "<img") == 1);

    auto answer = library.get("/picture/" + to_hex(good));
    CHECK(answer.status == 200);
    CHECK(answer.content_type == "image/png");
    CHECK(answer.body == "png bytes");
    CHECK(answer.headers["ETag"] == "\"" + to_hex(good) + "\"");
    // What was looked at is not to be found in the browser's files.
    CHECK(answer.headers["Cache-Control"] == "no-store");
    const auto refused = library.get("/picture/" + to_hex(bad));
    CHECK(refused.status >= 400);
    CHECK_FALSE(has(refused.body, "<script>"));
    CHECK(library.get("/picture/xyz").status == 404);

    web::Request again;
    again.path = "/picture/" + to_hex(good);
    again.host = "localhost";
    again.if_none_match = answer.headers["ETag"];
    const auto unchanged = library.site.render(again);
    CHECK(unchanged.status == 304);
    CHECK(unchanged.body.empty());
}

TEST_CASE("a reader is told when a feed has fallen silent or is forked") {
    Library library;
    library.gazette.add("Title", "text");
    library.save();
    CHECK(has(library.get("/feeds").body, "Up to date"));
    CHECK_FALSE(has(library.get("/").body, "class=\"warning\""));

    library.now = noon + 9 * one_day;
    for (const char* path : {"/", "/feeds"})
        CHECK(has(library.get(path).body, "Nothing new for 9 days; you may be cut off"));

    auto archive = must(Archive::open(library.file));
    library.ruznameh.record.fork_head = library.ruznameh.record.head;
    must(archive.save_feed(library.ruznameh.record));
    CHECK(has(library.get("/feeds").body, "somebody else may have its key"));
}

TEST_CASE("a reader is told why keys were revoked") {
    Library library;
    library.gazette.add("Title", "text");
    library.save();
    CHECK_FALSE(has(library.get("/feeds").body, "withdrawn keys"));
    auto archive = must(Archive::open(library.file));
    library.gazette.revoke("the laptop was <stolen>");
    must(archive.save_feed(library.gazette.record));
    CHECK(has(library.get("/feeds").body, "withdrawn keys (<bdi>the laptop was &lt;stolen&gt;</bdi>)"));
}

namespace {
constexpr const char* doubt = "<span class=\"doubtful\">may not be by the newsroom</span>";
}

TEST_CASE("an article whose key the newsroom has withdrawn says so, and whether it is in doubt") {
    Library library;
    library.gazette.add("Title", "text");
    library.gazette.add("Other", "text");
    library.save();
    const auto article = "/article/" + to_hex(library.gazette.articles.at(0).id());
    CHECK_FALSE(has(library.get(article).body, "withdrawn"));
    auto archive = must(Archive::open(library.file));

    library.gazette.lose_key(noon, "the laptop was <stolen>");
    must(archive.save_feed(library.gazette.record));
    const auto page = library.get(article).body;
    CHECK(has(page, "Careful: this article may not be by the newsroom."));
    CHECK(has(page, "<bdi>the laptop was &lt;stolen&gt;</bdi>"));
    CHECK(has(page, std::string("Other</bdi></span>") + doubt));
    CHECK(has(library.get("/").body, doubt));
    CHECK(has(library.get(article, {{"format", "text"}}).body, "may not be by the newsroom"));
    CHECK(has(library.get(article, {{"format", "json"}}).body, "\"doubtful\":true"));
    const auto feed = "/feed/" + library.gazette.key().hex();
    CHECK(has(library.get(feed + "/atom.xml").body, "may not be by the newsroom"));
    CHECK(has(library.get(feed + "/feed.json").body, "may not be by the newsroom"));

    library.gazette.lose_key(noon + one_day, "the laptop was stolen");
    must(archive.save_feed(library.gazette.record));
    CHECK(has(library.get(article).body, "The article is from before that day."));
    CHECK_FALSE(has(library.get("/").body, doubt));
    CHECK(has(library.get(article, {{"format", "json"}}).body, "\"doubtful\":false"));
}

TEST_CASE("an article whose key the newsroom does not name says so wherever it goes") {
    Library library;
    library.gazette.add("Title", "text");
    library.save();
    const auto article = "/article/" + to_hex(library.gazette.articles.at(0).id());
    auto archive = must(Archive::open(library.file));
    library.gazette.forget_key();
    must(archive.save_feed(library.gazette.record));
    CHECK(has(library.get(article).body, "not in the newsroom&#39;s list of keys"));
    CHECK_FALSE(has(library.get(article).body, "1970"));
    CHECK(has(library.get("/").body, doubt));
    CHECK(has(library.get(article, {{"format", "text"}}).body, "list of keys"));
    CHECK(has(library.get(article, {{"format", "json"}}).body,
              R"("withdrawn_key":{"doubtful":true,"reason":"","since":null})"));
    const auto feed = "/feed/" + library.gazette.key().hex();
    CHECK(has(library.get(feed + "/atom.xml").body, "list of keys"));
    CHECK(has(library.get(feed + "/feed.json").body, "list of keys"));
}

TEST_CASE("a feed's page shows key and link as text") {
    Library library;
    library.gazette.add("Title", "text");
    library.save();
    const auto key = library.gazette.key().hex();
    CHECK(has(library.get("/feeds").body, key.substr(0, 8) + " " + key.substr(8, 8)));
    const auto body = library.get("/feed/" + key).body;
    CHECK(has(body, key.substr(0, 8) + " " + key.substr(8, 8)));
    CHECK(has(body, "readonly dir=\"ltr\" value=\"magnet:?xs=urn:btpk:" + key + "\""));
    CHECK_FALSE(has(body, "href=\"magnet"));
}

TEST_CASE("two feeds with an article of one id leave the choice to the reader") {
    Library library;
    const auto article = library.gazette.add("The real one", "text");
    library.ruznameh.articles.push_back(article);
    library.ruznameh.articles.back().set_title("The copy");
    library.save();
    const auto path = "/article/" + id_of(article);
    const auto choice = library.get(path);
    CHECK(choice.status == 300);
    CHECK(has(choice.body, path + "?feed=" + library.gazette.key().hex()));
    CHECK(has(library.get(path, {{"feed", library.gazette.key().hex()}}).body, "The real one"));
    CHECK(has(library.get(path, {{"feed", library.ruznameh.key().hex()}}).body, "The copy"));
}

TEST_CASE("a damaged archive gives a page that says so") {
    Library library;
    must(write_file(library.file, std::string(8192, 'x')));
    CHECK(library.get("/").status == 500);
    CHECK(library.get("/api/v1/latest").status == 500);
    CHECK(library.get("/style.css").status == 200);
}
