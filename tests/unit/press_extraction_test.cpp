#include <catch2/catch.hpp>

#include <chrono>

#include "press/import.h"
#include "press/page/markup_limits.h"
#include "press/page/picture_sources.h"
#include "press/page/pleas.h"
#include "press/page/prose_dates.h"
#include "press/page/running_text.h"
#include "press/page/trim_blocks.h"
#include "support/import_checks.h"
#include "support/made_pictures.h"

using namespace colport;
using namespace colport::test;

namespace {

/// One page in one language: what must stay, and what stands around it.
struct Sample {
    const char* language;
    const char* title;
    const char* byline;
    const char* author;
    const char* date;
    std::int64_t published;
    std::vector<const char*> paragraphs;
    std::vector<const char*> beside;      ///< buttons and pleas, each a line of its own
    const char* related;
    const char* other;                    ///< another article's title
};

const std::vector<Sample>& samples() {
    static const std::vector<Sample> all{
        {"en", "The night ferry rings its bell again", "By Ann Lee", "Ann Lee",
         "March 3, 2026 6:05 p.m.", 1772561100,
         {"For eleven winters the ferry crossed the river in silence, because the ice had taken "
          "the bell and nobody in the village could pay for another one.",
          "Last week two brothers found it under the old pier, and the whole village came to see "
          "it lifted out of the mud."},
         {"Share", "Subscribe to our newsletter and never miss a story.", "Advertisement",
          "We use cookies to improve your visit.", "Support our journalism with a small gift."},
         "Read also", "Why the bridge was never built"},
        {"ru", "Ночной паром снова бьёт в колокол", "Автор: Анна Ли", "Анна Ли",
         "3 марта 2026, 18:05", 1772561100,
         {"Одиннадцать зим паром ходил через реку молча: лёд унёс колокол, а денег на новый в "
          "деревне не нашлось ни у кого.",
          "На прошлой неделе два брата нашли его под старым причалом, и вся деревня пришла "
          "посмотреть, как его поднимают из ила."},
         {"Поделиться", "Подпишитесь на нашу рассылку, чтобы ничего не пропустить.", "Реклама",
          "Этот сайт использует файлы cookie.", "Поддержите нас: нам нужна ваша помощь."},
         "Читайте также", "Почему мост так и не построили"},
        {"uk", "Нічний пором знову б'є у дзвін", "Автор: Ганна Лі", "Ганна Лі",
         "3 березня 2026, 18:05", 1772561100,
         {"Одинадцять зим пором ходив через річку мовчки: крига забрала дзвін, а грошей на новий "
          "у селі не знайшлося ні в кого.",
          "Минулого тижня двоє братів знайшли його під старим причалом, і все село прийшло "
          "дивитися, як його витягають з мулу."},
         {"Поділитися", "Підпишіться на наш телеграм, щоб нічого не пропустити.", "Реклама",
          "Цей сайт використовує файли cookie.", "Підтримайте нас: ваша допомога важлива."},
         "Читайте також", "Чому міст так і не збудували"},
        {"fa", "کشتی شب دوباره زنگ خود را به صدا درآورد", "نویسنده: آنا لی", "آنا لی",
         "۱۲ اسفند ۱۴۰۴، ۱۸:۰۵", 1772561100,
         {"یازده زمستان کشتی در سکوت از رودخانه می‌گذشت، چون یخ زنگ آن را برده بود و هیچ‌کس در "
          "روستا پول خریدن زنگ تازه‌ای نداشت.",
          "هفتهٔ گذشته دو برادر زنگ را زیر اسکلهٔ کهنه پیدا کردند و همهٔ روستا آمدند تا بیرون آمدن "
          "آن را از گل تماشا کنند."},
         {"هم‌رسانی", "مشترک شوید تا هیچ خبری را از دست ندهید.", "تبلیغات",
          "این سایت از کوکی استفاده می‌کند.", "از ما حمایت کنید تا بمانیم."},
         "بیشتر بخوانید", "چرا پل هرگز ساخته نشد"},
        {"ar", "عبّارة الليل تقرع جرسها من جديد", "بقلم: آنا لي", "آنا لي", "3 مارس 2026، 18:05",
         1772561100,
         {"أحد عشر شتاء والعبّارة تقطع النهر صامتة، لأن الجليد أخذ الجرس ولم يملك أحد في القرية "
          "ثمن جرس جديد.",
          "في الأسبوع الماضي عثر أخوان عليه تحت الرصيف القديم، وجاءت القرية كلها لتشاهد رفعه من "
          "الوحل."},
         {"شارك", "اشترك في نشرتنا البريدية حتى لا يفوتك شيء.", "إعلان",
          "يستخدم هذا الموقع ملفات تعريف الارتباط.", "تابعونا على فيسبوك وتويتر."},
         "اقرأ أيضا", "لماذا لم يُبن الجسر قط"},
        {"tr", "Gece vapuru çanını yeniden çalıyor", "Yazan: Ayşe Demir", "Ayşe Demir",
         "3 Mart 2026, 18:05", 1772561100,
         {"Vapur on bir kış boyunca nehri sessizce geçti, çünkü çanı buz götürmüştü ve köyde "
          "yenisini alacak parası olan kimse yoktu.",
          "Geçen hafta iki kardeş çanı eski iskelenin altında buldu ve bütün köy onun çamurdan "
          "çıkarılışını görmeye geldi."},
         {"Paylaş", "Bültenimize abone olun, hiçbir haberi kaçırmayın.", "Reklam",
          "Bu site çerez kullanır.", "Bize destek olun."},
         "İlgili haberler", "Köprü neden hiç yapılmadı"},
        {"zh", "夜间渡船的钟声再次响起来了", "作者：李安娜", "李安娜", "2026年3月3日 18:05",
         1772561100,
         {"十一个冬天里，渡船默默地驶过河面，因为冰块带走了船上的钟，村里没有人买得起一口新的。",
          "上个星期，两兄弟在旧码头下面找到了它，全村的人都跑来看大家怎样把它从泥里拉出来。"},
         {"分享", "订阅我们的电子报，不错过任何消息。", "广告", "本网站使用Cookie改善您的体验。",
          "请支持我们的报道。"},
         "相关阅读", "那座桥为什么一直没有建成"},
        {"es", "La balsa nocturna vuelve a tocar la campana", "Por Ana Lara", "Ana Lara",
         "3 de marzo de 2026, 18:05", 1772561100,
         {"Durante once inviernos la balsa cruzó el río en silencio, porque el hielo se llevó la "
          "campana y nadie en el pueblo podía pagar otra.",
          "La semana pasada dos hermanos la encontraron debajo del muelle viejo, y todo el pueblo "
          "vino a ver cómo la sacaban del barro."},
         {"Compartir", "Suscríbete a nuestro boletín y no te pierdas nada.", "Publicidad",
          "Este sitio utiliza cookies propias.", "Haz una donación para que sigamos."},
         "Lea también", "Por qué nunca se hizo el puente"},
        {"my", "ညကူးတို့သင်္ဘော၏ ခေါင်းလောင်းသံ ပြန်ကြားရပြီ", "ရေးသားသူ: အန်းလီ", "အန်းလီ",
         "၂၀၂၆ ခုနှစ် မတ်လ ၃ ရက်", 1772496000,
         {"ဆောင်းရာသီ ဆယ့်တစ်ခုလုံး ကူးတို့သင်္ဘောသည် မြစ်ကို တိတ်ဆိတ်စွာ ဖြတ်ကူးခဲ့သည်။ ရေခဲက "
          "ခေါင်းလောင်းကို ယူသွားပြီး ရွာထဲတွင် အသစ်ဝယ်နိုင်သူ မရှိခဲ့ပါ။",
          "ပြီးခဲ့သည့်အပတ်က ညီအစ်ကိုနှစ်ယောက်သည် ဆိပ်ခံတံတားဟောင်းအောက်တွင် ၎င်းကို တွေ့ရှိခဲ့ပြီး "
          "တစ်ရွာလုံး လာကြည့်ကြသည်။"},
         {"မျှဝေပါ", "စာရင်းသွင်းပြီး သတင်းများကို ရယူပါ။", "ကြော်ငြာ",
          "ကျွန်ုပ်တို့ကို ထောက်ပံ့ပါ။"},
         "ဆက်စပ်သတင်းများ", "တံတားကို ဘာကြောင့် မဆောက်ခဲ့သလဲ"},
    };
    return all;
}

pb::Article page(const std::string& html, const ImportOptions& options = {}) {
    auto out = import_ok("<!doctype html><html><body>" + html, "page.html", options);
    REQUIRE(out.articles.size() == 1);
    return out.articles.front().article;
}

std::string joined(const std::vector<const char*>& paragraphs) {
    std::string out;
    for (const auto* text : paragraphs) out += (out.empty() ? "" : "\n\n") + std::string(text);
    return out;
}

double seconds_of(const std::function<void()>& work) {
    const auto begin = std::chrono::steady_clock::now();
    work();
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
}

const std::string prose =
    "The pilot keeps a notebook of every crossing, with the hour, the wind and the number of "
    "people aboard, and has never once left the landing late.";

}  // namespace

