#include "storage/tokens.h"
#include "storage_inside.h"

using namespace colport;
using namespace colport::testing;

TEST_CASE_METHOD(Fixture, "an index of other code is made anew while searches go on") {
    const auto lost = feed.write({{"2", "Lost", "unreadable zebra"}});
    feed.publish(archive, {{"1", "Kept", "readable zebra"}, {"3", "Third", "zebra crossing"}});
    feed.import(archive, lost);
    work_off(archive);
    make_foreign(file);
    const auto content = must(read_file(feed.path(lost), 1 << 20));
    std::filesystem::remove(feed.path(lost));
    archive = must(Archive::open(file));
    CHECK(titles("zebra").size() == 3);
    CHECK(must(archive.index_progress()).made == 3);
    while (must(archive.index_progress()).made == 3) REQUIRE(must(archive.work()));
    CHECK(must(archive.index_progress()).made == 0);
    // Into both.
    feed.publish(archive, {{"4", "Fourth", "zebra"},
                           {.guid = "3", .title = "Changed", .body = "lion", .revision = 2}});
    CHECK(titles("zebra").size() == 3);
    CHECK(titles("crossing").empty());
    work_off(archive);
    CHECK(must(archive.index_progress()).made == 4);
    CHECK(titles("zebra").size() == 2);
    CHECK(titles("lion") == Titles{"Changed"});
    CHECK(titles("").size() == 4);
    CHECK(number(file, "SELECT count(*) FROM indexes") == 1);
    must(archive.check_integrity());
    // Readable again, it is not in the index before there is time, and may be replaced.
    must(write_file(feed.path(lost), content));
    must(archive.check_integrity());
    feed.publish(archive, {{.guid = "2", .title = "New", .body = "zebra", .revision = 2}});
    CHECK(titles("zebra").size() == 3);
    must(archive.check_integrity());
}

TEST_CASE_METHOD(Fixture, "an article that could not be read for the index is taken in when it can") {
    const auto lost = feed.write({{"1", "Lost", "unreadable zebra"}});
    feed.import(archive, lost);
    feed.publish(archive, {{"2", "Kept", "zebra"}});
    work_off(archive);
    make_foreign(file);
    std::filesystem::rename(feed.path(lost), feed.path("away"));
    archive = must(Archive::open(file));
    work_off(archive);
    CHECK(search("zebra").total == 1);
    CHECK(search("zebra").partial);
    std::filesystem::rename(feed.path("away"), feed.path(lost));
    archive = must(Archive::open(file));
    work_off(archive);
    CHECK(titles("zebra").size() == 2);
    CHECK_FALSE(search("zebra").partial);
    must(archive.check_integrity());
}

TEST_CASE_METHOD(Fixture, "invented languages push no real one out of a search") {
    feed.publish(archive, {{.guid = "r", .title = "Книга", .body = "Новые книги.", .language = "ru"}});
    std::vector<Draft> others;
    for (int i = 0; i < 40; ++i)
        for (int n = 0; n < 2; ++n)
            others.push_back({.guid = fmt::format("{}-{}", i, n), .title = "x", .body = "y",
                              .language = fmt::format("q{}{}", char('a' + i / 26),
                                                      char('a' + i % 26))});
    feed.publish(archive, others);
    CHECK(titles("книги") == Titles{"Книга"});
}

TEST_CASE_METHOD(Fixture, "what other code put into the index can be taken out") {
    feed.publish(archive, {{"1", "Secret", "the source was named"}, {"2", "Other", "source"}});
    make_foreign(file);
    archive = must(Archive::open(file));
    feed.import(archive, feed.write({feed.retraction("1", 2, "")}));
    CHECK(titles("source") == Titles{"Other"});
    CHECK(in_vocabulary(file, "named") == 0);
}

TEST_CASE_METHOD(Fixture, "more than is sought in the index at once can be taken out") {
    TestFeed other(folder.path(), "Herald");
    must(archive.save_feed(other.record));
    std::vector<Draft> drafts;
    for (int i = 0; i < 1100; ++i)
        drafts.push_back({std::to_string(i), fmt::format("Quagga {}", i), "zebra"});
    feed.publish(archive, drafts);
    drafts.resize(600);
    for (auto& draft : drafts) draft.title = "Lion";
    other.publish(archive, drafts);
    // Its words must come from the index itself.
    make_foreign(file);
    archive = must(Archive::open(file));
    must(archive.remove_feed(feed.key()));
    CHECK(in_vocabulary(file, "quagga") == 0);
    CHECK(search("zebra").total == 600);
    CHECK(number(file, "SELECT count(*) FROM articles") == 600);
    work_off(archive);
    CHECK(search("zebra").total == 600);
    must(archive.check_integrity());
}

