#include <catch2/catch.hpp>

#include <chrono>

#include "support/page_checks.h"

using namespace colport;
using namespace colport::test;

TEST_CASE("parts of an article stay whatever a page builder calls them") {
    const auto part = [](const std::string& names, int times, const std::string& word) {
        std::string out = "<div class='" + names + "'>";
        for (int i = 0; i < times; ++i) out += paragraph(word + " " + prose);
        return out + "</div>";
    };
    const auto parts = [&](const std::string& names) {
        return text_of_page("<div id=page>" + part(names, 9, "First") + part(names, 6, "Second") +
                            part(names, 5, "Third") + "</div>");
    };
    for (const std::string names :
         {"elementor-element elementor-widget elementor-widget-text-editor", "overflow-hidden",
          "overflow-x-hidden", "md:hidden", "print:hidden", "hidden-xs", "elementor-hidden-mobile",
          "post tag-print category-social-media", "post comments-open", "teaser", "print:text-black",
          "no-sidebar", "so-widget widget_text"}) {
        INFO(names);
        const auto text = parts(names);
        CHECK(holds(text, "First"));
        CHECK(holds(text, "Second"));
        CHECK(holds(text, "Third"));
    }
    for (const std::string names : {"newsletter", "visually-hidden", "sharebar", "related-links"}) {
        INFO(names);
        const auto text = text_of_page(part("text", 9, "First") + part(names, 2, "Second"));
        CHECK(holds(text, "First"));
        CHECK_FALSE(holds(text, "Second"));
    }
}

TEST_CASE("the parts of an article stay together however a page nests them") {
    const auto some = [](int times, const std::string& word) {
        std::string out;
        for (int i = 0; i < times; ++i) out += paragraph(word + " " + prose);
        return out;
    };
    const auto all = [&](const std::string& html) {
        INFO(html.substr(0, 60));
        const auto text = text_of_page("<h1>The bell</h1>" + html);
        for (const auto* word : {"First", "Second", "Third"}) {
            CAPTURE(word);
            CHECK(holds(text, word));
        }
    };
    all("<div id=page><div><div>" + some(9, "First") + "</div><div>" + some(5, "Second") +
        "</div></div><div>" + some(8, "Third") + "</div></div>");
    all("<article>" + some(9, "First") + "</article><article>" + some(6, "Second") +
        "</article><article>" + some(5, "Third") + "</article>");
    all("<main>" + some(1, "First") + some(2, "Second") + "<section>" + some(9, "Third") +
        "</section></main>");
    all("<div>" + some(2, "First") + some(1, "Second") + "<div style='display:none' id=more>" +
        some(6, "Third") + "</div></div>");
    all("<div>" + some(3, "First") + some(3, "Second") + "<div class=slider><img src=a.jpg>" +
        some(2, "Third") + "</div></div>");
    all("<div>" + some(3, "First") + "<h2><button>Second question</button></h2>" + some(3, "x") +
        "<label>Third question</label>" + some(3, "x") + "</div>");
    SECTION("and other articles stay out") {
        const auto text = text_of_page(
            "<article class=post><h1>The bell</h1>" + some(9, "First") +
            "</article><article class=post><h2><a href=/x>The pier</a></h2>" + some(3, "Second") +
            "</article><article class=post><h1>The boat</h1>" + some(3, "Third") + "</article>");
        CHECK(holds(text, "First"));
        CHECK_FALSE(holds(text, "Second"));
        CHECK_FALSE(holds(text, "Third"));
    }
    SECTION("nor does what asks for consent, hidden, take their place") {
        const auto text = text_of_page("<div>" + some(2, "First") + "</div><div hidden>" +
                                       some(6, "Second") + "</div><p>Third.</p><div hidden class=modal>" +
                                       some(20, "Fourth") + "</div>");
        CHECK(holds(text, "First"));
        CHECK_FALSE(holds(text, "Second"));
        CHECK_FALSE(holds(text, "Fourth"));
    }
    SECTION("nor is a copy for other screens shown twice") {
        const auto text = text_of_page("<div>" + some(6, "First") + "</div><div hidden>" +
                                       some(6, "Second") + "</div>");
        CHECK_FALSE(holds(text, "Second"));
    }
}

TEST_CASE("first lines, notes and corrections beside the text are of the article") {
    std::string text = "<div class=text>";
    for (int i = 0; i < 9; ++i) text += paragraph(prose);
    text += "</div>";
    const std::string note = "An earlier version said that the bell was found in May; it was June.";
    const auto note_in = [&](const std::string& before, const std::string& after) {
        return holds(text_of_page("<article>" + before + text + after + "</article>"), note);
    };
    const std::string heading = "<h1>The bell</h1>";
    CHECK(note_in(heading, paragraph(note)));
    CHECK(note_in(heading + paragraph(note), ""));
    CHECK(note_in("<header>" + heading + paragraph(note) + "</header>", ""));
    CHECK(note_in("<div class=top>" + heading + "<div class=lead>" + note + "</div></div>", ""));
    CHECK(holds(text_of_page("<main><header>" + heading + paragraph(note) + "</header><article>" +
                             text + "</article></main>"), note));
    CHECK(note_in(heading, "<blockquote>" + paragraph(note) + "</blockquote>"));
    CHECK(note_in(heading, "<h3>The names</h3><ul><li>Ann Lee, teacher<li>" + note + "</ul>"));
    CHECK(note_in(heading, "<h2>What is known</h2><div class=other>" + paragraph(prose) +
                               paragraph(note) + "</div>"));
    CHECK_FALSE(note_in(heading, "<div class=other><h2>About us</h2>" + paragraph(prose) +
                                     paragraph(note) + "</div>"));
    CHECK_FALSE(note_in("<div class=top>" + heading + "<ul><li><a href=/x>" + note +
                            "</a></ul></div>", ""));
}