TEST_CASE("a page without telling names gives its article in every language") {
    for (const auto& sample : samples()) {
        INFO(sample.language);
        std::string html = "<div><div><h1>" + std::string(sample.title) + "</h1><p>" +
                           sample.byline + "</p><p>" + sample.date + "</p>";
        for (std::size_t i = 0; i < sample.paragraphs.size(); ++i)
            html += "<p>" + std::string(sample.paragraphs[i]) + "</p><p>" + sample.beside[i] + "</p>";
        html += "<h3>" + std::string(sample.related) + "</h3><p><a href='/o'>" + sample.other +
                "</a></p>";
        for (std::size_t i = sample.paragraphs.size(); i < sample.beside.size(); ++i)
            html += "<p>" + std::string(sample.beside[i]) + "</p>";
        const auto article = page(html + "</div></div>");
        CHECK(article.title() == sample.title);
        CHECK(running_text(article) == joined(sample.paragraphs));
        CHECK(article.language().substr(0, 2) == sample.language);
    }
}

TEST_CASE("text copied off a page gives its article in every language") {
    for (const auto& sample : samples()) {
        INFO(sample.language);
        std::string text = std::string(sample.beside[0]) + "\n" + sample.title + "\n" +
                           sample.byline + "\n" + sample.date + "\n" + sample.beside[2] + "\n\n";
        for (const auto* paragraph : sample.paragraphs)
            text += std::string(paragraph) + "\n\n" + sample.beside[1] + "\n\n";
        text += std::string(sample.related) + "\n" + sample.other + "\n\n" +
                sample.beside.back() + "\n";
        const auto out = import_ok(text, "copied.txt");
        REQUIRE(out.articles.size() == 1);
        const auto& article = out.articles.front().article;
        CHECK(article.title() == sample.title);
        REQUIRE(article.authors_size() == 1);
        CHECK(article.authors(0) == sample.author);
        CHECK(article.published() == sample.published);
        CHECK(running_text(article) == joined(sample.paragraphs));
    }
}

