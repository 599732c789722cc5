#include <catch2/catch.hpp>

#include <chrono>

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
    "Donate today at the hospital by the river, doctors ask.",
    "Support our soldiers, a journalism student wrote on the wall.",
    "Помогите нам пожертвованиями, просят у ворот монастыря.",
    "Сделайте пожертвование семьям погибших: собирают у храма.",
    "Войдите, чтобы проголосовать, пишет комиссия на экране.",
    "برای عضویت در کانال‌های تلگرامی دو نفر به زندان محکوم شدند.",
    "اشترك في إعداد النشرة السرية وهو طالب.",
    "تابعنا على تلغرام رسائل السجناء طوال الليل.",
    "Okumaya devam etmek için yurt dışına gitti.",
    "登录后发表评论的用户必须实名。",
    "Recibe nuestras condolencias, escribieron a la madre.",
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

TEST_CASE("a text of one line is the text") {
    CHECK(text_of_note("Алесь на свободе") == "Алесь на свободе");
}

TEST_CASE("names of services head parts of an article, and stand in lists") {
    const auto text = text_of_page(
        "<h1>What still works</h1>" + paragraph(prose) + "<p>Blocked since May:</p><ul>"
        "<li>Telegram<li>WhatsApp<li>YouTube</ul><h2>Telegram</h2>" + paragraph(prose) +
        "<h2>WhatsApp</h2><p>No.</p><h2>YouTube</h2><ol><li>Open it.</ol><h2>Share</h2>");
    CHECK(holds(text, "YouTube"));
    CHECK(holds(text, "\n\nTelegram\n\n"));
    CHECK(holds(text, "\n\nWhatsApp\n\n"));
    CHECK(holds(text, "\n\nYouTube\n\n"));
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

TEST_CASE("sentences that begin as bylines do are text") {
    for (const std::string line :
         {"记者：您好，请问您在哪里", "记者：后来呢？", "نویسنده این کتاب دیروز بازداشت شد",
          "گزارش: سه نفر در معدن زنده پیدا شدند.", "Haber: madende üç kişi sağ bulundu.",
          "Reported by the police as missing, he was found alive.",
          "Текст: суд вернул приговор на новое рассмотрение."}) {
        INFO(line);
        const auto out = import_ok("<html><body><h1>The bell</h1>" + paragraph(line) +
                                       paragraph(prose) + paragraph(prose), "page.html");
        CHECK(out.articles.at(0).article.authors_size() == 0);
        CHECK(holds(running_text(out.articles[0].article), line));
    }
    const auto out = import_ok("<html><body><h1>The bell</h1><p>记者：李安娜</p>" + paragraph(prose) +
                                   paragraph(prose), "page.html");
    REQUIRE(out.articles.at(0).article.authors_size() == 1);
    CHECK(out.articles[0].article.authors(0) == "李安娜");
}

TEST_CASE("a title that comes again takes no paragraph with it") {
    const auto text = text_of_page(
        "<title>The council shuts the old pier</title><p>" + prose + "</p><h2>The council shuts the "
        "old pier</h2><p>The council shuts the old pier, it said, for a year.</p>" + paragraph(prose));
    CHECK(text == prose + "\n\nThe council shuts the old pier, it said, for a year.\n\n" + prose);
}

TEST_CASE("lines of a written text are joined as its script and its marks want") {
    CHECK(text_of_note("茶馆里的象棋\n\n每天下午四点，茶馆的窗边都会摆开一盘象棋。下棋的两位老人\n"
                       "已经认识五十年，却从来不说话。\n") ==
          "每天下午四点，茶馆的窗边都会摆开一盘象棋。下棋的两位老人已经认识五十年，却从来不说话。");
    CHECK(text_of_note("On the bridge\n\n— Where were you that night?\n— On the bridge.\n- bread\n"
                       "1. water\n\nHe was alone there, and said\nso again.\n") ==
          "— Where were you that night?\n\n— On the bridge.\n\n- bread\n\n1. water\n\n"
          "He was alone there, and said so again.");
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
