#include <fmt/format.h>

#include <atomic>
#include <set>
#include <thread>

#include "storage_fixture.h"

using namespace colport;
using namespace colport::testing;

TEST_CASE_METHOD(Fixture, "words are found in English, Russian and Persian") {
    feed.publish(archive, {{"1", "Weather", "The quick brown fox. Naïve café."},
                           {"2", "Погода", "Медведь вышел из леса за мёдом", "ru"},
                           {"3", "خبر", "آزادی مطبوعات در خطر است و نمی‌خواهم", "fa"}});
    CHECK(titles("FOX quick") == Titles{"Weather"});
    CHECK(titles("naive cafe") == Titles{"Weather"});
    CHECK(titles("МЕДВЕДЬ") == Titles{"Погода"});
    CHECK(titles("погода") == Titles{"Погода"});
    CHECK(titles("آزادی مطبوعات") == Titles{"خبر"});
    CHECK(titles("نمی‌خواهم") == Titles{"خبر"});
    CHECK(titles("fox медведь").empty());
}

TEST_CASE_METHOD(Fixture, "phrases, exclusions and beginnings are obeyed") {
    feed.publish(archive, {{"1", "One", "free press today"}, {"2", "Two", "press free of charge"}});
    CHECK(titles("\"free press\"") == Titles{"One"});
    CHECK(titles("free -charge") == Titles{"One"});
    CHECK(titles("free -\"free press\"") == Titles{"Two"});
    CHECK(titles("char*") == Titles{"Two"});
    CHECK(titles("cha").empty());
    CHECK(titles("!!!").empty());
    CHECK(titles("-charge").empty());
}

TEST_CASE_METHOD(Fixture, "a word in the title outranks one in the text") {
    feed.publish(archive, {{"1", "Nothing", "strike strike at the docks, and a strike again"},
                           {"2", "Strike", "workers stay at home in several towns of the north"}});
    CHECK(titles("strike") == Titles{"Strike", "Nothing"});
}

TEST_CASE_METHOD(Fixture, "authors, tags and section are found") {
    feed.publish(archive, {{.guid = "1", .title = "T", .body = "b", .section = "Culture",
                            .authors = {"Vera Pavlova"}}});
    CHECK(titles("pavlova") == Titles{"T"});
    CHECK(titles("culture") == Titles{"T"});
}

TEST_CASE_METHOD(Fixture, "snippets mark what was found and nothing else") {
    std::string text;
    for (int i = 0; i < 200; ++i) text += "padding ";
    feed.publish(archive, {{"1", "T\x02\x03itle", text + "the\n\nneed\x02le\x03 " + text + "nail"},
                           {"2", "Nail", "short"}});
    const auto hits = search("need").hits;
    REQUIRE(hits.size() == 1);
    CHECK(hits[0].title == "T itle");
    CHECK(hits[0].snippet.find(" the \x02need\x03 le ") != std::string::npos);
    CHECK(hits[0].snippet.size() < 400);
    CHECK(std::count(hits[0].snippet.begin(), hits[0].snippet.end(), mark_begin) == 1);
    for (const auto& hit : search("nail").hits)
        if (hit.title == "Nail") CHECK(hit.snippet == "short");
}

TEST_CASE_METHOD(Fixture, "nothing typed lists the newest first, with their beginnings") {
    std::string text;
    for (int i = 0; i < 100; ++i) text += "слово ";
    feed.publish(archive, {{.guid = "1", .title = "Old", .body = text, .published = 1000},
                           {.guid = "2", .title = "New", .body = "brief", .published = 3000},
                           {.guid = "3", .title = "Undated", .body = "x", .published = 0},
                           {.guid = "4", .title = "Ancient", .body = "x", .published = -5000}});
    feed.publish(archive, {{.guid = "5", .title = "Between", .body = "", .published = 2000}});
    const auto page = search("  ");
    REQUIRE(page.total == 5);
    CHECK(titles("") == Titles{"New", "Between", "Old", "Undated", "Ancient"});
    CHECK(page.hits[0].snippet == "brief");
    CHECK(page.hits[1].snippet.empty());
    CHECK(page.hits[2].snippet.size() > 350);
    CHECK(page.hits[2].snippet.size() < 410);
    CHECK(page.hits[2].snippet.ends_with("слово…"));
}

TEST_CASE_METHOD(Fixture, "filters by feed, language and time") {
    TestFeed other(folder.path(), "Herald");
    must(archive.save_feed(other.record));
    feed.publish(archive, {{"1", "a", "news", "en", 100}, {"2", "b", "news", "ru", 200},
                           {"3", "c", "news", "ru-BY", 300}, {"4", "d", "news", "rup", 400}});
    other.publish(archive, {{"1", "e", "news", "en", 500}});
    for (const char* words : {"", "news"}) {
        CAPTURE(words);
        Query query;
        query.words = words;
        query.sort = Sort::date;
        SECTION(std::string("feed ") + words) {
            query.feed = other.key();
            CHECK(titles(query) == Titles{"e"});
            query.feed = PublicKey{};
            CHECK(titles(query).empty());
        }
        SECTION(std::string("language ") + words) {
            query.language = "RU";
            CHECK(titles(query) == Titles{"c", "b"});
            query.language = "ru-by";
            CHECK(titles(query) == Titles{"c"});
        }
        SECTION(std::string("time ") + words) {
            query.since = 200;
            query.until = 400;
            CHECK(titles(query) == Titles{"c", "b"});
            query.language = "ru";
            query.feed = feed.key();
            query.since = 201;
            CHECK(must(reader().search(query)).total == 1);
        }
    }
}

