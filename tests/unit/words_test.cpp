#include <catch2/catch.hpp>

#include <random>
#include <thread>

#include "core/bytes.h"
#include "words/stem_rules.h"
#include "words/words.h"

using namespace colport;

namespace {

struct Kept {
    std::size_t begin = 0, end = 0;
    std::string form, stem;
    bool beside = false;

    explicit Kept(const Word& word)
        : begin(word.begin), end(word.end), form(word.form), stem(word.stem),
          beside(word.beside) {}
};

std::vector<Kept> words_of(std::string_view text, std::string_view language = "") {
    static WordSplitter splitter;
    std::vector<Kept> out;
    splitter.split(text, language, [&](const Word& word) { out.emplace_back(word); });
    return out;
}

using Forms = std::vector<std::string>;

/// Other readings of a position are marked with "&".
Forms forms(std::string_view text, std::string_view language = "") {
    Forms out;
    for (const auto& word : words_of(text, language))
        out.push_back((word.beside ? "&" : "") + word.form);
    return out;
}

/// The one stem that all words of `text` have; all of them if they differ.
std::string stem(std::string_view text, std::string_view language) {
    Forms out;
    for (const auto& word : words_of(text, language)) {
        const auto& own = word.stem.empty() ? word.form : word.stem;
        if (std::find(out.begin(), out.end(), own) == out.end()) out.push_back(own);
    }
    std::string all;
    for (const auto& one : out) all += (all.empty() ? "" : " ") + one;
    return all;
}

/// Another stem of the last word; "" if it has none.
std::string other_stem(std::string_view text, std::string_view language) {
    const auto words = words_of(text, language);
    if (words.empty() || !words.back().beside) return {};
    return words.back().stem.empty() ? words.back().form : words.back().stem;
}

/// What every caller relies on, whatever the text.
std::size_t check_sound(std::string_view text, std::string_view language) {
    std::size_t count = 0, begin = 0;
    bool sound = true;
    static WordSplitter splitter;
    splitter.split(text, language, [&](const Word& word) {
        sound = sound && word.begin >= begin && word.end > word.begin && word.end <= text.size();
        sound = sound && (text[word.begin] & 0xc0) != 0x80;
        sound = sound && (word.end == text.size() || (text[word.end] & 0xc0) != 0x80 ||
                          !is_text(text));
        sound = sound && !word.form.empty() && is_text(word.form) && is_text(word.stem);
        sound = sound && word.form.size() <= 800 && word.stem != word.form;
        sound = sound && (count > 0 || !word.beside);
        begin = word.begin;
        ++count;
    });
    CHECK(sound);
    return count;
}

std::string repeated(std::string_view part, std::size_t bytes) {
    std::string out;
    while (out.size() < bytes) out += part;
    return out;
}

void append_utf8(std::string& out, char32_t c) {
    const auto tail = [c](int shift) { return static_cast<char>(0x80 | (c >> shift & 0x3f)); };
    if (c < 0x80)
        out += static_cast<char>(c);
    else if (c < 0x800)
        out += {static_cast<char>(0xc0 | c >> 6), tail(0)};
    else if (c < 0x10000)
        out += {static_cast<char>(0xe0 | c >> 12), tail(6), tail(0)};
    else
        out += {static_cast<char>(0xf0 | c >> 18), tail(12), tail(6), tail(0)};
}

constexpr std::string_view languages[] = {"ru", "uk", "be", "en", "fa", "ar", "tr", "de",
                                          "fr", "es", "zh", "ja", "ko", "th", "my", ""};

}  // namespace

TEST_CASE("words: text is parted at all that is neither letter, mark nor digit") {
    CHECK(forms("One, two—three_four/five…(six) \"7\"") ==
          Forms{"one", "two", "three", "four", "five", "six", "7"});
    CHECK(forms("").empty());
    CHECK(forms(" \t\n–…!?").empty());
    CHECK(forms("the U.N. and e.g. this. A.Word a. b.") ==
          Forms{"the", "u", "&un", "n", "and", "e", "&eg", "g", "this", "a", "word", "a", "b"});
    CHECK(forms("3,14 COVID-19 1️⃣ ½") == Forms{"3", "14", "covid", "19", "1"});
    CHECK(forms("🦀rust🦀") == Forms{"rust"});
}

