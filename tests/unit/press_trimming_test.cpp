#include <catch2/catch.hpp>

#include "press/dates.h"
#include "press/page/running_text.h"
#include "support/import_checks.h"

using namespace colport;
using namespace colport::test;

namespace {

const std::string prose =
    "The pilot keeps a notebook of every crossing, with the hour, the wind and the number of "
    "people aboard, and has never once left the landing late.";

std::string text_of_page(const std::string& html) {
    const auto out = import_ok("<!doctype html><html><body>" + html, "page.html");
    REQUIRE(out.articles.size() == 1);
    return running_text(out.articles.front().article);
}

std::string text_of_note(const std::string& text) {
    const auto out = import_ok(text, "note.txt");
    REQUIRE(out.articles.size() == 1);
    return running_text(out.articles.front().article);
}

bool holds(const std::string& text, const std::string& part) {
    return text.find(part) != std::string::npos;
}

std::string paragraph(const std::string& text) { return "<p>" + text + "</p>"; }

/// What newsrooms report in the words that boxes beside their text use as well.
const std::vector<const char*> news{
    "“Support us with weapons, not words,” the president told the assembly.",
    "Support us with weapons, not words, the president told the assembly.",
    "Already a member of the alliance, the country sent two ships.",
    "Chip in the phone, number on the list: that is how they were found.",
    "All rights reserved to citizens were taken from them, the lawyer said.",
    "Stay up to date with vaccinations, the clinic in the camp advises.",
    "Download the app only from its maker's own page.",
    "Like us on the other bank, they have had no power since May.",
    "Readers wrote to our newsletter that the bridge was closed.",
    "(c) the right to be told the reason of the arrest.",
    "«Присоединяйтесь к нам!» — призвала она прохожих с крыльца суда.",
    "— Поддержите нас, — просили шахтёры у ворот.",
    "Поддержать нас пришли сотни людей из соседних деревень.",
    "Нашли ошибку и в протоколах соседней комиссии.",
    "Пожертвовать собой он был готов ещё тогда, говорит мать.",
    "Сайт использует уязвимость в старых телефонах.",
    "Зарегистрируйтесь на новом участке до пятницы, советует комиссия.",
    "Как сообщал наш телеграм-канал, трое задержанных уже дома.",
    "Все права защищены только на бумаге, говорит адвокат.",
    "Последние новости: мост закрыт, людей вывозят на лодках.",
    "Популярное — не всегда хорошее, смеётся режиссёр.",
    "Підтримати нас прийшли сотні людей із сусідніх сіл.",
    "Помітили помилку й у протоколах сусідньої дільниці.",
    "Долучайтеся до толоки біля школи, кличе громада.",
    "برای حمایت از زندانیان سیاسی صدها نفر در میدان گرد آمدند.",
    "حمایت مالی ایران از حزب‌الله کاهش یافته است.",
    "کارگران می‌گویند تمام حقوق آنان پرداخت نشده است.",
    "برای عضویت در ناتو همهٔ کشورها باید رأی بدهند.",
    "ما را دنبال کردند و تا در خانه آمدند.",
    "از ما حمایت نکردند و رفتند.",
    "آخرین اخبار: سه نفر در معدن زنده پیدا شدند.",
    "اشتركوا في المظاهرة رغم المنع.",
    "تابعونا حتى باب البيت ثم انصرفوا.",
    "انضم إلينا في الاستوديو محام من المدينة.",
    "انضم إلى المحتجين بعد دعوة على تلغرام.",
    "Destek olmak için köyden gelenler kapıda bekledi.",
    "YouTube kanalımıza konuşan avukat davanın düştüğünü söyledi.",
    "命令写道，各网站一律不得转载该文。",
    "前责任编辑李某被警方带走。",
    "支持獨立的受訪者占三成。",
    "捐款支持受害家属的市民被警方带走。",
    "成为会员国还要等三年，外长说。",
    "登录后，用户发现账号已经被封。",
    "最新消息：警方封锁了整条街，居民不能回家。",
    "Sigue a la espera de juicio, contó su abogado en Twitter.",
    "Ayúdanos a encontrar a nuestros hijos, piden las madres.",
    "Si te gustó el campo de antes, hoy no lo reconocerías.",
    "Más información: nadie sabe dónde están, dijo la fiscal.",
    "စာရင်းသွင်းရန် ငြင်းဆန်သူများကို ဖမ်းဆီးခဲ့သည်။",
    "ကျွန်ုပ်တို့ကို လိုက်ဖမ်းခဲ့ကြသည်။",
    "တယ်လီဂရမ် အုပ်စုများနှင့် ချန်နယ်များကို ပိတ်ခဲ့သည်။",
};

}  // namespace

TEST_CASE("news that uses the words of pleas stays, wherever it stands") {
    for (const std::string sentence : news) {
        INFO(sentence);
        const auto around = paragraph(prose) + paragraph(prose);
        CHECK(holds(text_of_page(around + paragraph(sentence) + around), sentence));
        CHECK(holds(text_of_page(paragraph(sentence) + around + around), sentence));
        CHECK(holds(text_of_page(around + around + paragraph(sentence)), sentence));
        const auto note = "Notes\n\n" + prose + "\n\n" + prose + "\n\n" + sentence;
        CHECK(holds(text_of_note(note), sentence));
        CHECK(holds(text_of_note(note + "\n\n" + prose), sentence));
    }
}

