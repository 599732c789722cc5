#include <catch2/catch.hpp>

#include <sys/stat.h>

#include <algorithm>
#include <functional>

#include "article/article.h"
#include "core/key_file.h"
#include "core/message.h"
#include "feed/files.h"
#include "feed/verify.h"
#include "press/correction.h"
#include "press/draft_store.h"
#include "press/drafts.h"
#include "press/signing/release.h"
#include "press/signing/training.h"
#include "storage/database.h"
#include "support/test_feed.h"

using namespace colport;
namespace fs = std::filesystem;

namespace {

constexpr std::int64_t today = 1'780'000'000;

struct Newsroom {
    fs::path folder = fs::temp_directory_path() / ("colport-press-" + to_hex(random_bytes(6)));
    Workshop workshop{folder / "newsroom"};

    Newsroom() {
        fs::create_directories(folder);
        REQUIRE(init_workshop(workshop, {.name = "Newsroom"}, Secret(0), today));
    }
    ~Newsroom() { fs::remove_all(folder); }

    AddReport add(const std::string& guid, const std::string& text) {
        const auto records = workshop.records();
        REQUIRE(records);
        const auto published = read_catalogue(workshop.feed(), *records);
        REQUIRE(published);
        Imported imported;
        imported.articles.push_back({guid, {}});
        auto& article = imported.articles.back().article;
        article.set_title(guid);
        article.set_published(today);
        article.add_blocks()->mutable_paragraph()->add_spans()->set_text(text);
        auto report = add_drafts(workshop, records->feed, *published, std::move(imported));
        REQUIRE(report);
        return *report;
    }
    Result<ReleaseReport> try_release(std::int64_t now, std::uint64_t volume_bytes = 1 << 20) {
        const auto key = load_signing_key(
            workshop, [](const std::string&) -> Result<Secret> { return Secret(0); });
        REQUIRE(key);
        return release_drafts(workshop, *key, {.volume_bytes = volume_bytes}, now);
    }
    ReleaseReport release(std::int64_t now = today, std::uint64_t volume_bytes = 1 << 20) {
        auto report = try_release(now, volume_bytes);
        if (!report) FAIL(report.error().message);
        return *report;
    }
    Verification verify() const { return verify_directory(workshop.feed().root, today + 86'400); }
    ArticleId id(const std::string& guid) const {
        const auto records = workshop.records();
        REQUIRE(records);
        return article_id(records->feed, guid);
    }
    /// Does to the drafts what another program does that has the file open.
    void meddle(const std::function<void(Database&)>& work) const {
        REQUIRE(sync_drafts(workshop));
        workshop.opened_drafts.reset();
        auto database = Database::open(workshop.drafts() / "drafts.sqlite",
                                       Database::Mode::read_write_create);
        REQUIRE(database);
        work(*database);
    }
    /// As versions put a draft that note nothing of it.
    void put_article_alone(const pb::Article& article) const {
        meddle([&](Database& database) {
            auto put = database.prepare(
                "INSERT INTO drafts (id, article) VALUES (?1, ?2) "
                "ON CONFLICT (id) DO UPDATE SET article = excluded.article");
            REQUIRE(put);
            REQUIRE(put->bind_blob(1, article.id()).bind_blob(2, encode_message(article)).run());
        });
    }
};

}  // namespace

TEST_CASE("what is published in the same words is not published again") {
    Newsroom newsroom;
    CHECK(newsroom.add("one", "Text.").added == 1);
    CHECK(newsroom.add("one", "Text.").unchanged == 1);
    CHECK(newsroom.release().articles == 1);
    CHECK(newsroom.add("one", "Text.").unchanged == 1);
    CHECK(newsroom.release().releases == 0);
    CHECK(newsroom.add("one", "Corrected text.").changed == 1);
    CHECK(newsroom.release().seq == 2);
    const auto records = newsroom.workshop.records(today);
    const auto catalogue = read_catalogue(newsroom.workshop.feed(), *records);
    REQUIRE(catalogue);
    REQUIRE(catalogue->articles.size() == 1);
    CHECK(catalogue->articles.begin()->second.revision == 2);
    // Going back to the older words is a change too.
    CHECK(newsroom.add("one", "Text.").changed == 1);
    CHECK(newsroom.release().seq == 3);
    CHECK(newsroom.verify().errors.empty());
}

TEST_CASE("a release that was cut off before its head is finished by the next") {
    Newsroom newsroom;
    // Volume sizes of one byte: every release seals the volume before.
    for (const auto* guid : {"one", "two"}) {
        newsroom.add(guid, "Text.");
        newsroom.release(today, 1);
    }
    const auto feed = newsroom.workshop.feed();
    for (const auto* guid : {"three", "four", "five"}) {
        const auto head = read_file(feed.head(), limits::head);
        REQUIRE(head);
        newsroom.add(guid, "Text.");
        newsroom.release(today, 1);
        // All is written but the head, as a kill leaves it.
        REQUIRE(write_file(feed.head(), *head));
        CHECK(newsroom.verify().errors.empty());
        newsroom.add(guid, "Text.");
        newsroom.release(today, 1);
        CHECK(newsroom.verify().errors.empty());
    }
    CHECK(newsroom.verify().articles == 5);
}

TEST_CASE("two presses never work in one folder at once") {
    Newsroom newsroom;
    const auto first = lock_workshop(newsroom.workshop);
    REQUIRE(first);
    const auto second = lock_workshop(newsroom.workshop);
    REQUIRE(!second);
    CHECK(second.error().code == Errc::locked);
}

TEST_CASE("a clock that ran ahead does not lock the newsroom out") {
    Newsroom newsroom;
    newsroom.add("one", "Text.");
    newsroom.release(today + 100 * 86'400);
    newsroom.add("two", "Text.");
    CHECK(newsroom.release(today).seq == 2);
    const auto records = newsroom.workshop.records();
    REQUIRE(records);
    CHECK(records->head->message.time() == today);
    CHECK(newsroom.verify().errors.empty());
}

TEST_CASE("init refuses what would make a dead feed, and destroys nothing") {
    Newsroom newsroom;
    const auto refused = [&](InitOptions options) {
        const Workshop other{newsroom.folder / "other"};
        const auto made = init_workshop(other, options, Secret(0), today);
        CHECK_FALSE(made);
        CHECK_FALSE(fs::exists(other.root));
    };
    refused({.name = ""});
    refused({.name = "a\nb"});
    refused({.name = "N", .language = "x y"});
    refused({.name = "N", .homepage = "javascript:alert(1)"});
    refused({.name = "N", .homepage = "\xff"});
    refused({.name = "N", .mirrors = {"ftp://example.org/"}});
    refused({.name = "N", .peers = {"garbage"}});

    const auto precious = newsroom.folder / "other.new" / "precious";
    fs::create_directories(precious);
    REQUIRE(init_workshop({newsroom.folder / "other"}, {.name = "N"}, Secret(0), today));
    CHECK(fs::exists(precious));
    CHECK((*mode_of(newsroom.folder / "other" / "private") & 077) == 0);
    CHECK_FALSE(init_workshop({newsroom.folder / "other"}, {.name = "N"}, Secret(0), today));
}

TEST_CASE("a draft whose picture is lost is not released without it") {
    Newsroom newsroom;
    const auto records = newsroom.workshop.records(today);
    Imported imported;
    pb::Picture picture;
    picture.set_media_type("image/png");
    picture.set_data("not looked into");
    imported.pictures.push_back(picture);
    imported.articles.push_back({"one", {}});
    auto& article = imported.articles.back().article;
    article.set_title("One");
    article.mutable_lead()->set_picture(sha256(picture.data()).str());
    REQUIRE(add_drafts(newsroom.workshop, records->feed, {}, std::move(imported)));
    for (const auto& entry : fs::directory_iterator(newsroom.workshop.pictures()))
        fs::remove(entry.path());
    CHECK_FALSE(newsroom.try_release(today));
    CHECK_FALSE(fs::exists(newsroom.workshop.feed().head()));
}

TEST_CASE("a damaged draft is named, dropped, and stops nothing else") {
    Newsroom newsroom;
    newsroom.add("one", "first text");
    newsroom.add("two", "second text");
    const auto records = newsroom.workshop.records();
    REQUIRE(records);
    const auto id = article_id(records->feed, "one");
    auto* store = *newsroom.workshop.draft_store();
    auto article = *load_draft(newsroom.workshop, id);
    SECTION("with a NUL in a text") { article.set_title(std::string("a\0b", 3)); }
    SECTION("with an address that is none") { article.set_url("javascript:alert(1)"); }
    auto bytes = encode_message(article);
    SECTION("with a group") { bytes += "\xf3\x01\xf4\x01"; }
    REQUIRE(store->put(id, bytes, {}, {}));
    SECTION("on a disk that rots") {
        std::optional<DraftFacts> facts;
        REQUIRE(store->visit([&](const StoredDraft& draft) {
            if (draft.id != id) facts = draft.facts();
            return done();
        }));
        REQUIRE(facts);
        REQUIRE(store->put(id, bytes.substr(0, bytes.size() - 1), facts, {}));
    }
    const auto refused = newsroom.try_release(today);
    REQUIRE_FALSE(refused);
    CHECK(refused.error().code == Errc::corrupt);
    CHECK(refused.error().message.find(id.hex()) != std::string::npos);
    CHECK(refused.error().hint.find("--drop " + id.hex()) != std::string::npos);
    REQUIRE(drop_draft(newsroom.workshop, id));
    CHECK(newsroom.release().articles == 1);
    CHECK(newsroom.verify().errors.empty());
}

TEST_CASE("of published drafts the workshop keeps nothing but the bundles") {
    Newsroom newsroom;
    const int count = GENERATE(3, 100);
    for (int i = 0; i < count; ++i)
        newsroom.add(std::to_string(i), std::string(30'000, 'x') + " marked " + std::to_string(i));
    newsroom.release();
    const auto folder = newsroom.workshop.drafts();
    newsroom.workshop.opened_drafts.reset();
    std::size_t kept = 0;
    for (const auto& entry : fs::directory_iterator(folder)) {
        const auto bytes = read_file(entry.path(), 64 << 20);
        REQUIRE(bytes);
        CHECK(bytes->find(" marked ") == bytes->npos);
        kept += bytes->size();
    }
    CHECK(kept < 512 * 1024);
    CHECK_FALSE(newsroom.try_release(today)->releases);
    CHECK(newsroom.add("1", std::string(30'000, 'x') + " marked 1").unchanged == 1);
}

TEST_CASE("what could not be trained is not tried at each release") {
    Newsroom newsroom;
    // Too little text to train on.
    for (int i = 0; i < 100; ++i) newsroom.add(std::to_string(i), "x");
    newsroom.release();
    const auto note = newsroom.workshop.dictionary_tried();
    REQUIRE(fs::exists(note));
    const auto first = *read_file(note, 32);
    fs::last_write_time(note, fs::file_time_type() + std::chrono::hours(1));
    const auto before = fs::last_write_time(note);
    newsroom.add("more", "x");
    newsroom.release();
    CHECK(fs::last_write_time(note) == before);
    // Several times the text is worth another try.
    newsroom.add("long", std::string(16 * std::stoul(first), 'y'));
    const bool trained = newsroom.release().dictionary;
    CHECK((trained || fs::last_write_time(note) != before));
    CHECK(newsroom.verify().errors.empty());
}

TEST_CASE("a sample of what is published begins with the newest, all of it, and thins out") {
    Newsroom newsroom;
    for (const char* guid : {"1", "2", "3", "4", "5", "6", "7"}) {
        newsroom.add(guid, "Text.");
        newsroom.release();
    }
    const auto records = newsroom.workshop.records();
    REQUIRE(records);
    const auto titles = [&](const Sampling& sampling) {
        std::string out;
        const auto sample = sample_articles(newsroom.workshop.feed(), *records, sampling);
        REQUIRE(sample);
        for (const auto& bytes : *sample)
            out += parse_message<pb::Article>(bytes, limits::article, "article")->title();
        return out;
    };
    CHECK(titles({}) == "7654321");
    CHECK(titles({2}) == "7531");
    CHECK(titles({2, 1 << 20, 3}) == "765" "42");
    CHECK(titles({2, 1, 3}) == "7" "642");
}

TEST_CASE("a dictionary is trained on the release, then on the newest, then on what is older") {
    using namespace training;
    CHECK_FALSE(older_articles(most_bytes, 10, 1 << 20, 100));
    CHECK_FALSE(older_articles(1 << 20, most_articles, 1 << 20, 100));
    CHECK(older_articles(1 << 20, 10, 1 << 20, 100)->step == 1);
    const auto much = older_articles(most_bytes / 2, 10, 10 * most_bytes, 1000);
    REQUIRE(much);
    CHECK(much->newest_bytes == most_bytes / 4);
    CHECK(much->step == 40);
    const auto many = older_articles(0, most_articles - 100, 1 << 20, 1000);
    REQUIRE(many);
    CHECK(many->newest_articles == 50);
    CHECK(many->step == 20);
}

TEST_CASE("a dictionary that never came into the feed is trained again") {
    Newsroom newsroom;
    const auto add = [&](int from, int count) {
        for (int i = from; i < from + count; ++i) {
            std::string text;
            for (int word = 0; word < 120; ++word)
                text += "word" + std::to_string((i * 31 + word * word) % 997) + " ";
            newsroom.add(std::to_string(i), text);
        }
    };
    add(0, 120);
    const auto prepared = prepare_release(newsroom.workshop, {}, today);
    REQUIRE(prepared);
    REQUIRE(prepared->report.dictionary);
    CHECK(newsroom.release().dictionary);
    add(200, 2);
    CHECK_FALSE(newsroom.release().dictionary);
    add(300, 150);
    CHECK(newsroom.release().dictionary);
    CHECK(newsroom.verify().errors.empty());
}

TEST_CASE("when a dictionary was made follows from the feed, not from what is noted beside it") {
    Newsroom newsroom;
    const auto words = [&](int number) {
        std::string text;
        for (int word = 0; word < 120; ++word)
            text += "word" + std::to_string((number * 31 + word * word) % 997) + " ";
        return text;
    };
    const auto text_when_made = [&] {
        const auto state = newsroom.workshop.records();
        const auto published = read_catalogue(newsroom.workshop.feed(), *state);
        REQUIRE(published);
        const auto info = load_info(newsroom.workshop.feed(), volumes_of(*state).back(), state->feed);
        REQUIRE(info);
        const auto file = std::find_if(info->files.begin(), info->files.end(), [](const auto& each) {
            return kind_of(each.name) == FileKind::dictionary;
        });
        REQUIRE(file != info->files.end());
        const auto out = training::text_when_made(newsroom.workshop.feed(), *state, published->text,
                                                  file->sha256);
        REQUIRE(out);
        return std::pair(*out, sum_of(published->text));
    };
    newsroom.add("before", words(1000));
    newsroom.release();
    for (int i = 0; i < 120; ++i) newsroom.add(std::to_string(i), words(i));
    REQUIRE(newsroom.release().dictionary);
    CHECK_FALSE(fs::exists(newsroom.workshop.dictionary_tried()));
    const auto made = text_when_made();
    CHECK(made.first == made.second);
    // The next volume lists it as well.
    for (const char* guid : {"after", "and after"}) {
        newsroom.add(guid, words(2000));
        CHECK_FALSE(newsroom.release(today, 1).dictionary);
    }
    const auto later = text_when_made();
    CHECK(later.first == made.first);
    CHECK(later.second > made.second);
    CHECK(newsroom.verify().errors.empty());
}

TEST_CASE("a dictionary is trained anew when it has become small or old") {
    using namespace training;
    const std::uint64_t full = largest * text_for_a_byte;
    // None yet, and nothing tried or not since twice as much was written.
    CHECK(due(1 << 20, 0, 0).size == smallest);
    CHECK(due(1 << 20, 0, (1 << 19) + 1).size == 0);
    CHECK(due(1 << 20, 0, 1 << 19).size == smallest);
    CHECK(due(full, largest / 2 + 1, full / 2).size == 0);
    CHECK(due(full, largest / 2, full / 2).size == largest);
    // It cannot grow any more.
    CHECK(due(2 * full, largest - 100, full).size == 0);
    CHECK(due(4 * full - 1, largest - 100, full).size == 0);
    CHECK(due(4 * full, largest - 100, full).size == largest);
    // Nobody noted when it was trained.
    CHECK(due(2 * full, largest, 0).size == 0);
    CHECK(due(4 * full, largest, 0).size == largest);
    // It came out smaller than it was to be: aged, it need not come out larger.
    const std::size_t small = 300 * limits::kib;
    CHECK(due(2 * full, small, full).least == 2 * small);
    CHECK(due(4 * full - 1, small, full).least == 2 * small);
    CHECK(due(4 * full, small, full).least == small);
    CHECK(due(4 * full, small, full).size == largest);
    // Another feed's, larger than this one makes.
    CHECK(due(100 * full, largest + 1, 0).size == 0);
}

TEST_CASE("the drafts' file has its layout from the first, and whoever looks at it changes nothing") {
    Newsroom newsroom;
    newsroom.add("one", "Text.");
    const auto number = [&](const char* pragma) {
        std::int64_t out = 0;
        newsroom.meddle([&](Database& database) {
            auto statement = database.prepare(pragma);
            REQUIRE(statement);
            REQUIRE(statement->step());
            out = statement->integer(0);
        });
        return out;
    };
    CHECK(number("PRAGMA page_size") == 16384);
    CHECK(number("PRAGMA auto_vacuum") == 2);
    const auto file = newsroom.workshop.drafts() / "drafts.sqlite";
    const auto before = read_file(file, limits::mib);
    REQUIRE(before);
    CHECK(load_draft(newsroom.workshop, newsroom.id("one")));
    newsroom.workshop.opened_drafts.reset();
    CHECK(*read_file(file, limits::mib) == *before);
}

TEST_CASE("drafts of which nothing was noted when they came go out all the same") {
    Newsroom newsroom;
    newsroom.add("one", "first text");
    newsroom.add("two", "second text");
    const auto records = newsroom.workshop.records();
    REQUIRE(records);
    const auto id = article_id(records->feed, "one");
    const auto article = load_draft(newsroom.workshop, id);
    REQUIRE(article);
    REQUIRE((*newsroom.workshop.draft_store())->put(id, encode_message(*article), {}, {}));
    CHECK(newsroom.release().articles == 2);
    CHECK(newsroom.verify().articles == 2);
    CHECK(newsroom.verify().errors.empty());
}

TEST_CASE("what was noted of a draft says nothing of one that took its place unnoted") {
    Newsroom newsroom;
    newsroom.add("one", "first text");
    auto article = *load_draft(newsroom.workshop, newsroom.id("one"));
    SECTION("a correction, after a version that notes nothing published the draft") {
        REQUIRE(sync_drafts(newsroom.workshop));
        newsroom.workshop.opened_drafts.reset();
        const auto file = newsroom.workshop.drafts() / "drafts.sqlite";
        const auto before = newsroom.folder / "before.sqlite";
        fs::copy_file(file, before);
        newsroom.release();
        newsroom.workshop.opened_drafts.reset();
        for (const auto* log : {"-wal", "-shm"}) fs::remove(file.string() + log);
        fs::rename(before, file);
        newsroom.meddle([](Database& database) { REQUIRE(database.run("DELETE FROM drafts")); });
        article.set_revision(2);
        article.set_title("Corrected");
        newsroom.put_article_alone(article);
    }
    SECTION("other pictures") {
        pb::Picture picture;
        picture.set_media_type("image/png");
        picture.set_data("not looked into");
        const auto id = sha256(picture.data());
        REQUIRE(write_file(picture_path(newsroom.workshop, id), encode_message(picture)));
        article.mutable_lead()->set_picture(id.str());
        newsroom.put_article_alone(article);
    }
    SECTION("another, in a file") {
        newsroom.meddle([](Database& database) { REQUIRE(database.run("DELETE FROM drafts")); });
        article.set_published(today - 86'400);
        REQUIRE(write_file(newsroom.workshop.drafts() / (newsroom.id("one").hex() + ".article"),
                           encode_message(article)));
    }
    const auto report = newsroom.release();
    CHECK(report.articles == 1);
    CHECK(report.pictures == (article.has_lead() ? 1 : 0));
    const auto published = read_catalogue(newsroom.workshop.feed(), *newsroom.workshop.records());
    REQUIRE(published);
    const auto out = published_article(newsroom.workshop.feed(), *newsroom.workshop.records(),
                                       *published, newsroom.id("one"));
    REQUIRE(out);
    CHECK(encode_message(*out) == encode_message(article));
    CHECK(newsroom.verify().errors.empty());
}

TEST_CASE("a damaged note of a draft is no proof of anything") {
    Newsroom newsroom;
    newsroom.add("one", "first text");
    const char* damage = GENERATE("revision = revision + 6", "retracts = 1 - retracts",
                                  "published = published + 1", "bytes = bytes + 1000",
                                  "pictures = zeroblob(32)", "pictures = zeroblob(7)",
                                  "sha256 = zeroblob(32)", "sha256 = ''");
    INFO(damage);
    newsroom.meddle([&](Database& database) {
        REQUIRE(database.run((std::string("UPDATE checked SET ") + damage).c_str()));
        REQUIRE(database.changes() == 1);
    });
    CHECK(newsroom.release().articles == 1);
    CHECK(newsroom.verify().articles == 1);
    CHECK(newsroom.verify().errors.empty());
}

TEST_CASE("a draft is put whole or not at all when the disk fails half-way") {
    Newsroom newsroom;
    newsroom.add("one", "first text");
    const auto before = *load_draft(newsroom.workshop, newsroom.id("one"));
    const auto file = newsroom.workshop.drafts() / "drafts.sqlite";
    REQUIRE(sync_drafts(newsroom.workshop));
    auto other = Database::open(file, Database::Mode::read_write_create);
    REQUIRE(other);
    const char* lost = GENERATE("checked", "wordings");
    REQUIRE(other->run((std::string("DROP TABLE ") + lost).c_str()));
    auto article = before;
    article.set_title("Replaced");
    CHECK_FALSE(save_draft(newsroom.workshop, article));
    newsroom.workshop.opened_drafts.reset();
    const auto after = load_draft(newsroom.workshop, newsroom.id("one"));
    REQUIRE(after);
    CHECK(encode_message(*after) == encode_message(before));
}

TEST_CASE("a correction is the next revision, and the site's old words do not undo it") {
    Newsroom newsroom;
    newsroom.add("one", "The year was 1978, as everybody knows.");
    newsroom.release();
    const auto records = newsroom.workshop.records();
    const auto published = read_catalogue(newsroom.workshop.feed(), *records);
    REQUIRE(published);
    const auto id = published->articles.begin()->first;
    const auto correct = [&](const std::string& text) {
        pb::Article article;
        article.add_blocks()->mutable_paragraph()->add_spans()->set_text(text);
        return correct_article(newsroom.workshop, *records, *published, id, article,
                               "The year was wrong.", today + 3600);
    };
    CHECK(correct("The year was 1978, as everybody knows.").error().code == Errc::invalid);
    REQUIRE(correct("The year was 1987, as everybody knows."));
    const auto draft = load_draft(newsroom.workshop, id);
    REQUIRE(draft);
    CHECK(draft->revision() == 2);
    CHECK(draft->title() == "one");
    CHECK(draft->published() == today);
    CHECK(draft->updated() == today + 3600);
    CHECK(draft->note() == "The year was wrong.");
    CHECK(newsroom.add("one", "The year was 1978, as everybody knows.").unchanged == 1);
    CHECK(newsroom.release().articles == 1);
    CHECK(newsroom.add("one", "The year was 1978, as everybody knows.").unchanged == 1);
    CHECK(newsroom.release().releases == 0);
    // Other words of the site are news.
    CHECK(newsroom.add("one", "The year was 1988 after all.").changed == 1);
    CHECK(newsroom.release().articles == 1);
    CHECK(newsroom.verify().errors.empty());
}