TEST_CASE("a whole page copied, with menus above and below, gives its article") {
    const auto& english = samples().front();
    const std::string text =
        "Skip to content\nHome\nNews\nOpinion\nThe Harbour Gazette\nNews › Town\n\n" +
        std::string(english.title) + "\n\nAfter eleven winters the old sound is back on the river\n"
        "Ann Lee\nPublished 3 March 2026\n\n5 min read\nShare\nSave\n\n" + prose +
        "\n\nSign up to our newsletter\nGet the best stories in your inbox.\n\n" + prose +
        "\nA short line, said the pilot.\n\nRelated articles\nWhy the bridge was never built\n"
        "Who fishes at night?\n\nComments (2)\nBo\n" + prose + "\nReply\n\nAbout us\nContact\n"
        "Terms of use\n© 2026 The Harbour Gazette\n";
    const auto out = import_ok(text, "copied.txt");
    const auto& article = out.articles.at(0).article;
    CHECK(article.title() == english.title);
    REQUIRE(article.authors_size() == 1);
    CHECK(article.authors(0) == "Ann Lee");
    CHECK(article.published() == 1772496000);
    CHECK(running_text(article) == "After eleven winters the old sound is back on the river\n\n" +
                                       prose + "\n\n" + prose + "\n\nA short line, said the pilot.");
    SECTION("and a text that somebody wrote keeps its lines") {
        const auto written = import_ok("Notes\n\nOne line that an editor\nbroke in the middle.\n\n"
                                       "Two.\n", "note.txt");
        CHECK(running_text(written.articles.at(0).article) ==
              "One line that an editor broke in the middle.\n\nTwo.");
    }
}