TEST_CASE("words: offsets are bytes of the text as it was given") {
    const std::string text = "«Ёж», Straße";
    const auto words = words_of(text, "de");
    REQUIRE(words.size() == 2);
    CHECK(text.substr(words[0].begin, words[0].end - words[0].begin) == "Ёж");
    CHECK(text.substr(words[1].begin, words[1].end - words[1].begin) == "Straße");
}

TEST_CASE("words: case, width and compatibility are folded") {
    CHECK(forms("STRASSE Straße straẞe", "de") == Forms{"strasse", "strasse", "strasse"});
    CHECK(forms("ＡＢＣ１２３ ﬁne x² Ⅳ ①") == Forms{"abc123", "fine", "x2", "iv", "1"});
    CHECK(forms("ΕΙΔΗΣΕΙΣ ειδήσεις") == Forms{"ειδησεισ", "ειδησεισ"});
    CHECK(forms("١٢٣ ۱۲۳ १२३ ๑๒๓") == Forms{"123", "123", "123", "123"});
}

TEST_CASE("words: accents are dropped, composed or not, and й and ї are no accents") {
    CHECK(forms("café cafe\u0301 CAFÉ") == Forms{"cafe", "cafe", "cafe"});
    CHECK(forms("Łódź Ærø œuvre đường") == Forms{"lodz", "aero", "oeuvre", "duong"});
    CHECK(forms("Ёлка ёлка е\u0308лка за\u0301мок", "ru") ==
          Forms{"елка", "елка", "елка", "замок", "&замок"});
    CHECK(forms("Район раи\u0306он раион", "ru") == Forms{"район", "район", "раион"});
    CHECK(forms("її і\u0308і\u0308 іі", "uk") == Forms{"її", "її", "іі"});
    CHECK(forms("ґрунт грунт ўлада улада") == Forms{"грунт", "грунт", "улада", "улада"});
    CHECK(forms("हिन्दी") == Forms{"हिन्दी"});
}

TEST_CASE("words: what cannot be seen is not in a word") {
    CHECK(forms("co\u00adoperate zero\u2060width \ufeffbom") ==
          Forms{"cooperate", "zerowidth", "bom"});
    CHECK(forms("one\u200btwo") == Forms{"one", "two"});
    const auto words = words_of("soft\u00ad end");
    REQUIRE(words.size() == 2);
    CHECK(words[0].end == 4);
}

TEST_CASE("words: Russian") {
    CHECK(stem("новость новости новостью новостей новостям", "ru") == "новост");
    CHECK(stem("ёлка елками ЁЛКУ", "ru") == "елк");
    CHECK(stem("арестован арестована арестовали арестует", "ru") == "арест");
    CHECK(stem("рисовал рисовали", "ru") == "рисова");
    CHECK(stem("летопись летописи летописью", "ru") == "летопис");
    CHECK(stem("ураган ураганом урагана", "ru") == "урага");
    CHECK(stem("задержание задержания", "ru") == "задержан");
    CHECK(stem("обмена обмену измена измену", "ru") == "обмен измен");
    CHECK(stem("уволен уволена уволенный уволить", "ru") == "увол");
    CHECK(stem("свергнуть свергнул свергнут свергнутый", "ru") == "свергн");
    CHECK(stem("минута минут", "ru") == "минут");
    CHECK(stem("реформируем реформируете реформировать", "ru") == "реформир");
    CHECK(stem("двигаясь двигаться", "ru") == stem("двигается", "ru"));
    CHECK(stem("свободный свободного свободная", "ru-RU") == "свободн");
}

