#include "storage_fixture.h"

using namespace colport;
using namespace colport::testing;

namespace {

struct Forms {
    const char* language;
    const char* text;
    std::vector<std::string> found;
    std::vector<std::string> not_found;
};

}  // namespace

TEST_CASE_METHOD(Fixture, "an article is found by any form of its words, in its language") {
    const std::vector<Forms> all = {
        {"en", "Protesters were running from the police", {"run", "PROTESTER", "runs"}, {"walk"}},
        {"ru", "Журналистов задержали у здания суда, ещё троих",
         {"журналист", "журналисты", "суд", "еще", "здание"}, {"судак"}},
        {"uk", "Журналістів затримали біля будівлі суду",
         {"журналісти", "журналіст", "суд", "будівля"}, {"свобода"}},
        {"be", "Журналістаў затрымалі каля будынка", {"журналісты"}, {"свабода"}},
        {"fa", "کتاب‌های روزنامه‌نگاران توقیف شد",
         {"کتاب", "کتاب‌های", "كتاب", "کتابهای", "روزنامه"}, {"آزادی"}},
        {"ar", "اعتقلت الشرطة الصحفيين في المدينة",
         {"الصحفيين", "مدينة", "المدينه"}, {"حرية"}},
        {"tr", "Gazetecilerin evleri arandı, İstanbul'da",
         {"ev", "evleri", "istanbul"}, {"özgürlük"}},
        {"zh", "记者在法院门口被捕", {"记者", "法院", "法院门口", "门"}, {"自由", "者法"}},
        {"ja", "記者が裁判所の前で逮捕された", {"記者", "裁判所", "逮捕"}, {"自由"}},
        {"ko", "기자들이 법원 앞에서 체포되었다", {"기자", "법원", "체포"}, {"자유"}},
        {"th", "นักข่าวถูกจับกุมหน้าศาล", {"นักข่าว", "ศาล"}, {"เสรีภาพ"}},
        {"he", "העיתונאים נעצרו", {"העיתונאים", "נעצרו"}, {"חופש"}}};
    std::vector<Draft> drafts;
    for (const auto& forms : all)
        drafts.push_back({forms.language, forms.language, forms.text, forms.language});
    feed.publish(archive, drafts);
    for (const auto& forms : all) {
        for (const auto& word : forms.found) {
            CAPTURE(forms.language, word);
            const auto titles_found = titles(word);
            CHECK(std::find(titles_found.begin(), titles_found.end(), forms.language) !=
                  titles_found.end());
            for (const auto& hit : search(word).hits)
                if (hit.title == forms.language)
                    CHECK(hit.snippet.find(mark_begin) != std::string::npos);
        }
        for (const auto& word : forms.not_found) {
            CAPTURE(forms.language, word);
            CHECK(titles(word).empty());
        }
    }
    must(archive.check_integrity());
}

TEST_CASE_METHOD(Fixture, "a word is found as people without its letters, or in its other spelling, type it") {
    feed.publish(archive, {{"1", "Perú", "La bahía cerró su oficina en la región", "es"},
                           {"2", "Bremen", "Die Möwen über dem Dächermeer", "de"},
                           {"3", "Bursa", "Köylülerin bahçeleri sular altında", "tr"},
                           {"4", "Nice", "L'école aujourd’hui fermée", "fr"},
                           {"5", "Geneva", "The U.S. delegation honoured the agreement", "en"},
                           {"6", "Tabriz", "شئون اداری درختهای شهر", "fa"}});
    const std::vector<std::pair<std::string, std::string>> all = {
        {"bahia", "Perú"},       {"moewe", "Bremen"},      {"bahce", "Bursa"},
        {"l'école", "Nice"},     {"aujourd'hui", "Nice"},  {"ecole fermee", "Nice"},
        {"US", "Geneva"},        {"U.S.", "Geneva"},       {"honored", "Geneva"},
        {"شؤون", "Tabriz"},      {"درخت", "Tabriz"}};
    for (const auto& [word, title] : all) {
        CAPTURE(word);
        CHECK(titles(word) == Titles{title});
    }
    must(archive.check_integrity());
}

TEST_CASE_METHOD(Fixture, "a word that has two stems is there but once") {
    feed.publish(archive, {{"1", "A", "стакан, пять чашек и блюдце", "ru"}});
    const auto hits = search("чашек").hits;
    REQUIRE(hits.size() == 1);
    CHECK(std::count(hits[0].snippet.begin(), hits[0].snippet.end(), mark_begin) == 1);
    CHECK(titles("чашка") == Titles{"A"});
}

TEST_CASE_METHOD(Fixture, "an article without a language is searched in the one it is in") {
    feed.publish(archive, {{"1", "Суд", "Журналистов задержали у здания областного суда, "
                                        "сообщает издание. Адвокаты называют задержание "
                                        "незаконным и требуют освобождения.", ""}});
    CHECK(titles("журналист") == Titles{"Суд"});
    CHECK(titles("lang:ru") == Titles{"Суд"});
    must(archive.check_integrity());
}

TEST_CASE_METHOD(Fixture, "a reader's language says what endings to cut off") {
    feed.publish(archive, {{"1", "Haus", "Die Häuser der Stadt", "de"}});
    Query query;
    query.words = "hauses";
    query.interface_language = "de-AT";
    CHECK(titles(query) == Titles{"Haus"});
}

TEST_CASE_METHOD(Fixture, "the exact form outranks another") {
    feed.publish(archive, {{"1", "A", "the strikes were long and cold"},
                           {"2", "B", "the strike was long and cold"},
                           {"3", "C", "the striking was long and cold"}});
    CHECK(titles("strike").front() == "B");
    CHECK(titles("strikes").front() == "A");
    CHECK(titles("strikes").size() == 3);
}

TEST_CASE_METHOD(Fixture, "a stem of one language finds no word of another") {
    // Swedish sees an ending in "news".
    feed.publish(archive, {{"1", "New", "a new house", "en"}, {"2", "Hus", "ett hus", "sv"},
                           {"3", "News", "no news today", "en"}});
    CHECK(titles("news") == Titles{"News"});
    CHECK(titles("new") == Titles{"New"});
}