TEST_CASE("words of pleas do not cost an article that is about them") {
    const auto article = page(
        "<h1>How a newsletter saved a paper</h1><p>Subscribe to the paper, they said, and it will "
        "live.</p><p>Subscribe now, said the posters on every wall.</p><p>Share</p>");
    CHECK(running_text(article).find("posters") != std::string::npos);
    CHECK_FALSE(is_plea(prose));
    CHECK_FALSE(is_plea("اشترك في الحرب وهو في العشرين من عمره."));
    CHECK_FALSE(is_plea("انضم إلى الجيش بعد المدرسة."));
    CHECK_FALSE(is_plea("Мы используем старые сети, говорит рыбак."));
    CHECK_FALSE(is_label("Share of the market fell by a third"));
    CHECK(is_label("Comments (12)") == false);
    CHECK(announces_comments("Comments (12)"));
    CHECK(announces_links("Читайте также: Почему мост не построили"));
    CHECK_FALSE(announces_links("Related costs rose: prices of coal doubled in a year"));
}

TEST_CASE("captions are told by their class, galleries give their pictures") {
    const auto text = "<p>" + prose + "</p>";
    const auto article = page(
        text + "<div class=photoBox><img src=a.jpg alt=Pier><p class='photo-caption'>The old pier"
               "<span class=credit>Photo: Bo</span></p></div>" + text +
        "<div class=image-gallery><ul><li><img src=b.jpg alt=One><p>Next</p></li>"
        "<li><img src=c.jpg alt=Two></li><li><img src=b.jpg alt=One></li></ul></div>" + text);
    CHECK(running_text(article) == prose + "\n\n" + prose + "\n\n" + prose);
    std::vector<pb::Figure> figures;
    for (const auto& block : article.blocks())
        if (block.has_figure()) figures.push_back(block.figure());
    REQUIRE(figures.size() == 3);
    CHECK(figures[0].alt() == "Pier");
    CHECK(figures[0].caption(0).text() == "The old pier");
    CHECK(figures[0].credit() == "Photo: Bo");
    CHECK(figures[2].alt() == "Two");
}

TEST_CASE("what is said of a page stands in many places") {
    const auto article = page(
        "<meta property='og:image' content='https://a.example/lead.jpg'>"
        "<meta property='og:image:alt' content='The bell'>"
        "<div class=byline>By Ann Lee and Bo Chen</div><span class=post-date>3 марта 2026 г., 18:05 "
        "(МСК)</span><a rel=tag href=/t>Ferries</a><a rel='tag' href=/u>Rivers</a><article><p>" +
            prose + "</p><p>" + prose + "</p></article>",
        {.pictures = [](const std::string& source, const std::string&) {
            return source == "https://a.example/lead.jpg" ? std::optional(made_jpeg())
                                                          : std::nullopt;
        }});
    REQUIRE(article.authors_size() == 2);
    CHECK(article.authors(1) == "Bo Chen");
    CHECK(article.published() == 1772550300);
    CHECK(article.zone() == 180);
    REQUIRE(article.tags_size() == 2);
    CHECK(article.tags(0) == "Ferries");
    CHECK(article.lead().alt() == "The bell");
    CHECK(article.lead().width() == 48);
}

TEST_CASE("a page that a script draws is rescued by what search engines are told") {
    const std::string told = "<script type='application/ld+json'>{\"@type\":\"NewsArticle\","
                             "\"headline\":\"Bell\",\"articleBody\":\"" + prose + " " + prose +
                             "\"}</script>";
    CHECK(running_text(page(told + "<div id=app>Loading</div>")) == prose + " " + prose);
    std::string menus;
    for (int i = 0; i < 60; ++i) menus += "<span>Another thing to read here</span><br>";
    CHECK(running_text(page(told + menus)).find("notebook") == std::string::npos);
}

TEST_CASE("boxes around the text are told apart") {
    std::string comments;
    for (int i = 0; i < 12; ++i) comments += "<div class=comment><p>" + prose + "</p></div>";
    const auto article = page(
        "<div class='page has-sidebar'><div class=head><h1>Bell</h1><span>نویسنده: آنا لی</span>"
        "<span>۱۲ اسفند ۱۴۰۴</span></div><div class=lead>The first lines stand in a box of their "
        "own.</div><div class=inner><p>" + prose + "</p><p>" + prose + "</p><p>" + prose +
        "</p><p>" + prose + "</p></div></div><div id=comments>" + comments + "</div>");
    CHECK(running_text(article).starts_with("The first lines stand in a box of their own.\n\n" + prose));
    CHECK(article.blocks_size() == 5);
    CHECK(article.authors(0) == "آنا لی");
    CHECK(article.published() == 1772496000);
}