TEST_CASE("words: a Slavic word has the stem of its other cases beside it") {
    CHECK(other_stem("чашек", "ru") == stem("чашка чашки", "ru"));
    CHECK(other_stem("копеек", "ru") == stem("копейка", "ru"));
    CHECK(other_stem("отец", "ru") == stem("отца отцы", "ru"));
    CHECK(other_stem("немец", "ru") == stem("немца немцы", "ru"));
    CHECK(other_stem("церковь", "ru") == stem("церкви", "ru"));
    CHECK(other_stem("стол", "ru").empty());
    CHECK(other_stem("ніс", "uk") == stem("носа носом", "uk"));
    CHECK(other_stem("осінь", "uk") == stem("осені", "uk"));
    CHECK(other_stem("фабриці", "uk") == stem("фабрика фабрики", "uk"));
    CHECK(stem("святкувати святкують", "uk") == "святк");
    CHECK(other_stem("шукати", "uk") == stem("шукали шукає", "uk"));
    CHECK(other_stem("говорити", "uk") == stem("говорили", "uk"));
    CHECK(stem("шукав шукали", "uk") == "шука");
    CHECK(other_stem("Київ", "uk") == stem("Києва Києвом", "uk"));
    CHECK(other_stem("президентові", "uk") == stem("президента", "uk"));
    CHECK(other_stem("радість", "uk") == stem("радості радостей", "uk"));
    CHECK(stem("вересня вересню", "uk") == other_stem("вересень", "uk"));
    CHECK(other_stem("старонцы", "be") == stem("старонка старонкі", "be"));
    CHECK(other_stem("судзе", "be") == stem("суд суда", "be"));
    CHECK(other_stem("эколага", "be") == stem("эколагам", "be"));
    CHECK(other_stem("падарунак", "be") == stem("падарунка падарункі", "be"));
}

TEST_CASE("words: Ukrainian and Belarusian are stemmed as Russian's neighbours") {
    CHECK(stem("новина новини новині новиною новин новинам новинами", "uk") == "новин");
    CHECK(stem("новий нового новому нова нової новій нові нових", "uk") == "нов");
    CHECK(stem("Україна України Україні Україною Україну", "uk") == "україн");
    CHECK(stem("інформація інформації інформацією", "uk") == "інформац");
    CHECK(stem("читає читають читала", "uk") == "чита");
    CHECK(stem("навіна навіны навіне навінаў навінамі", "be") == "навін");
    CHECK(stem("новы новае новай новыя новых", "be") == "нов");
    CHECK(stem("чытаць чытаеш чытаў чыталася чытаюцца чытайце", "be").starts_with("чыт"));
    CHECK(stem("арганізацыя арганізацыі арганізацыю арганізацыяй", "be") == "арганізац");
    CHECK(stem("затримати затримано затриманий затримання затримують", "uk")
              .starts_with("затрима"));
    CHECK(stem("звільнено звільнений звільнення звільнили", "uk") == "звільн");
    CHECK(stem("порушень порушення порушили порушується", "uk") == "поруш");
    CHECK(stem("малює малюють малюємо малювала", "uk") == "мал");
    CHECK(stem("працюватиме працюватимуть працюють працювали", "uk") == "прац");
    CHECK(stem("зустрічалися зустрічатимуться зустрічаються", "uk") == "зустріча");
    for (const auto* language : {"uk", "be"})
        for (const auto& word : words_of("відповідальність обґрунтовано прыватнага", language))
            CHECK(word.form.starts_with(word.stem));
}

TEST_CASE("words: an apostrophe within a Ukrainian word is one with it") {
    for (const auto* word : {"п'ять", "п’ять", "пʼять", "П`ЯТЬ", "пять"})
        CHECK(forms(word, "uk") == Forms{"пять"});
    CHECK(forms("аб'ява", "be") == Forms{"абява"});
    CHECK(forms("'цитата' п' ' ять 5'6", "uk") == Forms{"цитата", "п", "ять", "5", "6"});
}

