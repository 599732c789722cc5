#include <catch2/catch.hpp>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "article/article.h"
#include "article/render.h"
#include "core/limits.h"
#include "support/test_feed.h"

using namespace colport;

namespace {

const PublicKey feed = PublicKey{};

std::string no_picture(const pb::Figure&) { return ""; }

/// Is every element closed in its turn? Gives the first thing that is wrong.
std::string fault_of(const std::string& html) {
    std::vector<std::string> open;
    for (auto at = html.find('<'); at != html.npos; at = html.find('<', at + 1)) {
        const auto end = html.find('>', at);
        if (end == html.npos) return "cut: " + html.substr(at);
        const auto tag = html.substr(at + 1, end - at - 1);
        const auto name = tag.substr(0, tag.find_first_of(" "));
        // The same text is put into books, which are XML.
        if (tag.back() == '/') continue;
        if (name[0] != '/') {
            const bool in_list = !open.empty() && (open.back() == "ul" || open.back() == "ol");
            if (in_list != (name == "li")) return "<" + name + "> in the wrong place";
            open.push_back(name);
        } else if (open.empty() || open.back() != name.substr(1)) {
            return "<" + name + "> closes nothing";
        } else {
            open.pop_back();
        }
    }
    return open.empty() ? "" : "<" + open.back() + "> is never closed";
}

pb::Article with_list(const std::vector<std::uint32_t>& depths, bool ordered = false) {
    pb::Article out;
    auto& list = *out.add_blocks()->mutable_list();
    list.set_ordered(ordered);
    for (const auto depth : depths) {
        auto& item = *list.add_items();
        item.set_depth(depth);
        item.add_spans()->set_text(std::to_string(depth));
    }
    return out;
}

}  // namespace

TEST_CASE("an article's id follows from the feed and the publisher's name for it") {
    const auto id = article_id(feed, "guid");
    CHECK(id == article_id(feed, "guid"));
    CHECK(id != article_id(feed, "guid "));
    CHECK(id != article_id(support::test_key("a").public_key(), "guid"));
    CHECK(id.view() ==
          sha256("colport article id v1\n" + feed.str() + "guid").view().substr(0, 16));
}

