#include "storage/database.h"
#include "storage_fixture.h"

using namespace colport;
using namespace colport::testing;

namespace {

constexpr std::int64_t year = 31'556'952;
constexpr std::int64_t year_1 = -62'135'596'800, year_9999 = 253'370'764'800;
constexpr std::int64_t in_2010 = 1'270'000'000, in_2023 = 1'700'000'000;

std::vector<Draft> alike(int count, const std::string& title, const std::string& body,
                         std::int64_t published) {
    std::vector<Draft> out;
    for (int i = 0; i < count; ++i)
        out.push_back({title + std::to_string(i), title, body, "en", published + i});
    return out;
}

}  // namespace

TEST_CASE_METHOD(Fixture, "articles dated into year 1 and year 9999 hide nothing from filters by date") {
    auto drafts = alike(400, "Old", "free press", in_2010);
    drafts.push_back({"first", "First", "free press", "en", year_1});
    drafts.push_back({"last", "Last", "free press", "en", year_9999});
    feed.publish(archive, drafts);
    // As if a million had come between, so that the newest rows are all that is looked at.
    auto database = must(Database::open(file, Database::Mode::read_write_create));
    must(database.run("INSERT INTO articles SELECT 1000000, feed, zeroblob(16), 1, bundle, entry, "
                      "published, 0, '', '', '', 1, NULL FROM articles LIMIT 1"));
    feed.publish(archive, alike(150, "New", "free press", in_2023));
    must(database.run("DELETE FROM articles WHERE id = 1000000"));

    auto page = search("free press until:2015");
    CHECK(page.total == 401);
    CHECK_FALSE(page.partial);
    page = search("free press since:2020");
    CHECK(page.total == 150);
    REQUIRE(page.next);
    Query query;
    query.words = "free press since:2020";
    query.before = page.next;
    CHECK(titles(query) == Titles{"Last"});
    page = search("free press since:2009 until:2015");
    CHECK(page.total == 400);
    CHECK(titles("free press since:5000") == Titles{"Last"});
    CHECK(titles("free press until:1500") == Titles{"First"});
    CHECK(titles("free press since:3000 until:5000").empty());
}

TEST_CASE_METHOD(Fixture, "articles of two centuries are found by their years") {
    std::vector<Draft> drafts;
    for (int i = 0; i < 190; ++i) {
        const auto n = std::to_string(1850 + i);
        // The middle of the year.
        drafts.push_back({n, n, "annals", "en", (1850 - 1970) * year + i * year + year / 2});
    }
    feed.publish(archive, drafts);
    for (const auto sort : {Sort::rank, Sort::date}) {
        Query query;
        query.sort = sort;
        query.limit = 100;
        query.words = "annals until:1851";
        CHECK(titles(query) == Titles{"1851", "1850"});
        query.words = "annals since:1960 until:1961";
        CHECK(titles(query) == Titles{"1961", "1960"});
        query.words = "annals since:1880";
        CHECK(must(reader().search(query)).total == 160);
        query.words = "annals since:2037";
        CHECK(titles(query) == Titles{"2039", "2038", "2037"});
    }
}

TEST_CASE_METHOD(Fixture, "an article of year 9999 makes no others equally old") {
    feed.publish(archive, {{"1", "New", "free press", "en", in_2023}});
    feed.publish(archive, {{"2", "Old", "free press", "en", in_2010},
                           {"3", "Far", "piano", "en", year_9999}});
    CHECK(titles("press") == Titles{"New", "Old"});
}

TEST_CASE_METHOD(Fixture, "dates alone empty no search by date") {
    auto drafts = alike(10'200, "Zebra", "zebra", in_2010);
    for (int i = 0; i < 10'200; ++i) drafts[static_cast<std::size_t>(i)].published += i * 36'000;
    const int step = GENERATE(1, 12);
    CAPTURE(step);
    for (int i = 0; i < 1'100; ++i)
        drafts.push_back({"lion" + std::to_string(i), "Lion", "lion", "en",
                          2'500'000'000 + i * step * (year / 12)});
    feed.publish(archive, drafts);
    Query query;
    query.words = "zebra";
    query.sort = Sort::date;
    query.limit = 100;
    const auto page = must(reader().search(query));
    CHECK(page.total == 10'000);
    CHECK_FALSE(page.total_is_exact);
    REQUIRE(page.hits.size() == 100);
    for (std::size_t i = 0; i < 100; ++i)
        CHECK(page.hits[i].published == in_2010 + (10'199 - static_cast<int>(i)) * 36'001);
    // Of more years than are looked at one by one some may have it.
    CHECK(page.partial == (step == 12));
}

TEST_CASE_METHOD(Fixture, "a month of very many articles takes no more memory than others") {
    feed.publish(archive, alike(10'300, "Zebra", "zebra", in_2010));
    Query query;
    query.words = "zebra";
    query.sort = Sort::date;
    query.offset = 9'990;
    const auto page = must(reader().search(query));
    CHECK(page.total == 10'000);
    CHECK(page.partial);
    REQUIRE(page.hits.size() == 20);
    CHECK(page.hits[0].published == in_2010 + 10'299 - 9'990);
}

TEST_CASE_METHOD(Fixture, "the first second of 1970 is a bound like any other") {
    feed.publish(archive, {{"1", "Before", "zebra", "en", -5000}, {"2", "After", "zebra", "en", 5000}});
    for (const char* words : {"", "zebra"}) {
        CAPTURE(words);
        Query query;
        query.words = words;
        query.until = 0;
        CHECK(titles(query) == Titles{"Before"});
        query.until = 10'000;
        query.since = 0;
        CHECK(titles(query) == Titles{"After"});
    }
}