TEST_CASE("words: Turkish i has no dot where its capital has none, and suffixes leave names") {
    CHECK(stem("IŞIK ışık", "tr") == stem("ışık", "tr"));
    CHECK(stem("ışıklar IŞIKLAR ışık", "tr") == "isik");
    CHECK(stem("İSTANBUL istanbul İstanbul'da istanbul’un", "tr") == "istanbul");
    CHECK(stem("Türkiye Türkiye'nin Türkiye’de", "tr") == stem("türkiye", "tr"));
    CHECK(stem("toprakları topraklari toprak TOPRAKLAR", "tr") == "toprak");
    CHECK(stem("bahçesi bahçe bahcenin bahçeye", "tr") == "bahce");
    CHECK(stem("göçmenler göçmen", "tr") != stem("göç", "tr"));
    CHECK(stem("kapanması kapanıyor kapanmak", "tr") == stem("kapanacak", "tr"));
    CHECK(stem("köylerde koylerde köy koy", "tr") == "koy");
    CHECK(stem("bebeği bebegi bebekler bebek", "tr") == "bebek");
    CHECK(forms("İstanbul'da ISPARTA", "tr") == Forms{"istanbulda", "isparta"});
    CHECK(forms("IŞIK ışık isik İ I", "en") == Forms{"isik", "isik", "isik", "i", "i"});
}

TEST_CASE("words: English") {
    CHECK(stem("run running runs", "en") == "run");
    CHECK(stem("Putin Putin's Putin’s", "en") == "putin");
    CHECK(stem("resume résumé resumes", "en") == "resum");
    CHECK(forms("don't O’Brien", "en") == Forms{"dont", "obrien"});
    CHECK(stem("civilisation civilization's civilisations", "en") == "civil");
    CHECK(stem("memorise memorized memorising", "en") == "memor");
    CHECK(stem("rumour rumor rumours", "en") == "rumor");
    CHECK(stem("resource journal detours", "en") == "resourc journal detor");
    CHECK(stem("firemen fireman", "en") == "fireman");
    CHECK(other_stem("happiest", "en") == stem("happy", "en"));
    CHECK(other_stem("carrier", "en") == stem("carry carries", "en"));
    CHECK(words_of("covid19s", "en")[0].stem.empty());
    CHECK(words_of("cat", "en")[0].stem.empty());
}

TEST_CASE("words: German, French and Spanish, with accents and without") {
    CHECK(stem("Häuser Häusern Haus hauser", "de") == "haus");
    CHECK(stem("élections élection elections ÉLECTION", "fr") == "elect");
    CHECK(forms("L'État d’accord qu'il", "fr") == Forms{"etat", "accord", "il"});
    CHECK(forms("aujourd'hui presqu’île l'", "fr") == Forms{"aujourdhui", "presquile", "l"});
    CHECK(forms("dell'amico quest'anno", "it") == Forms{"amico", "quest", "anno"});
    CHECK(words_of("réfugiés", "fr")[0].stem == words_of("réfugiées", "fr")[0].stem);
    CHECK(other_stem("réfugiés", "fr") == stem("refugie refugies", "fr"));
    CHECK(stem("directrice directeur", "fr") == "directeur");
    CHECK(stem("rivière rivieres", "fr") == "rivi");
    CHECK(other_stem("élus", "fr") == stem("élu élue", "fr"));
    CHECK(other_stem("dénoncent", "fr") == stem("dénoncer dénonce", "fr"));
    CHECK(other_stem("chômeuses", "fr") == stem("chômeur chomeurs", "fr"));
    CHECK(other_stem("lentement", "fr").empty());
    CHECK(other_stem("jueces", "es") == stem("juez", "es"));
    CHECK(other_stem("Autos", "de") == stem("Auto", "de"));
    CHECK(stem("Journalistin Journalistinnen Journalist", "de") == "journalist");
    CHECK(stem("demonstrierten demonstriert demonstrieren", "de") == "demonstri");
    CHECK(stem("Mädchen maedchen", "de") == "madch");
    CHECK(stem("fließen Mauern Quellen neue", "de") == "fliess mau quell neu");
    CHECK(stem("Statue Statuen", "de") == "statu");
    CHECK(words_of("tías", "es")[0].stem == "tia");
    CHECK(other_stem("sandía", "es") == stem("sandia", "es"));
    CHECK(other_stem("casa", "es").empty());
    CHECK(stem("información informaciones informacion", "es") == "inform");
    CHECK(stem("informação informacao informações", "pt-BR") == "inform");
}