TEST_CASE("a long paragraph is not cut for one sentence in it") {
    for (const auto* plea : {"Subscribe to our newsletter, the editor said on the last day.",
                             "Подпишитесь на нашу рассылку, писал редактор в последний день.",
                             "请支持我们的报道，主编在最后一天说。", "© 1931, says the stone."}) {
        INFO(plea);
        for (const auto& text : {plea + (" " + prose), prose + " " + plea}) {
            CHECK(holds(text_of_page(paragraph(prose) + paragraph(text) + paragraph(prose)), text));
            CHECK(holds(text_of_page(paragraph(prose) + paragraph(prose) + paragraph(text)), text));
        }
    }
}

TEST_CASE("a plea is told by where it stands and where it leads") {
    const auto around = paragraph(prose) + paragraph(prose);
    const auto gone = [&](const std::string& plea) {
        return !holds(text_of_page(around + plea + around), "ткан");
    };
    CHECK(gone("<p>Поддержите нас: <a href='https://a.example/donate'>помогите</a> ткани</p>"));
    CHECK_FALSE(gone("<p>Поддержите нас: помогите ткани</p>"));
    CHECK_FALSE(gone("<p>Поддержите нас: <a href='https://a.example/news/17'>помогите</a> тем, кто делает ткани</p>"));
    CHECK_FALSE(holds(text_of_page(around + around + "<p>Поддержите нас: помогите ткани</p>"),
                      "ткани"));
    SECTION("longer ones only with both") {
        const auto longer = "<p>Subscribe to our newsletter: it has a ткани, and <a href='https://a.example/newsletter'>"
                            "every week</a> it tells what the harbour says of the ships, of the "
                            "weather, of the bell, of the people who come and of those who go.</p>";
        CHECK(gone(longer));
    }
}

TEST_CASE("a text that somebody wrote keeps every line") {
    const std::string text =
        "How the harbour writes\n\nPart 2\n\n" + prose + "\n\nTelegram\n\n" + prose +
        "\n\nSubscribe to our newsletter: letters@harbour.example\n\nSearch\n\n" + prose +
        "\n\nDiscussion\n\n" + prose + "\n\nRelated\n\nWhat the mayor wrote\n\nWhat she left out";
    const auto kept = text_of_note(text);
    CHECK(kept == text.substr(text.find("Part 2")));
}

TEST_CASE("names of services head parts of an article, and stand in lists") {
    const auto text = text_of_page(
        "<h1>What still works</h1>" + paragraph(prose) + "<p>Blocked since May:</p><ul>"
        "<li>Telegram<li>WhatsApp<li>YouTube</ul><h2>Telegram</h2>" + paragraph(prose) +
        "<h2>WhatsApp</h2>" + paragraph(prose) + "<h2>Share</h2>");
    CHECK(holds(text, "YouTube"));
    CHECK(holds(text, "\n\nTelegram\n\n"));
    CHECK(holds(text, "\n\nWhatsApp\n\n"));
    CHECK_FALSE(holds(text, "Share"));
}

TEST_CASE("a heading that comments bear as well does not end the article") {
    const auto half = paragraph(prose) + paragraph(prose) + paragraph(prose);
    for (const std::string heading : {"Discussion", "Responses", "4. Comments", "Обсуждение", "Комментарии",
                                      "Обговорення", "评论", "نظرات", "دیدگاه", "Yorum", "Comentarios"}) {
        INFO(heading);
        const auto text = text_of_page(half + "<h2>" + heading + "</h2>" +
                                       paragraph("The bell is older than the pier."));
        CHECK(holds(text, heading + "\n\nThe bell is older"));
    }
    for (const std::string begin : {"Comments (2)", "12 комментариев", "نظرات (۳)", "评论（5）",
                                    "Leave a comment", "Оставить комментарий"}) {
        INFO(begin);
        const auto text = text_of_page(half + "<h2>" + begin + "</h2>" + paragraph("Bo was here."));
        CHECK(text == prose + "\n\n" + prose + "\n\n" + prose);
    }
    CHECK_FALSE(holds(text_of_page(half + "<h3>Comments</h3>" + paragraph("Bo was here.") +
                                   "<h3>Leave a reply</h3>" + paragraph("Your name")),
                      "Bo was here."));
}

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

TEST_CASE("a sentence with a day in it is neither cut nor the day of the article") {
    for (const std::string sentence : {"Ales Bialiatski was arrested on 14 July 2021.",
                                       "Он умер 14 июля 2021 года.", "Ales was freed on 14 July 2021."}) {
        INFO(sentence);
        const auto out = import_ok("<html><body><h1>The bell</h1>" + paragraph(prose) +
                                       paragraph(sentence) + paragraph(prose), "page.html");
        CHECK(out.articles.at(0).article.published() == 0);
        CHECK(holds(running_text(out.articles[0].article), sentence));
    }
}

TEST_CASE("zones of machines' dates are read behind their names") {
    const std::int64_t noon = 1772539500;  // 2026-03-03T12:05:00Z
    for (const auto* text : {"Tue, 03 Mar 2026 15:05:00 GMT+0300", "Tue, 03 Mar 2026 15:05:00 UTC+03:00",
                             "2026-03-03T15:05:00 GMT+03"}) {
        INFO(text);
        CHECK(parse_date(text) == Moment{noon, 180});
    }
    CHECK(parse_date("Tue, 03 Mar 2026 12:05:00 GMT") == Moment{noon, 0});
    CHECK(parse_date("Tue, 03 Mar 2026 08:35:00 UTC-0330") == Moment{noon, -210});
}