TEST_CASE("an article that keeps the rules passes") {
    CHECK(check(support::rich_article(feed)));
    CHECK(check(support::test_article(feed, "g", "", "")));
    auto old = support::test_article(feed, "g", "Before 1970", "x", -2'000'000'000);
    CHECK(check(old));
    old.set_zone(-18 * 60);
    CHECK(check(old));
}

TEST_CASE("an article over 4 MiB is refused") {
    auto article = support::test_article(feed, "g", "t", std::string(limits::article, 'x'));
    CHECK(check(article).error().code == Errc::too_large);
}

TEST_CASE("links lead to the web or to a letter") {
    for (const char* good : {"http://example.org", "https://example.org/a?b=c#d",
                             "mailto:desk@example.org", "https://пример.example/путь"}) {
        CAPTURE(good);
        CHECK(is_safe_link(good));
    }
    for (const char* bad :
         {"", "javascript:alert(1)", " https://example.org", "https://example.org/a b",
          "JAVASCRIPT:x", "Https://example.org", "data:text/html,x", "//example.org", "ftp://a",
          "https://example.org/\"", "https://example.org/<x>", "https://example.org/\n",
          "https://example.org/\x7f", "https://example.org/\xff", "http:example.org"}) {
        CAPTURE(bad);
        CHECK_FALSE(is_safe_link(bad));
    }
    CHECK(is_safe_link("https://" + std::string(4088, 'x')));
    CHECK_FALSE(is_safe_link("https://" + std::string(4089, 'x')));
}

TEST_CASE("every text of an article must be text") {
    using Edit = void (*)(pb::Article&, const std::string&);
    const Edit edits[] = {
        [](auto& a, auto& t) { a.set_title(t); },
        [](auto& a, auto& t) { a.set_note(t); },
        [](auto& a, auto& t) { a.set_language(t); },
        [](auto& a, auto& t) { a.set_section(t); },
        [](auto& a, auto& t) { a.set_summary(t); },
        [](auto& a, auto& t) { a.add_authors(t); },
        [](auto& a, auto& t) { a.add_tags(t); },
        [](auto& a, auto& t) { a.set_url("https://" + t); },
        [](auto& a, auto& t) { a.mutable_lead()->set_alt(t); },
        [](auto& a, auto& t) { a.mutable_lead()->set_credit(t); },
        [](auto& a, auto& t) { a.mutable_lead()->add_caption()->set_text(t); },
        [](auto& a, auto& t) { a.add_blocks()->mutable_paragraph()->add_spans()->set_text(t); },
        [](auto& a, auto& t) {
            auto& heading = *a.add_blocks()->mutable_heading();
            heading.set_level(2);
            heading.add_spans()->set_text(t);
        },
        [](auto& a, auto& t) {
            a.add_blocks()->mutable_list()->add_items()->add_spans()->set_text(t);
        },
        [](auto& a, auto& t) {
            a.add_blocks()->mutable_quote()->add_paragraphs()->add_spans()->set_text(t);
        },
        [](auto& a, auto& t) { a.add_blocks()->mutable_quote()->set_source(t); },
        [](auto& a, auto& t) { a.add_blocks()->mutable_table()->add_caption()->set_text(t); },
        [](auto& a, auto& t) {
            a.add_blocks()->mutable_table()->add_rows()->add_cells()->add_spans()->set_text(t);
        },
        [](auto& a, auto& t) { a.add_blocks()->mutable_code()->set_text(t); },
        [](auto& a, auto& t) { a.add_blocks()->mutable_code()->set_language(t); },
        [](auto& a, auto& t) { a.add_blocks()->mutable_figure()->set_alt(t); },
        [](auto& a, auto& t) {
            auto& embed = *a.add_blocks()->mutable_embed();
            embed.set_url("https://example.org");
            embed.set_title(t);
        },
    };
    for (std::size_t i = 0; i < std::size(edits); ++i) {
        CAPTURE(i);
        auto article = support::test_article(feed, "g", "t", "x");
        edits[i](article, "fine");
        CHECK(check(article));
        auto odd = support::test_article(feed, "g", "t", "x");
        edits[i](odd, std::string("a\0b", 3));
        CHECK_FALSE(check(odd));
        odd = support::test_article(feed, "g", "t", "x");
        edits[i](odd, "\xff");
        CHECK_FALSE(check(odd));
    }
}

TEST_CASE("HTML escapes whatever an article says") {
    auto article = support::rich_article(feed);
    article.set_summary("<script>&\"'");
    article.mutable_blocks(0)->mutable_paragraph()->mutable_spans(0)->set_text("<b>\n&amp;");
    const auto html = to_html(article, [](const pb::Figure&) { return "/p?a=\"1\"&b"; });
    CHECK(fault_of(html) == "");
    CHECK(html.find("&lt;script&gt;&amp;&quot;&#39;") != html.npos);
    CHECK(html.find("&lt;b&gt;<br/>&amp;amp;") != html.npos);
    CHECK(html.find("src=\"/p?a=&quot;1&quot;&amp;b\"") != html.npos);
    CHECK(html.find("<script") == html.npos);
    CHECK(html.find("href=") == html.npos);
    CHECK(html.find("b=&#39;2&#39;") != html.npos);
    CHECK(html.find("<th>year|month</th>") != html.npos);
}

TEST_CASE("HTML of nested lists is well formed") {
    CHECK(to_html(with_list({0, 1, 0}), no_picture) ==
          "<ul><li>0<ul><li>1</li></ul></li><li>0</li></ul>\n");
    CHECK(to_html(with_list({}), no_picture) == "<ul></ul>\n");
    std::vector<std::uint32_t> depths;
    // Every list of up to five items with depths of 0 to 3.
    for (int code = 0; code < 4 * 4 * 4 * 4 * 4; ++code) {
        depths.clear();
        for (int left = code, i = 0; i < 5; left /= 4, ++i)
            depths.push_back(static_cast<std::uint32_t>(left % 4));
        const auto fault = fault_of(to_html(with_list(depths, code % 2 == 1), no_picture));
        if (!fault.empty()) FAIL(fault << " in list " << code);
    }
    CHECK(fault_of(to_html(with_list({8, 0, 8}), no_picture)) == "");
}

TEST_CASE("Markdown escapes what would be markup") {
    const auto article =
        support::test_article(feed, "g", "1. *Title* <b>", "a_b [c](d)\n# e | `f` & <i>");
    CHECK(to_markdown(article) ==
          "# 1\\. \\*Title\\* \\<b\\>\n\na\\_b \\[c\\](d) \\# e \\| \\`f\\` \\& \\<i\\>\n");
    const auto rich = to_markdown(support::rich_article(feed));
    CHECK(rich.find("[link](<https://example.org/?a=1&b='2'>)") != rich.npos);
    CHECK(rich.find("## Heading") != rich.npos);
    CHECK(rich.find("3. item at 0\n        - item at 2") != rich.npos);
    CHECK(rich.find("````\nif (a < b)\n\t```\n````") != rich.npos);
    CHECK(rich.find("| year\\|month |\n| --- |\n| 2026 |") != rich.npos);
}

TEST_CASE("a figure without words leaves no trace in text and Markdown") {
    auto article = support::test_article(feed, "g", "t", "x");
    article.mutable_lead()->set_width(5);
    CHECK(to_markdown(article) == "# t\n\nx\n");
    CHECK(to_text(article) == "x");
}

TEST_CASE("plain text has the words and nothing else") {
    const auto text = to_text(support::rich_article(feed));
    CHECK(text.starts_with("a < b\n\na \"lead\"\n\nПлоский текст\n\nsss"));
    CHECK(text.find("\n\nquoted\n— somebody\n\nfigures\nyear|month\n2026\n\nif (a < b)") !=
          text.npos);
    CHECK(text.ends_with("caption\n\nA film"));
}

TEST_CASE("JSON tells every block, also those of a later version") {
    const auto json = to_json(support::rich_article(feed));
    CHECK(json.at("blocks").size() == 11);
    CHECK(json.at("blocks").at(10).at("type") == "unknown");
    CHECK(json.at("published") == "2026-03-14T05:50:00-03:30");
    CHECK(json.at("text") == to_text(support::rich_article(feed)));
}

TEST_CASE("times are told in the article's zone") {
    CHECK(format_time(0, 60) == "");
    CHECK(format_time(support::test_time, 0) == "2026-03-14 09:20");
    CHECK(format_timestamp(support::test_time, 120) == "2026-03-14T11:20:00+02:00");
    CHECK(format_timestamp(support::test_time) == "2026-03-14T09:20:00Z");
    CHECK(format_timestamp(-62'135'596'800) == "0001-01-01T00:00:00Z");
}

TEST_CASE("the direction of writing follows from the primary subtag") {
    for (const char* tag : {"ar", "fa-IR", "he", "ckb"}) CHECK(is_right_to_left(tag));
    for (const char* tag : {"", "en", "arn", "ru-RU"}) CHECK_FALSE(is_right_to_left(tag));
}