TEST_CASE("words: Arabic letters are unified, decoration is dropped") {
    CHECK(forms("مدرسة مدرسه مَدْرَسَة مـــدرسة ﻣﺪﺭﺳﺔ", "ar") == Forms(5, "مدرسه"));
    CHECK(forms("أخبار إخبار آخبار ٱخبار اخبار ا\u0654خبار") == Forms(6, "اخبار"));
    CHECK(forms("على علي علی") == Forms(3, "علي"));
    CHECK(stem("المدرسة مدرسه والمدرسة المدرسه", "ar") == "مدرس");
    CHECK(stem("حكومة الحكومة والحكومة بالحكومة", "ar") == "حكوم");
    CHECK(stem("والدها والدته والدين", "ar") == "والد");
    CHECK(stem("مهندس المهندسين مهندسون للمهندسين والمهندسات", "ar") == "مهندس");
    CHECK(stem("جامعة الجامعات جامعتهم لجامعة", "ar") == "جامع");
    CHECK(stem("التزام الالتزام بالتزامهم", "ar") == "تزام");
    CHECK(stem("لبنان للبنان ايران", "ar") == "بنان ايران");
    CHECK(stem("بيوتهم بيوت", "ar") == "بيوت");
    CHECK(forms("شؤون شئون شوون", "ar") == Forms(3, "شوون"));
    CHECK(forms("و'النهار'", "ar") == Forms{"و", "النهار"});
}

TEST_CASE("words: Persian is found with either keyboard's letters and however it is joined") {
    CHECK(forms("کتاب كتاب", "fa") == Forms{"كتاب", "كتاب"});
    CHECK(forms("ایران ايران رئیس رییس", "fa") == Forms{"ايران", "ايران", "رييس", "رييس"});
    CHECK(forms("خانهٔ خانۀ خانه", "fa") == Forms(3, "خانه"));
    const std::string text = "نمی‌خواهم";
    CHECK(forms(text, "fa") == Forms{"نمي", "&نميخواهم", "خواهم"});
    const auto words = words_of(text, "fa");
    CHECK(words[1].begin == 0);
    CHECK(words[1].end == text.size());
    CHECK(words[2].begin == std::string("نمی‌").size());
    CHECK(forms("کتاب‌های‌شان", "fa") == Forms{"كتاب", "&كتابهايشان", "هاي", "شان"});
    CHECK(forms("خانه‌ ‌ها‌", "fa") == Forms{"خانه", "ها"});
    CHECK(stem("درخت درختها درختهای درختهایشان درختان درختی", "fa") == "درخت");
    CHECK(stem("نویسنده نویسندگان", "fa") == "نويسند");
    CHECK(stem("بزرگ بزرگتر بزرگترین", "fa") == "بزرگ");
    CHECK(stem("تنها دختر ایران", "fa") == "تنها دختر ايران");
    CHECK(stem("آقا آقایان آقای", "fa") == "اقا");
    CHECK(forms("Auf\u200clage") == Forms{"auflage"});
}

TEST_CASE("words: Chinese, Japanese and Korean are pairs of characters") {
    CHECK(forms("北京大学", "zh-Hans") == Forms{"北京", "京大", "大学"});
    CHECK(forms("水", "zh") == Forms{"水"});
    CHECK(forms("我爱iPhone手机。水", "zh") == Forms{"我爱", "iphone", "手机", "水"});
    CHECK(forms("東京タワー", "ja") == Forms{"东京", "京タ", "タワ", "ワー"});
    CHECK(forms("ｶﾞｽ ガス ガス", "ja") == Forms{"ガス", "ガス", "ガス"});
    CHECK(forms("時々 人々", "ja") == Forms{"时々", "人々"});
    CHECK(forms("한국어 뉴스 가", "ko") == Forms{"한국", "국어", "뉴스", "가"});
    CHECK(forms("한국", "ko") == Forms{"한국"});
    CHECK(forms("學生 学生 圖書館", "zh") == Forms{"学生", "学生", "图书", "书馆"});
    CHECK(forms("학교가 학교에서는 학생들이 학생은", "ko") == Forms{"학교", "학교", "학생", "학생"});
    CHECK(forms("나이 전문가", "ko") == Forms{"나이", "전문", "문가"});
    const auto words = words_of("北京大");
    REQUIRE(words.size() == 2);
    CHECK((words[0].begin == 0 && words[0].end == 6));
    CHECK((words[1].begin == 3 && words[1].end == 9));
}

