// Archives of every version that there was, made by its own statements, with articles.

#include <sqlite3.h>

#include <array>

#include "storage/schema.h"
#include "storage_fixture.h"

using namespace colport;
using namespace colport::testing;

namespace {

const std::vector<Draft> drafts = {
    {"1", "The ferry", "Two cranes were idle on the quay."},
    {"2", "Паром", "Два крана стояли на причале.", "ru"},
    {"3", "کشتی", "دو جرثقیل در اسکله بیکار بودند.", "fa"},
    {"4", "渡轮", "码头上有两台起重机。", "zh"},
};
/// A word of the text of each.
const std::array words = {"cranes", "крана", "جرثقیل", "起重机"};

/// With a connection that may look into another file, as the archive's own may not.
void run(const std::filesystem::path& file, const std::string& sql) {
    sqlite3* out = nullptr;
    REQUIRE(sqlite3_open(file.c_str(), &out) == SQLITE_OK);
    const int code = sqlite3_exec(out, sql.c_str(), nullptr, nullptr, nullptr);
    INFO(sqlite3_errmsg(out));
    REQUIRE(code == SQLITE_OK);
    REQUIRE(sqlite3_close(out) == SQLITE_OK);
}

/// The rows of an archive of today, as one of before version 3 has them.
void copy_rows(const std::filesystem::path& today, const std::filesystem::path& older,
               std::size_t version) {
    {
        auto made = must(Database::open(older, Database::Mode::read_write_create));
        must(made.run("PRAGMA auto_vacuum=INCREMENTAL; PRAGMA journal_mode=WAL"));
        for (std::size_t step = 0; step < version; ++step) must(made.run(schema::steps[step]));
    }
    run(older,
        "ATTACH '" + today.string() + "' AS today;"
        "INSERT INTO main.feeds (id, key, name, directory, in_place, link, seen_seq, keyring, "
        "head, pending_head, shelf, fork_head, updated, articles) "
        "SELECT id, key, name, directory, in_place, link, seen_seq, keyring, head, pending_head, "
        "shelf, fork_head, updated, articles FROM today.feeds;"
        "INSERT INTO main.held_files SELECT * FROM today.held_files;"
        "INSERT INTO main.bundles (id, feed, volume, name) "
        "SELECT id, feed, volume, name FROM today.bundles;"
        "INSERT INTO main.pictures SELECT * FROM today.pictures;"
        "INSERT INTO main.articles (id, feed, article, revision, bundle, entry, published, zone, "
        "language, section, title, retracted, indexed) "
        "SELECT id, feed, article, revision, bundle, entry, published, zone, language, section, "
        "title, retracted, NOT retracted FROM today.articles;"
        // Their index: another tokenizer, and none of it of use now.
        "CREATE VIRTUAL TABLE article_index USING fts5 (title, body, about, "
        "content = 'article_text', content_rowid = 'id', "
        "tokenize = 'unicode61 remove_diacritics 2');"
        "INSERT INTO article_index (rowid, title, body, about) "
        "SELECT id, title, '', '' FROM today.articles;"
        "INSERT INTO settings VALUES ('tokenizer', 1)");
}

void make_older(const std::filesystem::path& today, const std::filesystem::path& older,
                std::size_t version) {
    if (version < 3) return copy_rows(today, older, version);
    run(today, "VACUUM INTO '" + older.string() + "'");
    for (const char* column : {"signer", "seq", "time", "arrived", "listed_by"})
        run(older, std::string("ALTER TABLE bundles DROP COLUMN ") + column);
    if (version < 4) run(older, "ALTER TABLE feeds DROP COLUMN fork_keyring");
    run(older, "PRAGMA user_version = " + std::to_string(version));
}

}  // namespace