TEST_CASE_METHOD(Fixture, "a feed that is removed leaves nothing in an index that is on its way out") {
    TestFeed other(folder.path(), "Herald");
    must(archive.save_feed(other.record));
    feed.publish(archive, {{"1", "Mine", "quagga"}});
    other.publish(archive, {{"1", "Theirs", "zebra"}});
    work_off(archive);
    make_foreign(file);
    archive = must(Archive::open(file));
    while (number(file, "SELECT count(*) FROM indexes WHERE state = 2") == 0)
        REQUIRE(must(archive.work()));
    must(archive.remove_feed(feed.key()));
    CHECK(number(file, "SELECT count(*) FROM indexes") == 1);
    CHECK(number(file, "SELECT count(DISTINCT substr(name, 1, 15)) FROM sqlite_schema "
                       "WHERE name GLOB 'article_index_*'") == 1);
    CHECK(must(read_file(file, 1 << 26)).find("quagga") == std::string::npos);
    CHECK(titles("zebra") == Titles{"Theirs"});
    must(archive.check_integrity());
}

TEST_CASE_METHOD(Fixture, "while the first index of an archive is made, searches say so") {
    std::vector<Draft> drafts;
    for (int i = 0; i < 250; ++i) drafts.push_back({std::to_string(i), "T", "zebra"});
    feed.publish(archive, drafts);
    // As an older version leaves its archive.
    must(open_database(file).run("INSERT INTO article_index_1 (article_index_1) "
                                 "VALUES ('delete-all');"
                                 "UPDATE indexes SET filled = 0, articles = 0"));
    archive = must(Archive::open(file));
    auto page = search("zebra");
    CHECK(page.total == 0);
    CHECK(page.partial);
    CHECK_FALSE(page.total_is_exact);
    CHECK(search("").total == 250);
    std::uint64_t before = 0;
    while (must(archive.work())) {
        page = search("zebra");
        CHECK(page.total >= before);
        CHECK((page.partial || page.total == 250));
        before = page.total;
    }
    page = search("zebra");
    CHECK(page.total == 250);
    CHECK_FALSE(page.partial);
    must(archive.check_integrity());
}

TEST_CASE_METHOD(Fixture, "an index grows up with its archive") {
    std::vector<Draft> drafts;
    for (int i = 0; i < 1000; ++i)
        drafts.push_back({std::to_string(i), fmt::format("Number {}", i),
                          i % 5 == 0 ? "free press of the north" : "press for free, they say"});
    for (int i = 0; i < 1000; i += 100)
        feed.publish(archive, {drafts.begin() + i, drafts.begin() + i + 100});
    CHECK(number(file, "SELECT length(common) FROM indexes") == 0);
    CHECK(work_off(archive) > 10);
    CHECK(number(file, "SELECT count(*) FROM indexes") == 1);
    CHECK(number(file, "SELECT length(common) FROM indexes") > 0);
    CHECK(search("\"free press\"").total >= 32);
    CHECK(search("north").total == 200);
    must(archive.check_integrity());
    CHECK_FALSE(must(archive.work()));
}

TEST_CASE_METHOD(Fixture, "an index of many parts is made one when there is time, and not for a few articles") {
    std::uint32_t number_of_words = 0;
    const auto publish = [&](int count) {
        std::vector<Draft> drafts;
        for (int i = 0; i < count; ++i) {
            std::string text;
            for (int word = 0; word < 200; ++word)
                text += fmt::format("w{} ", ++number_of_words * 2654435761u % 1'000'003);
            drafts.push_back({std::to_string(number_of_words), "Title", text});
        }
        feed.publish(archive, drafts);
    };
    // Otherwise FTS5 would leave fewer parts of so small an index.
    must(open_database(file).run(
        "INSERT INTO article_index_1 (article_index_1, rank) VALUES ('automerge', 0);"
        "INSERT INTO article_index_1 (article_index_1, rank) VALUES ('usermerge', 16)"));
    for (int i = 0; i < 12; ++i) publish(2);
    CHECK(parts(file) > 4);
    work_off(archive);
    CHECK(parts(file) == 1);
    for (int i = 0; i < 3; ++i) publish(1);
    work_off(archive);
    CHECK(parts(file) > 1);
    CHECK(number(file, "SELECT max(tidy) FROM indexes") == 0);
    CHECK(search("title").total == 27);
    must(archive.check_integrity());
    CHECK_FALSE(must(archive.work()));
}