TEST_CASE("words: Thai, Lao, Khmer and Burmese come from dictionaries") {
    CHECK(forms("ภาษาไทย", "th") == Forms{"ภาษา", "ไทย"});
    CHECK(forms("ของประเทศ", "en") == Forms{"ของ", "ประเทศ"});
    CHECK(forms("ພາສາລາວ", "lo") == Forms{"ພາສາ", "ລາວ"});
    CHECK(forms("မြန်မာနိုင်ငံသတင်း", "my") == Forms{"မြန်မာနိုင်ငံ", "သတင်း"});
    CHECK(forms("ភាសា\u200bខ្មែរ", "km") == Forms{"ភាសា", "ខ្មែរ"});
    CHECK(forms("น้ำ นํ้า น้ํา", "th") == Forms(3, "น้ำ"));
    CHECK(forms("ນໍ້າ", "lo") == Forms{"ນ້ຳ"});
    CHECK(forms("ไทยNews๑๒", "th") == Forms{"ไทย", "news12"});
}

TEST_CASE("words: dictionary words are whole where a long run is looked at in parts") {
    std::string text;
    for (int i = 0; i < 2000; ++i) text += "ภาษาไทย";
    const auto all = forms(text, "th");
    REQUIRE(all.size() == 4000);
    for (std::size_t i = 0; i < all.size(); i += 2) {
        REQUIRE(all[i] == "ภาษา");
        REQUIRE(all[i + 1] == "ไทย");
    }
}

TEST_CASE("words: of a language tag the first part counts, and unknown ones have no stems") {
    CHECK(stem("running", "EN_us") == "run");
    CHECK(stem("running", "en-GB") == "run");
    for (const auto* tag : {"", "xx", "english", "porter", "e", "-", "e n", "日本"})
        CHECK(stem("running", tag) == "running");
    for (int i = 0; i < 1000; ++i) forms("running", "x" + std::to_string(i));
}

TEST_CASE("words: a word split by itself is the same word") {
    for (const auto& [language, text] : std::vector<std::pair<std::string, std::string>>{
             {"ru", "Ёлки за\u0301мок, новости 2024-го и Putin's"},
             {"uk", "П’ять обов'язків її України"},
             {"en", "Putin's naïve résumés don’t co\u00adoperate"},
             {"tr", "Türkiye'nin IŞIĞI İstanbul’da"},
             {"ar", "والمدرسة وَالْمُدَرِّسَةُ كـــتاب ١٢٣"},
             {"de", "Größere Häuser"},
             {"zh", "北京大学"},
             {"fa", "ایران خانهٔ"}}) {
        for (const auto& word : words_of(text, language)) {
            const auto alone = words_of(text.substr(word.begin, word.end - word.begin), language);
            REQUIRE(!alone.empty());
            for (const auto& reading : alone) CHECK(reading.form == word.form);
            CHECK(alone[word.beside ? 1 : 0].stem == word.stem);
        }
    }
}

TEST_CASE("words: forms fold to themselves") {
    for (const auto& [language, text] : std::vector<std::pair<std::string, std::string>>{
             {"ru", "Ёлка Район"}, {"uk", "Її ґанок п'ять"}, {"ar", "مدرسةٌ أخبار على"},
             {"fa", "کتاب‌های رئیس"}, {"tr", "IŞIK İyi"}, {"fr", "Œuvre élevée"},
             {"el", "Ελλάς"}, {"ja", "ｶﾞｽ東京"}, {"hi", "हिन्दी लड़कियों"}})
        for (const auto& word : words_of(text, language))
            for (const auto& again : words_of(word.form, language))
                CHECK(again.form == word.form);
}

TEST_CASE("words: what any one character folds to folds to itself") {
    WordSplitter splitter;
    std::size_t wrong = 0;
    for (char32_t c = 1; c < 0x110000; ++c) {
        std::string text = "b";
        append_utf8(text, c);
        Forms once, twice;
        splitter.split(text + 'b', "", [&](const Word& word) { once.emplace_back(word.form); });
        for (const auto& form : once)
            splitter.split(form, "", [&](const Word& word) { twice.emplace_back(word.form); });
        wrong += once != twice;
    }
    CHECK(wrong == 0);
}