TEST_CASE("pictures are found where pages hide them") {
    CHECK(best_of_set("a.jpg 320w, b.jpg 1400w,c.jpg 2800w") == "b.jpg");
    CHECK(best_of_set("a.jpg, b.jpg 1.5x") == "b.jpg");
    CHECK(best_of_set("a,b.jpg 100w") == "a,b.jpg");
    CHECK(best_of_set(" ,, ").empty());
    std::vector<std::string> asked;
    const ImportOptions options{.pictures = [&](const std::string& source, const std::string&) {
        asked.push_back(source);
        return source.starts_with("real") ? std::optional(made_png()) : std::nullopt;
    }};
    const auto figure = [&](const std::string& html) {
        asked.clear();
        const auto article = page("<p>" + prose + "</p><div>" + html + "</div><p>" + prose + "</p>",
                                  options);
        for (const auto& block : article.blocks())
            if (block.has_figure()) return !block.figure().picture().empty();
        return false;
    };
    CHECK(figure("<img src='data:image/gif;base64,R0lG' data-src='real-1.jpg'>"));
    CHECK(figure("<img src='data:image/gif;base64,R0lG'><noscript><img src='real-2.jpg'></noscript>"));
    CHECK(figure("<picture><source type='image/avif' srcset='x.avif'><source srcset='real-3.webp 2x'>"
                 "<img></picture>"));
    CHECK(figure("<img src='real-4.jpg' srcset='gone.jpg 900w'>"));
    CHECK(asked == std::vector<std::string>{"gone.jpg", "real-4.jpg"});
}

