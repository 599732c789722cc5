#include <set>

#include "web/catalogue.h"
#include "web/language.h"
#include "web/words.h"
#include "web_sample.h"

using namespace colport;
using namespace colport::web;
using namespace colport::web_testing;

namespace {

std::string in(const char* code, const std::function<std::string()>& say) {
    const Speaking speaking(*language_named(code));
    return say();
}

std::string articles_in(const char* code, std::uint64_t number) {
    return in(code, [&] { return count_text(words::articles, number); });
}

/// What a person sees or hears of a page, but for the sentences of catalogues,
/// what articles and feeds say, and what is the same in all languages.
std::string outside_catalogues(std::string html) {
    for (const char* attribute : {"placeholder", "aria-label", "title"}) {
        const auto name = std::string(" ") + attribute + "=\"";
        for (auto at = html.find(name); at != html.npos; at = html.find(name, at)) {
            const auto stop = html.find('"', at + name.size());
            html += "\n" + html.substr(at + name.size(), stop - at - name.size());
            html.erase(at, stop + 1 - at);
        }
    }
    using Pair = std::pair<std::string, std::string>;
    for (const auto& [begin, end] :
         {Pair{"⟦", "⟧"}, {"<bdi", "</bdi>"}, {"<code", "</code>"}, {"<kbd", "</kbd>"},
          {"<a class=\"brand\"", "</a>"}, {" – Colport", "<"}, {"&", ";"}, {"<", ">"}}) {
        for (auto at = html.find(begin); at != html.npos; at = html.find(begin)) {
            const auto stop = html.find(end, at);
            if (stop == html.npos) break;
            html.replace(at, stop + end.size() - at, end == "<" ? "<" : " ");
        }
    }
    for (const std::string known : {"Colport", "JSON Feed", "Markdown", "JSON", "EPUB", "Atom", "OPDS",
                                    "fa, zh-TW", "magnet:?", "/media/stick"})
        for (auto at = html.find(known); at != html.npos; at = html.find(known))
            html.erase(at, known.size());
    for (const auto& language : languages())
        if (const auto at = html.find(language.name); at != html.npos)
            html.erase(at, std::string(language.name).size());
    return html;
}

bool has_letters(const std::string& text) {
    return text.find_first_of("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ") != text.npos;
}

}  // namespace

TEST_CASE("the browser's wish decides on the language") {
    const auto wanted = [](const char* header) { return std::string(language_wanted(header).code); };
    CHECK(wanted("") == "en");
    CHECK(wanted("fa-IR,fa;q=0.9,en;q=0.8") == "fa");
    CHECK(wanted("de-CH, de;q=0.9, ru;q=0.5, en;q=0.3") == "ru");
    CHECK(wanted("zh-CN,zh;q=0.9") == "zh");
    CHECK(wanted("en;q=0.2, my") == "my");
    CHECK(wanted("xx") == "en");
    CHECK(wanted(";;;q=,,,\xff\x01") == "en");
    CHECK(wanted(std::string(100'000, 'x').c_str()) == "en");
}

TEST_CASE("each language has its own plurals and digits") {
    CHECK(articles_in("en", 1) == "1 article");
    CHECK(articles_in("en", 1234) == "1,234 articles");
    CHECK(articles_in("ru", 1) == "1 статья");
    CHECK(articles_in("ru", 3) == "3 статьи");
    CHECK(articles_in("ru", 11) == "11 статей");
    CHECK(articles_in("ru", 21) == "21 статья");
    CHECK(articles_in("ar", 1) == "مقال واحد");
    CHECK(has(articles_in("ar", 5), "مقالات"));
    CHECK(articles_in("fa", 12) == "۱۲ مقاله");
    CHECK(articles_in("zh", 7) == "7 篇文章");
}

TEST_CASE("dates and sizes are written as the language writes them") {
    const auto day = [] { return day_text(noon, 120); };
    CHECK(in("en", day) == "Saturday, 14 March 2026");
    CHECK(has(in("ru", day), "14 марта 2026"));
    CHECK(has(in("fa", day), "۱۴۰۴"));  // the calendar of Iran
    CHECK(has(in("zh", day), "2026年3月14日"));
    CHECK(in("en", [] { return clock_text(noon, 120); }) == "14:00");
    CHECK(in("en", [] { return size_text(1'400'000); }) == "1.4 MB");
    CHECK(in("en", [] { return date_text(0, 0); }).empty());
}

TEST_CASE("every catalogue is in the program, and says other things than English") {
    std::set<std::string> codes;
    for (const auto& compiled : compiled_catalogues()) codes.insert(std::string(compiled.code));
    for (const auto& language : languages()) {
        if (std::string(language.code) == "en") continue;
        CAPTURE(language.code);
        CHECK(codes.count(language.code) == 1);
        CHECK(in(language.code, [] { return std::string(words::no_feeds_hint); }) !=
              words::no_feeds_hint.english);
    }
    CHECK(codes.size() + 1 == languages().size());
}

TEST_CASE("a page speaks the reader's language, in its direction") {
    Library library;
    library.gazette.add("Title", "text");
    library.save();
    web::Request request;
    request.host = "localhost";
    request.path = "/";
    request.accept_language = "fa";
    const auto persian = library.site.render(request).body;
    CHECK(has(persian, "<html lang=\"fa\" dir=\"rtl\""));
    CHECK(has(persian, "تازه‌ها"));
    CHECK(has(persian, "<li lang=\"en\" dir=\"ltr\""));
    request.accept_language = "ru";
    CHECK(has(library.site.render(request).body, "<html lang=\"ru\" dir=\"ltr\""));
}

TEST_CASE("no sentence of a page stands outside the catalogues") {
    CHECK(has_letters(outside_catalogues("<p>⟦All⟧ 12 <b>Stray</b></p>")));
    CHECK(has_letters(outside_catalogues("<p title=\"stray\">⟦All⟧</p>")));
    CHECK_FALSE(has_letters(outside_catalogues("<p title=\"⟦t⟧\">⟦All⟧ 12<bdi>x</bdi></p>")));
    Library library;
    library.gazette.record.name = "7";
    library.ruznameh.record.name = "8";
    auto& article = library.gazette.add("9", "1 2 3.", "en");
    article.set_section("5");
    article.add_authors("6");
    article.set_revision(2);
    article.set_updated(noon);
    article.set_note("4");
    library.gazette.add("10", "3 2 1", "en", one_day);
    library.save();
    const Speaking speaking(test_language);
    for (const std::string& path :
         {std::string("/"), std::string("/feeds"), std::string("/search"), std::string("/starred"),
          std::string("/history"), std::string("/sections"), std::string("/tags"),
          std::string("/authors"), std::string("/settings"),
          std::string("/keys"), std::string("/follow"), std::string("/kitchen"),
          "/feed/" + library.gazette.key().hex(),
          "/article/" + id_of(library.gazette.articles[0]), std::string("/nowhere")}) {
        for (auto query : {std::map<std::string, std::string>{}, {{"q", "1"}}}) {
            web::Request request;
            request.host = "localhost";
            request.path = path;
            request.query = query;
            const auto left = outside_catalogues(library.site.render(request).body);
            CAPTURE(path, left);
            CHECK_FALSE(has_letters(left));
        }
    }
}