TEST_CASE("words: many threads may make the tables at once") {
    const std::string text = "Ёлка café مدرسة हिन्दी 北京 한국 ภาษาไทย ქართული አማርኛ தமிழ்";
    std::vector<Forms> found(4);
    {
        std::vector<std::jthread> threads;
        for (auto& mine : found)
            threads.emplace_back([&] {
                WordSplitter splitter;
                splitter.split(text, "ru", [&](const Word& word) { mine.emplace_back(word.form); });
            });
    }
    for (const auto& mine : found) CHECK(mine == forms(text, "ru"));
}

TEST_CASE("words: the stems that are remembered are those that are made") {
    WordSplitter used;
    const auto stems_by = [](WordSplitter& splitter, std::string_view text, const char* language) {
        Forms out;
        splitter.split(text, language, [&](const Word& word) { out.emplace_back(word.stem); });
        return out;
    };
    std::mt19937 random(7);
    std::string text;
    for (int i = 0; i < 30'000; ++i) {
        for (int n = 2 + static_cast<int>(random() % 8); n > 0; --n)
            text += static_cast<char>('a' + random() % 26);
        text += i % 2 ? "ing " : "ность ";
    }
    for (const auto* language : {"en", "ru", "de", "en"}) {
        WordSplitter fresh;
        CHECK(stems_by(used, text, language) == stems_by(fresh, text, language));
    }
}

TEST_CASE("words: stems begin as their words do, where that is relied upon") {
    const std::pair<const char*, const char*> alphabets[] = {
        {"a b c d e f g h i j k l m n o p q r s t u v w x y z á à â ä å ã é è ê ë í ì î ï ı ó ò ô ö õ "
         "ú ù û ü ç ñ š ž č ş ğ ő ű ø æ ß ' - a e i o n s t r h",
         "en de fr es it pt nl sv no nb nn da fi hu ro tr ca eu ga id lt"},
        {"а б в г д е ё ж з и й к л м н о п р с т у ф х ц ч ш щ ъ ы ь э ю я і ї є ґ ў ' о е а и",
         "ru uk be sr"},
        {"ا ب ت ث ج ح خ د ذ ر ز س ش ص ض ط ظ ع غ ف ق ك ل م ن ه و ي ى ة ء أ إ آ ؤ ئ پ چ ژ گ ک ی", "fa"},
        {"α β γ δ ε ζ η θ ι κ λ μ ν ξ ο π ρ σ τ υ φ χ ψ ω ά έ ή ί ό ύ ώ ς", "el"},
        {"ա բ գ դ ե զ է ը թ ժ ի լ խ ծ կ հ ձ ղ ճ մ յ ն շ ո չ պ ջ ռ ս վ տ ր ց ւ փ ք օ ֆ", "hy"},
        {"अ आ इ ई उ ऊ ए ऐ ओ औ क ख ग घ च छ ज झ ट ठ ड ढ ण त थ द ध न प फ ब भ म य र ल व श ष स ह ा ि ी ु "
         "ू े ै ो ौ ं ् ा ी",
         "hi ne"},
        {"அ ஆ இ ஈ உ ஊ எ ஏ ஐ ஒ ஓ க ங ச ஞ ட ண த ந ப ம ய ர ல வ ழ ள ற ன ா ி ீ ு ூ ெ ே ை ொ ோ ்", "ta"},
        {"א ב ג ד ה ו ז ח ט י כ ל מ נ ס ע פ צ ק ר ש ת ך ם ן ף ץ", "yi"}};
    std::mt19937 random(5);
    for (const auto& [letters, languages] : alphabets) {
        std::vector<std::string> alphabet;
        for (const auto& form : {std::string(letters)})
            for (std::size_t at = 0; at < form.size();) {
                const auto end = std::min(form.find(' ', at), form.size());
                alphabet.push_back(form.substr(at, end - at));
                at = end + 1;
            }
        std::string text;
        for (int i = 0; i < 30'000; ++i) {
            for (auto size = 2 + random() % 8; size > 0; --size)
                text += alphabet[random() % alphabet.size()];
            text += ' ';
        }
        for (const auto& code : forms(languages)) {
            if (!words::keeps_first_character(code)) continue;
            CAPTURE(code);
            std::size_t others = 0;
            for (const auto& word : words_of(text, code)) {
                FirstCharacters first;
                first.insert(word.form);
                if (word.stem.empty() || first.contains(word.stem)) continue;
                if (others++ == 0) UNSCOPED_INFO(word.form + " " + word.stem);
            }
            CHECK(others == 0);
        }
    }
}