TEST_CASE("what leads away or is named oddly may be news") {
    const auto kept = [](const std::string& html) {
        return holds(text_of_page(paragraph(prose) + paragraph(prose) + html + paragraph(prose)),
                     "The bell rang");
    };
    const std::string line = "The bell rang twice that night, wrote the keeper of the lighthouse.";
    for (const std::string name : {"telegram-post", "prisoner-bio", "poll-results", "survey", "rating",
                                   "topics"}) {
        INFO(name);
        CHECK(kept("<div class='" + name + "'>" + paragraph(line) + "</div>"));
    }
    CHECK(kept("<p>They say so:</p><ul><li><a href=/1>The bell rang</a>, a book<li>"
               "<a href=/2>Nobody heard the second bell</a>, a film</ul>"));
    CHECK_FALSE(kept("<p>Read also:</p><ul><li><a href=/1>The bell rang</a><li>"
                     "<a href=/2>Nobody heard the second bell</a></ul>"));
    CHECK(kept("<figure><p>“The bell rang when it wanted.”</p><figcaption>Ann Lee</figcaption></figure>"));
    CHECK(kept("<h3>What was heard?</h3><div style='display: none'>" + paragraph(line) + "</div>"));
    CHECK_FALSE(kept("<div style='display: none'>" + paragraph(line) + "</div>"));
    const std::string longer = "The bell rang twice that night, and once more in the morning, wrote the "
                               "keeper of the lighthouse in his book.";
    CHECK(kept("<figure><img src=a.jpg alt=Bell>" + paragraph(longer) +
               "<figcaption>Ann Lee</figcaption></figure>"));
    CHECK(holds(text_of_page(paragraph(prose) + "<p><b>More?</b></p><p>No.</p>" + paragraph(prose)), "More?"));
    const auto unclosed = text_of_page(paragraph(prose) + "<h2>The bell rang" + paragraph(prose) +
                                       "<ul><li>In May<li>In June</ul>");
    CHECK(holds(unclosed, "The bell rang\n"));
    CHECK(holds(unclosed, "In June"));
    SECTION("and a last sentence that is a link stays") {
        CHECK(holds(text_of_page(paragraph(prose) + paragraph(prose) + "<p><a href='https://a."
                                 "example/x'>" + prose + "</a> ok.</p>"), " ok."));
    }
}

TEST_CASE("pictures in the cells of a table follow it") {
    const auto out = import_ok("<html><body>" + paragraph(prose) + "<table><tr><th>Name<th>Face<tr>"
                               "<td>Ann<td><img src=a.jpg alt=One><tr><td>Bo<td><p><img src=b.jpg "
                               "alt=Two></table>" + paragraph(prose), "page.html");
    const auto& article = out.articles.at(0).article;
    REQUIRE(article.blocks_size() == 5);
    CHECK(article.blocks(1).table().rows_size() == 3);
    CHECK(article.blocks(2).figure().alt() == "One");
    CHECK(article.blocks(3).figure().alt() == "Two");
}

TEST_CASE("whoever adds a page hears when much of it was left out") {
    const auto warned = [](const std::string& html) {
        const auto out = import_ok("<html><body>" + html, "page.html");
        return has_warning(out, "words were left out as boxes beside the text: look at the preview");
    };
    std::string text;
    for (int i = 0; i < 8; ++i) text += paragraph(prose);
    CHECK_FALSE(warned(text + "<p>Subscribe to our newsletter.</p><div class=newsletter>" +
                       paragraph(prose) + "</div>"));
    CHECK(warned(text + "<div class=tools>" + paragraph(prose) + paragraph(prose) +
                 paragraph(prose) + paragraph(prose) + "</div>"));
    CHECK(warned("<div>" + text + "</div><div class=x><h3>About</h3>" + paragraph(prose) +
                 paragraph(prose) + paragraph(prose) + "</div>"));
    CHECK(warned(text + "<h2>Comments (2)</h2>" + paragraph(prose) + paragraph(prose)));
}

TEST_CASE("many lines, labels and comments cost time that is linear in the text") {
    const auto timed = [](const char* name, const std::string& begin, const std::string& part) {
        INFO(name << ": " << part);
        std::string text = begin;
        while (text.size() < 2'000'000) text += part;
        const auto from = std::chrono::steady_clock::now();
        (void)import_source(text, name, {});
        CHECK(std::chrono::steady_clock::now() - from < std::chrono::seconds(15));
    };
    timed("a.txt", "", "ab. cd. ef. gh\n");
    timed("a.txt", "", "茶馆里的象棋\n");
    timed("a.txt", "", "Share\n\n");
    const std::string page = "<html><body><h1>The bell</h1>";
    timed("a.html", page, "<h2>Telegram</h2><figure><img src=x alt=y></figure>");
    timed("a.html", page, "<h2>Comments (2)</h2><p>a. b. c. d. e. f. g. h");
    timed("a.html", page, "<article class='a b'><p>abc</p></article>");
    std::string names = "<div class='";
    for (int i = 0; i < 100'000; ++i) names += "n" + std::to_string(i) + " ";
    timed("a.html", page + names + "'>" + prose + "</div>", "<div class='b c'>abc</div>");
    timed("a.html", page, "<div class=a><div class=a>" + prose + "</div>");
}