TEST_CASE_METHOD(Fixture, "an older archive is brought up to date with every article found and read") {
    feed.publish(archive, drafts);
    feed.publish(archive, {{"5", "Withdrawn", "This was not so."}});
    feed.import(archive, feed.write({feed.retraction("5", 2, "It was not true.")}));
    feed.import(archive, feed.write_pictures({[] {
        pb::Picture out;
        out.set_media_type("image/png");
        out.set_data("\x89PNG\r\n a crane");
        return out;
    }()}));
    const auto version = GENERATE(std::size_t{1}, std::size_t{2}, std::size_t{3}, std::size_t{4});
    CAPTURE(version);
    REQUIRE(schema::steps.size() == 5);
    const auto older = folder.path() / "older.db";
    make_older(file, older, version);

    auto upgraded = must(Archive::open(older));
    // Broken off and gone on with at every step.
    while (must(upgraded.work())) upgraded = must(Archive::open(older));
    must(upgraded.check_integrity());
    CHECK(must(upgraded.index_progress()).made == must(upgraded.index_progress()).all);

    auto reader = must(ArchiveReader::open(older));
    CHECK(must(reader.search({})).total == drafts.size());
    for (std::size_t i = 0; i < drafts.size(); ++i) {
        Query query;
        query.words = words.at(i);
        const auto found = must(reader.search(query));
        REQUIRE(found.hits.size() == 1);
        CHECK(found.hits[0].title == drafts[i].title);
        const auto stored = must(reader.article(feed.id(drafts[i].guid).hex()));
        CHECK(stored.article.blocks(0).paragraph().spans(0).text() == drafts[i].body);
    }
    CHECK(must(reader.retraction(feed.id("5").hex())).has_value());
    CHECK(must(reader.has_picture(sha256("\x89PNG\r\n a crane"))));
    // And it goes on from there.
    feed.publish(upgraded, {{"6", "Later", "A lantern was lit."}});
    Query query;
    query.words = "lantern";
    CHECK(must(reader.search(query)).total == 1);
}

TEST_CASE_METHOD(Fixture, "an archive from before keys were noted marks what a withdrawn key "
                          "signed, before they are looked up and after", "[trust]") {
    constexpr std::int64_t loss = 1'800'000'000, second = 1'000'000'000;
    const auto early = feed.write({{"1", "Early", "Two cranes."}});
    const auto late = feed.write({{"2", "Late", "Three cranes."}});
    for (const auto& name : {early, late}) {
        feed.import(archive, name);
        const auto bytes = must(read_file(feed.path(name), 1 << 20));
        must(archive.save_held_file(
            feed.key(), {1, name, bytes.size(), (loss + (name == early ? -1 : 0)) * second,
                         sha256(bytes)}));
    }
    auto& gone = *feed.keyring.add_revoked();
    gone.set_key(feed.signer().str());
    gone.set_since(loss);
    feed.keyring.set_least_seq(9);
    SECTION("that the keyring names") {}
    SECTION("that it does not name any more") { feed.keyring.clear_revoked(); }
    if (feed.keyring.revoked_size() == 0) feed.keyring.clear_signing();
    const bool is_named = feed.keyring.revoked_size() != 0;
    feed.sign_keyring_anew();
    must(archive.save_feed(feed.record));
    const auto version = GENERATE(std::size_t{1}, std::size_t{2}, std::size_t{3}, std::size_t{4});
    const auto older = folder.path() / "older.db";
    make_older(file, older, version);

    const auto check = [&] {
        auto reader = must(ArchiveReader::open(older));
        for (const auto& hit : must(reader.search({})).hits) {
            INFO(hit.title);
            REQUIRE(hit.withdrawn);
            CHECK(hit.withdrawn->since == (is_named ? loss : 0));
            CHECK(hit.withdrawn->doubtful == (!is_named || hit.title == "Late"));
        }
    };
    check();
    auto upgraded = must(Archive::open(older));
    while (must(upgraded.work())) {}
    check();
    auto reader = must(ArchiveReader::open(older));
    CHECK(must(reader.article(feed.id("1").hex())).withdrawn->doubtful == !is_named);
    // From the row alone by now.
    std::filesystem::remove(feed.path(early));
    std::filesystem::remove(feed.path(late));
    check();
}

TEST_CASE_METHOD(Fixture, "an upgrade that does not end leaves the archive of before") {
    feed.publish(archive, drafts);
    const auto older = folder.path() / "older.db";
    make_older(file, older, 1);
    {
        auto database = must(Database::open(older, Database::Mode::read_write_create));
        // What the last step makes is there already, so it fails.
        must(database.run("CREATE TABLE index_gaps (a)"));
    }
    REQUIRE_FALSE(Archive::open(older));
    auto database = must(Database::open(older, Database::Mode::read_write_create));
    auto row = must(database.prepare("SELECT user_version, (SELECT count(*) FROM articles) "
                                     "FROM pragma_user_version"));
    REQUIRE(must(row.step()));
    CHECK(row.integer(0) == 1);
    CHECK(row.integer(1) == static_cast<std::int64_t>(drafts.size()));
}