TEST_CASE("words: stems that nobody seeks need not be made, the others are the same") {
    const std::string text = "The runners were running late and nobody walks, walking towers";
    FirstCharacters sought;
    sought.insert("walk");
    std::vector<Kept> some;
    WordSplitter splitter;
    splitter.split(text, "en", &sought, [&](const Word& word) { some.emplace_back(word); });
    const auto all = words_of(text, "en");
    REQUIRE(some.size() == all.size());
    for (std::size_t i = 0; i < all.size(); ++i) {
        CHECK(some[i].form == all[i].form);
        CHECK(some[i].stem == (sought.contains(all[i].form) ? all[i].stem : ""));
    }
    FirstCharacters none;
    some.clear();
    splitter.split("والكتاب", "ar", &none, [&](const Word& word) { some.emplace_back(word); });
    REQUIRE(some.size() == 1);
    CHECK(some[0].stem == words_of("والكتاب", "ar")[0].stem);
}

TEST_CASE("words: hostile text is split in one pass") {
    SECTION("random bytes") {
        std::mt19937 random(1);
        for (int round = 0; round < 200; ++round) {
            std::string text(random() % 4000, '\0');
            for (char& c : text) c = static_cast<char>(random());
            check_sound(text, languages[round % std::size(languages)]);
        }
    }
    SECTION("random characters") {
        std::mt19937 random(2);
        for (int round = 0; round < 200; ++round) {
            std::string text;
            const char32_t range = round % 4 ? 0x3000 : 0x110000;
            for (int i = 0; i < 1000; ++i) {
                const char32_t c = random() % range;
                append_utf8(text, c);
            }
            check_sound(text, languages[round % std::size(languages)]);
        }
    }
    SECTION("no end of one thing") {
        for (const auto* part :
             {"a", "ё", "\u0301", "a\u0301\u0302", "'", "a'", "\u200c", "ا\u200c", "ﷺ", "中",
              "中\u3099", "\u3099", "ก", "ก\u0e31", "ក្", "\u00ad", "က္", "\xf0", "\x80", "٠",
              "ㅏ", "ᄀ", "İ", "𝔘", "ß"})
            for (const auto* language : {"tr", "ru", "fa", "uk"})
                check_sound(repeated(part, 200'000), language);
    }
    SECTION("a megabyte of marks belongs to nobody") {
        CHECK(check_sound("e" + repeated("\u0301", 1 << 20) + " end", "en") == 2);
        CHECK(forms("中" + repeated("\u0301", 1 << 20) + "国").size() == 1);
    }
    SECTION("a word of characters that stand for many comes in parts") {
        const auto all = words_of(repeated("\uFDFA", 3 * longest_word), "ar");
        REQUIRE(all.size() > 1);
        for (const auto& word : all) CHECK(word.form.size() < 300);
        CHECK(forms(repeated("\U0001E900", 4 * longest_word)).size() == 1);
    }
    SECTION("an endless word comes in parts") {
        CHECK(check_sound(std::string(longest_word, 'a'), "en") == 1);
        CHECK(check_sound(std::string(1 << 20, 'a'), "en") == (1 << 20) / longest_word);
    }
    SECTION("NUL and malformed bytes part words") {
        CHECK(forms(std::string_view("one\0two\xffthree\xd0 \xe4\xb8", 17)) ==
              Forms{"one", "two", "three"});
        CHECK(forms("\xc0\xaf\xed\xa0\x80\xf5z") == Forms{"z"});
    }
}

TEST_CASE("words: the signature names the tables") {
    CHECK(words_signature().starts_with(std::to_string(words_version) + "/icu"));
}