TEST_CASE_METHOD(Fixture, "pages follow each other without gap or repetition") {
    std::vector<Draft> drafts;
    for (int i = 0; i < 250; ++i)
        drafts.push_back(
            {std::to_string(i), fmt::format("{:03}", i), "same words", "en", 1000 + i / 3});
    feed.publish(archive, drafts);
    auto eyes = reader();
    for (const char* words : {"", "words"})
        for (const Sort sort : {Sort::rank, Sort::date}) {
            Query query;
            query.words = words;
            query.sort = sort;
            query.limit = 30;
            std::set<std::string> seen;
            while (true) {
                const auto page = must(eyes.search(query));
                CHECK(page.total == 250);
                if (page.hits.empty()) break;
                for (const auto& hit : page.hits) CHECK(seen.insert(hit.title).second);
                query.offset += page.hits.size();
            }
            CHECK(seen.size() == 250);
            query.offset = 0;
            query.limit = 100'000;
            CHECK(must(eyes.search(query)).hits.size() == 100);
            query.limit = 0;
            CHECK(must(eyes.search(query)).hits.empty());
            query.offset = SIZE_MAX;
            CHECK(must(eyes.search(query)).hits.empty());
        }
}

TEST_CASE_METHOD(Fixture, "a damaged bundle costs its own articles and no search") {
    const auto bad = feed.write({{"1", "Bad", "common words"}});
    feed.import(archive, bad);
    feed.publish(archive, {{"2", "Good", "common words"}});
    const auto check = [&](Errc expected) {
        CHECK(search("common").total == 2);
        for (const char* words : {"common", ""})
            for (const auto& hit : search(words).hits)
                CHECK(hit.snippet.empty() == (hit.title == "Bad"));
        auto article = reader().article(feed.id("1").hex());
        REQUIRE_FALSE(article);
        CHECK(article.error().code == expected);
        CHECK(article.error().message.find(bad) != std::string::npos);
        CHECK(must(reader().article(feed.id("2").hex())).article.title() == "Good");
    };
    SECTION("in a frame") {
        damage(feed.path(bad));
        check(Errc::corrupt);
    }
    SECTION("in its index: an article's hash stands for itself") {
        damage(feed.path(bad), std::filesystem::file_size(feed.path(bad)) - 160);
        for (const auto& hit : search("common").hits) CHECK_FALSE(hit.snippet.empty());
        CHECK(must(reader().article(feed.id("1").hex())).article.title() == "Bad");
    }
    SECTION("cut short") {
        std::filesystem::resize_file(feed.path(bad), 10);
        check(Errc::corrupt);
    }
    SECTION("missing") {
        std::filesystem::remove(feed.path(bad));
        check(Errc::io);
    }
    SECTION("another of the feed's bundles in its place") {
        std::filesystem::rename(feed.path(feed.write_pictures({})), feed.path(bad));
        check(Errc::corrupt);
    }
}

TEST_CASE_METHOD(Fixture, "readers search while the archive is written") {
    feed.publish(archive, {{"0", "Base", "steady word"}});
    std::vector<std::string> names;
    for (int b = 0; b < 20; ++b) {
        std::vector<Draft> drafts;
        for (int i = 0; i < 20; ++i)
            drafts.push_back(
                {fmt::format("{}-{}", b, i), "More", fmt::format("steady {} word", b)});
        names.push_back(feed.write(drafts));
    }
    std::atomic<bool> stop = false;
    std::atomic<int> searches = 0, failures = 0, torn = 0;
    std::jthread searching([&] {
        auto eyes = ArchiveReader::open(file);
        Query query;
        query.words = "steady word";
        while (eyes && !stop) {
            const auto page = eyes->search(query);
            ++searches;
            if (!page) ++failures;
            else if (page->total % 20 != 1) ++torn;
        }
    });
    for (const auto& name : names) feed.import(archive, name);
    while (searches < 5) std::this_thread::yield();
    stop = true;
    searching.join();
    CHECK(failures == 0);
    CHECK(torn == 0);
    CHECK(search("steady").total == 401);
}

TEST_CASE_METHOD(Fixture, "a language that holds what parts tokens finds nothing") {
    feed.publish(archive, {{"1", "Title", "zebra"}});
    Query query;
    query.words = "zebra";
    query.language = "en\x1fx";
    CHECK(must(reader().search(query)).hits.empty());
}

TEST_CASE_METHOD(Fixture, "a search by date ends though articles are dated into every month to come") {
    std::vector<Draft> drafts;
    constexpr std::int64_t month = 31 * 24 * 3600;
    for (int i = 0; i < 11'200; ++i)
        drafts.push_back({.guid = std::to_string(i), .title = "T", .body = i < 1'100 ? "lion" : "zebra",
                          .published = 1'800'000'000 + (i < 1'100 ? i * month : 0)});
    feed.publish(archive, drafts);
    Query query;
    query.words = "zebra";
    query.sort = Sort::date;
    const auto page = must(reader().search(query));
    CHECK_FALSE(page.total_is_exact);
    CHECK(page.partial);
    CHECK(page.hits.size() == 20);
}