TEST_CASE_METHOD(Fixture, "the first articles tell an index what is common") {
    std::vector<Draft> drafts;
    for (int i = 0; i < 400; ++i)
        drafts.push_back({std::to_string(i), fmt::format("Number {}", i), "free press"});
    feed.publish(archive, drafts);
    CHECK(number(file, "SELECT length(common) FROM indexes") > 0);
    feed.publish(archive, {{"x", "X", "free speech, then press"}});
    const auto page = search("\"free press\"");
    CHECK(page.hits.size() == 20);
    CHECK_FALSE(page.total_is_exact);
    CHECK(titles("\"speech then\"") == Titles{"X"});
    must(archive.check_integrity());
}

TEST_CASE_METHOD(Fixture, "a retraction leaves no word behind, not in free space either") {
    feed.publish(archive, {{"1", "Hidden xenolith", "The quagga was seen by Zebulon",
                            "en", 1000, 1, "Geology", {"Ypsilanti"}},
                           {"2", "Other", "harmless"}});
    for (const char* word : {"xenolith", "quagga", "zebulon", "ypsilanti", "geolog"})
        CHECK(in_vocabulary(file, word) > 0);
    SECTION("its bundle at hand") {}
    SECTION("its bundle gone") {
        archive = must(Archive::open(file));
        for (const auto& entry : std::filesystem::directory_iterator(feed.path("")))
            std::filesystem::remove(entry);
    }
    feed.import(archive, feed.write({feed.retraction("1", 2, "")}));
    for (const char* word : {"xenolith", "quagga", "zebulon", "ypsilanti", "geolog"}) {
        CAPTURE(word);
        CHECK(titles(word).empty());
        CHECK(in_vocabulary(file, word) == 0);
    }
    work_off(archive);
    must(open_database(file).run("PRAGMA wal_checkpoint(TRUNCATE)"));
    const auto bytes = must(read_file(file, 1 << 26));
    for (const char* word : {"xenolith", "quagga", "zebulon", "ypsilanti"})
        CHECK(bytes.find(word) == bytes.npos);
}

TEST_CASE_METHOD(Fixture, "articles that come while a retraction is tidied up keep none of its words") {
    const auto drafts = [](int first, int count) {
        std::vector<Draft> out;
        for (int i = first; i < first + count; ++i) {
            std::string text;
            for (int word = 0; word < 300; ++word) text += fmt::format("w{}x{} ", i, word);
            out.push_back({std::to_string(i), "Title", text});
        }
        return out;
    };
    // A step merges some pages: of so small an index, a part.
    must(open_database(file).run(
        "INSERT INTO article_index_1 (article_index_1, rank) VALUES ('pgsz', 64);"
        "INSERT INTO article_index_1 (article_index_1, rank) VALUES ('automerge', 0)"));
    archive = must(Archive::open(file));
    auto first = drafts(0, 60);
    first.push_back({"secret", "Secret", "the quagga was seen"});
    feed.publish(archive, first);
    feed.import(archive, feed.write({feed.retraction("secret", 2, "")}));
    while (number(file, "SELECT tidy FROM indexes") == 1) REQUIRE(must(archive.work()));
    REQUIRE(parts(file) > 1);
    for (int i = 0; i < 3; ++i) feed.publish(archive, drafts(100 + i, 1));
    work_off(archive);
    CHECK(number(file, "SELECT tidy FROM indexes") == 0);
    CHECK(parts(file) == 1);
    must(open_database(file).run("PRAGMA wal_checkpoint(TRUNCATE)"));
    CHECK(must(read_file(file, 1 << 26)).find("quagga") == std::string::npos);
    must(archive.check_integrity());
}

TEST_CASE_METHOD(Fixture, "a correction takes the old words out") {
    feed.publish(archive, {{"1", "Title", "the old sentence about quaggas"}});
    feed.publish(archive, {{.guid = "1", .title = "Title", .body = "a new one", .revision = 2}});
    CHECK(titles("quagga").empty());
    CHECK(in_vocabulary(file, "quagga") == 0);
    CHECK(titles("new") == Titles{"Title"});
    work_off(archive);
    must(open_database(file).run("PRAGMA wal_checkpoint(TRUNCATE)"));
    CHECK(must(read_file(file, 1 << 26)).find("quagga") == std::string::npos);
}