TEST_CASE("dates as people write them") {
    const auto at = [](const char* text) { return parse_prose_date(text).value_or(Moment{-1, -1}); };
    const std::int64_t day = 1772496000;  // 2026-03-03
    CHECK(at("Published: Tuesday, 3rd March 2026") == Moment{day, 0});
    CHECK(at("Mar. 3, 2026, 6:05 PM EST") == Moment{day + 23 * 3600 + 300, -300});
    CHECK(at("3 марта 2026 г. в 18:05 (МСК)") == Moment{day + 15 * 3600 + 300, 180});
    CHECK(at("Опубліковано 3 березня 2026") == Moment{day, 0});
    CHECK(at("۱۲ اسفند ۱۴۰۴ - ۱۸:۰۵ به وقت تهران") == Moment{day + 14 * 3600 + 35 * 60, 210});
    CHECK(at("سه‌شنبه ۳ مارس ۲۰۲۶") == Moment{day, 0});
    CHECK(at("٣ آذار ٢٠٢٦") == Moment{day, 0});
    CHECK(at("3 Mart 2026 Salı") == Moment{day, 0});
    CHECK(at("2026年3月3日 下午6:05") == Moment{day + 18 * 3600 + 300, 0});
    CHECK(at("2026年3月3日 18:05（北京时间）") == Moment{day + 10 * 3600 + 300, 480});
    CHECK(at("martes, 3 de marzo de 2026") == Moment{day, 0});
    CHECK(at("၂၀၂၆ ခုနှစ် မတ်လ ၃ ရက်") == Moment{day, 0});
    CHECK(at("03.03.2026 18:05 UTC+3") == Moment{day + 15 * 3600 + 300, 180});
    CHECK(at("2026/03/03 18:05 +03:30") == Moment{day + 14 * 3600 + 35 * 60, 210});
    CHECK(at("23/3/2026") == Moment{day + 20 * 86'400, 0});
    CHECK(at("1404/12/12") == Moment{day, 0});
    CHECK(at("3 сакавіка 2026 г.") == Moment{day, 0});
    CHECK(at("2026-يىلى 3-مارت") == Moment{day, 0});
    CHECK(at("3 መጋቢት 2026") == Moment{day, 0});
    CHECK(at("3 Mar 2026 ዓ.ም") == Moment{day, 0});
    for (const auto* none : {"3/4/2026", "March 2026", "31 February 2026", "room 3, 2026 copies", "",
                             "30 اسفند 1404"})
        CHECK(at(none) == Moment{-1, -1});
    for (const auto* beside : {"March 3, 2026 18:05 - 5 min read", "3 марта 2026, 18:05 - 12 комментариев",
                               "3 марта 2026, 18:05 -12 комментариев", "March 3, 2026 18:05 -5 min"})
        CHECK(at(beside) == Moment{day + 18 * 3600 + 300, 0});
    CHECK(at("Tue Mar 03 2026 18:05:00 GMT+0300") == Moment{day + 15 * 3600 + 300, 180});
    CHECK(is_prose_date("Updated 3 March 2026 at 18:05"));
    CHECK(is_prose_date("Опубликовано 3 марта 2026 г. в 18:05 по московскому времени"));
    CHECK(is_prose_date("Last updated on Tuesday, March 3, 2026 at 6:05 p.m."));
    CHECK(is_prose_date("发布时间：2026年3月3日 18:05"));
    CHECK(is_prose_date("3 березня 2026 р."));
    CHECK(is_prose_date("2026-03-03T18:05:00Z"));
    for (const auto* sentence :
         {"Ales Bialiatski was arrested on 14 July 2021.", "He died on 3 March 2026.",
          "On 14 July 2021 18:05 he was taken out of the house", "Он умер 3 марта 2026 года.",
          "Его задержали 14 июля 2021 года прямо на мосту", "Ён памёр 3 сакавіка 2026 года.",
          "او ۱۲ اسفند ۱۴۰۴ آزاد شد.", "اعتُقل في 3 مارس 2026.", "3 Mart 2026 günü serbest kaldı.",
          "2026年3月3日，他在家中被带走。", "၂၀၂၆ ခုနှစ် မတ်လ ၃ ရက်တွင် သူ့ကိုဖမ်းဆီးခဲ့သည်။",
          "Murió el 3 de marzo de 2026.", "2021", "2021-07"}) {
        INFO(sentence);
        CHECK_FALSE(is_prose_date(sentence));
    }
    CHECK_FALSE(is_prose_date(prose));
    CHECK_FALSE(is_prose_date("On 3 March 2026 the ferry crossed the river with forty people on its deck"));
}

TEST_CASE("titles are the same but for signs and the site's name") {
    CHECK(is_same_title("The night ferry rings!", "the night ferry rings"));
    CHECK(is_same_title("The night ferry rings | Gazette", "The night ferry rings"));
    CHECK_FALSE(is_same_title("The night ferry", "The night ferry that was lost in the autumn ice"));
    CHECK_FALSE(is_same_title("", ""));
}

TEST_CASE("hostile pages cost bounded work and one plain word") {
    SECTION("a hundred thousand attributes on one tag") {
        std::string tag = "<html><body><p";
        for (int i = 0; i < 100'000; ++i) tag += " a" + std::to_string(i) + "=1";
        CHECK(seconds_of([&] {
            const auto out = import_source(tag + ">x</p>", "p.html", {});
            REQUIRE_FALSE(out);
            CHECK(out.error().code == Errc::too_large);
            CHECK(out.error().message.find("attributes") != std::string::npos);
        }) < 2);
        CHECK(check_markup("<a b='x>y' c=\"<\" d><script>if (a<b) {}</script><!-- <p a b c -->"));
        std::string many;
        for (int i = 0; i < 60; ++i) {
            many += "<p";
            for (int j = 0; j < 3000; ++j) many += " a" + std::to_string(j);
            many += ">";
        }
        CHECK_FALSE(check_markup(many));
        std::string script = "<script>a<b ";
        for (int i = 0; i < 10'000; ++i) script += " word";
        CHECK(check_markup(script + "</script><p>x"));
    }
    SECTION("figures within captions within figures") {
        std::string deep;
        for (int i = 0; i < 100; ++i) deep += "<figure><img src=x alt=y><figcaption>c";
        CHECK(seconds_of([&] { page("<p>" + prose + "</p>" + deep); }) < 5);
        deep.clear();
        for (int i = 0; i < 100; ++i) deep += "<div class=caption>" + prose;
        CHECK(seconds_of([&] { page(deep); }) < 5);
    }
    SECTION("a hundred thousand cells, columns and nested tags") {
        std::string table = "<table>";
        for (int i = 0; i < 50'000; ++i) table += "<tr><td colspan=1000>a<td>b";
        CHECK(seconds_of([&] { (void)import_source("<html><p>" + prose + table, "p.html", {}); }) < 10);
        std::string deep;
        for (int i = 0; i < 100'000; ++i) deep += "<div class=author>";
        CHECK(seconds_of([&] { (void)import_source("<html>" + deep + prose, "p.html", {}); }) < 10);
    }
    SECTION("entities and descriptions without end") {
        std::string entities;
        for (int i = 0; i < 200'000; ++i) entities += "&amp;&nosuch;&#x41;";
        CHECK(seconds_of([&] { (void)import_source("<html><p>" + entities, "p.html", {}); }) < 10);
        const std::string json = "<script type='application/ld+json'>" +
                                 std::string(500'000, '[') + "</script>";
        CHECK(seconds_of([&] { page(json + "<p>" + prose); }) < 5);
    }
}