TEST_CASE("tokens of an article say what it is about and how much") {
    ArticleText text;
    text.title = "Elections";
    text.body = "Observers saw the elections. Elections, elections and a happy voter.";
    text.authors = {"Vera Pavlova"};
    text.tags = {"Elections 2026"};
    text.language = "en-gb";
    text.published = 1'000'000'000;
    Making making;
    making.average_words = 10;
    for (const char* word : {"the", "elect", "saw"}) making.common.insert(word, 0.5);
    TokenMaker maker;
    const auto all = tokenizer::separator + maker.make(text, 7, making);
    const auto has = [&](const std::string& token) {
        return all.find(tokenizer::separator + token + tokenizer::separator) != all.npos;
    };
    for (const char* token : {"select", "telect", "gelect", "g2026", "apavlova", "spavlova", "f7",
                              "len", "len-gb", "m380", "y31", "3elect", "=happy", "shappi"}) {
        CAPTURE(token);
        CHECK(has(token));
    }
    const auto pair = [](std::string_view first, std::string_view second) {
        return token::of_pair(
            token::pair_bucket(CommonWords::hash(first), CommonWords::hash(second)));
    };
    CHECK(has(pair("saw", "the")));
    CHECK(has(pair("the", "elect")));
    CHECK_FALSE(has(pair("elect", "and")));
    CHECK_FALSE(has("=elections"));
    CHECK_FALSE(has("tobserv"));
}

TEST_CASE_METHOD(Fixture, "a language of many parts is none") {
    std::string language = "en";
    while (language.size() < 40'000) language += "-a";
    feed.publish(archive, {{"1", "Title", "quaggas", language}});
    CHECK(titles("quaggas") == Titles{"Title"});
    CHECK(number(file, "SELECT max(length(term)) FROM article_words_1") < 100);
    must(archive.check_integrity());
}

TEST_CASE_METHOD(Fixture, "phrases are found in an index whose pairs are other ones") {
    std::vector<Draft> drafts;
    for (int i = 0; i < 400; ++i)
        drafts.push_back({std::to_string(i), fmt::format("Title {}", i), "the flag of the town"});
    // The newest, which is looked at first.
    drafts.push_back({"last", "Last", "they flag the town of the north", "en", 1'800'000'000});
    feed.publish(archive, drafts);
    REQUIRE(number(file, "SELECT count(*) FROM article_words_1 WHERE term LIKE 'p%'") > 400);
    CHECK(titles("\"flag the town\"") == Titles{"Last"});
    {
        auto database = open_database(file);
        must(database.run(
            fmt::format("CREATE TEMP TABLE old AS SELECT doc, group_concat(term, '{0}') AS words "
                        "FROM article_words_1 JOIN articles ON doc = id WHERE title = 'Last';"
                        "CREATE TEMP TABLE new AS SELECT doc, group_concat(term, '{0}') AS words "
                        "FROM article_words_1 JOIN articles ON doc = id WHERE title = 'Last' "
                        "AND term NOT LIKE 'p%';"
                        "INSERT INTO article_index_1 (article_index_1, rowid, words) "
                        "SELECT 'delete', doc, words FROM old;"
                        "INSERT INTO article_index_1 (rowid, words) SELECT doc, words FROM new",
                        tokenizer::separator)
                .c_str()));
    }
    make_foreign(file);
    archive = must(Archive::open(file));
    CHECK(titles("\"flag the town\"") == Titles{"Last"});
}

TEST_CASE_METHOD(Fixture, "what a retraction or a correction took out leaves the log without a restart") {
    feed.publish(archive, {{"1", "Zolotarenko", "the quagga was seen"}, {"2", "Other", "harmless"}});
    work_off(archive);
    SECTION("retraction") { feed.import(archive, feed.write({feed.retraction("1", 2, "")})); }
    SECTION("correction") {
        feed.publish(archive, {{.guid = "1", .title = "New", .body = "nothing", .revision = 2}});
    }
    work_off(archive);
    auto log = file;
    for (const auto& path : {file, log += "-wal"})
        for (const char* word : {"quagga", "Zolotarenko"}) {
            CAPTURE(path, word);
            CHECK(must(read_file(path, 1 << 26)).find(word) == std::string::npos);
        }
}

TEST_CASE_METHOD(Fixture, "a reader sees that an emptied index has other common words") {
    const auto drafts = [](const std::string& text) {
        std::vector<Draft> out;
        for (int i = 0; i < 400; ++i) out.push_back({std::to_string(i), "Title", text});
        return out;
    };
    feed.publish(archive, drafts("ink on paper"));
    auto eyes = reader();
    Query query;
    query.words = "\"on paper\"";
    REQUIRE(must(eyes.search(query)).hits.size() == 20);
    while (!must(archive.remove_some_of_feed(feed.key()))) {}
    must(archive.save_feed(feed.record));
    auto others = drafts("free press");
    others.back().body = "ink on paper by hand";
    feed.publish(archive, others);
    CHECK(must(eyes.search(query)).total == 1);
    work_off(archive);
    CHECK(must(eyes.search(query)).total == 1);
    CHECK(number(file, "SELECT count(*) FROM indexes") == 1);
    must(archive.check_integrity());
}
