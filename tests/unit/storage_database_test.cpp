#include <sqlite3.h>

#include "storage/database.h"
#include "storage_fixture.h"

using namespace colport;
using namespace colport::testing;

namespace {

/// As the first version left it; open until it is let go.
Database archive_of_the_first_version(const std::filesystem::path& file) {
    const auto sql =
        must(read_file(std::string(COLPORT_SOURCE_DIR) + "/tests/unit/archive-1.sql", 1 << 20));
    auto out = must(Database::open(file, Database::Mode::read_write_create));
    must(out.run("PRAGMA journal_mode=WAL"));
    must(out.run(sql.c_str()));
    return out;
}

}  // namespace

TEST_CASE("values of 64 bits, text and blobs come back as they went in") {
    TemporaryFolder folder;
    auto database =
        must(Database::open(folder.path() / "d.db", Database::Mode::read_write_create));
    must(database.run("CREATE TABLE t (a, b, c, d)"));
    auto insert = must(database.prepare("INSERT INTO t VALUES (?1, ?2, ?3, ?4)"));
    must(insert.bind(1, INT64_MIN).bind_text(2, "день").bind_blob(3, Bytes("\0\xff", 2))
             .bind_null(4).run());
    must(insert.bind(1, INT64_MAX).bind_text(2, "").bind_blob(3, "").run());
    auto row = must(database.prepare("SELECT a, b, c, d FROM t ORDER BY rowid"));
    REQUIRE(must(row.step()));
    CHECK(row.integer(0) == INT64_MIN);
    CHECK(row.text(1) == "день");
    CHECK(row.blob(2) == Bytes("\0\xff", 2));
    CHECK(row.is_null(3));
    REQUIRE(must(row.step()));
    CHECK(row.integer(0) == INT64_MAX);
    CHECK_FALSE(row.is_null(1));
    CHECK_FALSE(row.is_null(2));
    CHECK_FALSE(must(row.step()));
}

TEST_CASE("a statement that is asked for again begins anew") {
    TemporaryFolder folder;
    auto database =
        must(Database::open(folder.path() / "d.db", Database::Mode::read_write_create));
    must(database.run("CREATE TABLE t (a); INSERT INTO t VALUES (1), (2)"));
    const auto* const sql = "SELECT a FROM t WHERE ?1 IS NULL OR a = ?1 ORDER BY a";
    {
        auto row = must(database.prepare(sql));
        must(row.bind(1, 2).step());
        auto other = must(database.prepare(sql));
        REQUIRE(must(other.step()));
        CHECK(other.integer(0) == 1);
        CHECK(row.integer(0) == 2);
    }
    auto row = must(database.prepare(sql));
    REQUIRE(must(row.step()));
    CHECK(row.integer(0) == 1);

    // What is kept holds nothing up, follows the schema, and is not without end.
    must(database.prepare(sql)).reset();
    row.reset();
    must(database.run("DROP TABLE t; CREATE TABLE t (b, a); INSERT INTO t VALUES (7, 8)"));
    REQUIRE(must(row.step()));
    CHECK(row.integer(0) == 8);
    for (int i = 0; i < 1000; ++i) must(database.prepare("SELECT " + std::to_string(i)));
    int kept = 0;
    for (auto* at = sqlite3_next_stmt(database.handle(), nullptr); at != nullptr;
         at = sqlite3_next_stmt(database.handle(), at))
        ++kept;
    CHECK(kept < 100);
}

TEST_CASE("a statement outlives its database") {
    TemporaryFolder folder;
    std::optional<Statement> row;
    {
        auto database =
            must(Database::open(folder.path() / "d.db", Database::Mode::read_write_create));
        row = must(database.prepare("SELECT 5"));
    }
    REQUIRE(must(row->step()));
    CHECK(row->integer(0) == 5);
}

TEST_CASE("a snapshot within a snapshot belongs to it") {
    TemporaryFolder folder;
    const auto file = folder.path() / "d.db";
    auto writer = must(Database::open(file, Database::Mode::read_write_create));
    must(writer.run("PRAGMA journal_mode=WAL; CREATE TABLE t (a); INSERT INTO t VALUES (1)"));
    auto reader = must(Database::open(file, Database::Mode::read_only));
    const auto count = [&] {
        auto row = must(reader.prepare("SELECT count(*) FROM t"));
        must(row.step());
        return row.integer(0);
    };
    {
        const auto outer = must(Transaction::begin(reader));
        CHECK(count() == 1);
        must(writer.run("INSERT INTO t VALUES (2)"));
        {
            auto inner = must(Transaction::begin(reader));
            CHECK(count() == 1);
        }
        CHECK(count() == 1);
    }
    CHECK(count() == 2);
    // Of two that write, the second must not end the first.
    auto first = must(Transaction::begin(writer));
    must(writer.run("INSERT INTO t VALUES (3)"));
    CHECK_FALSE(Transaction::begin(writer));
    must(first.commit());
    CHECK(count() == 3);
}

TEST_CASE("what is sorted or may be taken back leaves no file elsewhere") {
    const auto mode = GENERATE(Database::Mode::read_write_create, Database::Mode::read_only);
    TemporaryFolder folder;
    const auto file = folder.path() / "d.db";
    must(must(Database::open(file, Database::Mode::read_write_create)).run("CREATE TABLE t (a)"));
    auto database = must(Database::open(file, mode));
    auto row = must(database.prepare("PRAGMA temp_store"));
    REQUIRE(must(row.step()));
    CHECK(row.integer(0) == 2);
}

TEST_CASE("a transaction that is not committed leaves nothing") {
    TemporaryFolder folder;
    auto database =
        must(Database::open(folder.path() / "d.db", Database::Mode::read_write_create));
    must(database.run("CREATE TABLE t (a)"));
    {
        auto transaction = must(Transaction::begin(database));
        must(database.run("INSERT INTO t VALUES (1)"));
    }
    auto count = must(database.prepare("SELECT count(*) FROM t"));
    must(count.step());
    CHECK(count.integer(0) == 0);
}

TEST_CASE("a database cannot attach others, load code or be damaged by statements") {
    TemporaryFolder folder;
    auto database =
        must(Database::open(folder.path() / "d.db", Database::Mode::read_write_create));
    must(database.run("CREATE VIRTUAL TABLE f USING fts5 (a)"));
    CHECK_FALSE(database.run("ATTACH ':memory:' AS other"));
    CHECK_FALSE(database.run("SELECT load_extension('x')"));
    CHECK_FALSE(database.run("DELETE FROM f_data"));
    CHECK_FALSE(database.run("SELECT \"not a column\""));
}

TEST_CASE("a bind that fails is reported by the statement") {
    TemporaryFolder folder;
    auto database =
        must(Database::open(folder.path() / "d.db", Database::Mode::read_write_create));
    must(database.run("CREATE TABLE t (a)"));
    auto insert = must(database.prepare("INSERT INTO t VALUES (?1)"));
    CHECK_FALSE(insert.bind(2, 1).run());
    CHECK(insert.bind(1, 1).run());
    const std::string too_long(65 << 20, 'x');
    auto result = insert.bind_blob(1, too_long).run();
    REQUIRE_FALSE(result);
    CHECK(result.error().code == Errc::too_large);
}

TEST_CASE("a new archive is its owner's alone and an old one keeps its permissions") {
    TemporaryFolder folder;
    const auto file = folder.path() / "archive.db";
    must(Archive::open(file));
    CHECK(must(mode_of(file)) == 0600);
    std::filesystem::permissions(file, std::filesystem::perms(0640));
    must(Archive::open(file));
    CHECK(must(mode_of(file)) == 0640);
}

TEST_CASE("a reader before there is an archive says so") {
    TemporaryFolder folder;
    const auto file = folder.path() / "archive.db";
    auto none = ArchiveReader::open(file);
    REQUIRE_FALSE(none);
    CHECK(none.error().code == Errc::not_found);
    CHECK(none.error().message.find("no archive yet") != std::string::npos);
    CHECK_FALSE(std::filesystem::exists(file));
    must(write_file(file, ""));
    auto empty = ArchiveReader::open(file);
    REQUIRE_FALSE(empty);
    CHECK(empty.error().code == Errc::not_found);
}

TEST_CASE("a file that is no database is named and left alone") {
    TemporaryFolder folder;
    const auto file = folder.path() / "archive.db";
    std::string content;
    for (int i = 0; i < 5000; ++i) content += "not a database ";
    must(write_file(file, content));
    auto archive = Archive::open(file);
    REQUIRE_FALSE(archive);
    CHECK(archive.error().code == Errc::corrupt);
    CHECK(archive.error().message.find(file.string()) != std::string::npos);
    auto reader = ArchiveReader::open(file);
    REQUIRE_FALSE(reader);
    CHECK(reader.error().code == Errc::corrupt);
    CHECK(must(read_file(file, 1 << 20)) == content);
}

TEST_CASE("somebody else's database is refused and left alone") {
    TemporaryFolder folder;
    const auto file = folder.path() / "places.db";
    {
        auto other = must(Database::open(file, Database::Mode::read_write_create));
        must(other.run("CREATE TABLE bookmarks (a)"));
    }
    const auto before = must(read_file(file, 1 << 20));
    auto archive = Archive::open(file);
    REQUIRE_FALSE(archive);
    CHECK(archive.error().code == Errc::corrupt);
    CHECK(must(read_file(file, 1 << 20)) == before);
}

TEST_CASE("an archive of the first version is brought up to date, with all that it holds") {
    TemporaryFolder folder;
    const auto file = folder.path() / "archive.db";
    static_cast<void>(archive_of_the_first_version(file));
    if (GENERATE(false, true)) {
        auto reader = must(ArchiveReader::open(file));
        CHECK(must(reader.feeds()).size() == 1);
        CHECK(reader.search({}).ok());
    }
    for (int time = 0; time < 2; ++time) {
        auto archive = must(Archive::open(file));
        auto feeds = must(archive.feeds());
        REQUIRE(feeds.size() == 1);
        CHECK(feeds[0].name == "Gazette");
        CHECK(feeds[0].seen_seq == 7);
        CHECK(feeds[0].history_since == FeedRecord{}.history_since);
        CHECK(must(archive.held_files(feeds[0].feed)).size() == 1);
        feeds[0].updated = 5;
        must(archive.save_feed(feeds[0]));
        must(archive.remember_peer(feeds[0].feed, "192.0.2.1:7", 1));
        CHECK(must(archive.known_peers(feeds[0].feed)) == std::vector<std::string>{"192.0.2.1:7"});
        must(archive.remember("mode", "lan"));
        CHECK(must(archive.recall("mode")) == "lan");
        CHECK(must(archive.recall("nothing")).empty());
        must(archive.check_integrity());
    }
}

TEST_CASE("the index of the first version is erased piece by piece, whenever it is broken off") {
    TemporaryFolder folder;
    const auto file = folder.path() / "archive.db";
    {
        auto old = archive_of_the_first_version(file);
        must(old.run("CREATE VIRTUAL TABLE article_index USING fts5 (title, body, about, "
                     "content = 'article_text', content_rowid = 'id', "
                     "tokenize = 'unicode61 remove_diacritics 2');"
                     "WITH RECURSIVE n (i) AS (VALUES (1) UNION ALL SELECT i + 1 FROM n "
                     "WHERE i < 3000) INSERT INTO article_index (rowid, title, body, about) "
                     "SELECT i, hex(randomblob(300)), hex(randomblob(300)), '' FROM n"));
    }
    const auto number = [&](const std::string& query) {
        auto database = must(Database::open(file, Database::Mode::read_only));
        auto row = must(database.prepare(query));
        return must(row.step()) ? row.integer(0) : 0;
    };
    const auto rows = [&](const std::string& table) -> std::int64_t {
        if (number("SELECT count(*) FROM sqlite_schema WHERE name = '" + table + "'") == 0) return 0;
        return number("SELECT count(*) FROM " + table);
    };
    const auto pages = rows("article_index_data");
    REQUIRE(pages > 1000);
    auto archive = must(Archive::open(file));
    CHECK(rows("article_index_data") == pages);
    auto left = pages + rows("article_index_docsize");
    int steps = 0;
    while (must(archive.work())) {
        REQUIRE(++steps < 100);
        const auto now = rows("article_index_data") + rows("article_index_docsize");
        // FTS5's own first rows go with the table.
        CHECK(left - now <= 520);
        left = now;
        if (steps % 3 == 0) archive = must(Archive::open(file));
    }
    CHECK(steps > 6);
    CHECK(number("SELECT count(*) FROM sqlite_schema WHERE name GLOB 'article_index' "
                 "OR name GLOB 'article_index_[a-z]*'") == 0);
    CHECK(number("SELECT count(*) FROM indexes WHERE state = 2") == 0);
    must(archive.check_integrity());
}

TEST_CASE("the peers met last are remembered, no more than fit") {
    TemporaryFolder folder;
    auto archive = must(Archive::open(folder.path() / "archive.db"));
    FeedRecord record;
    record.feed = *PublicKey::from(std::string(32, 'k'));
    must(archive.save_feed(record));
    for (int i = 0; i < 60; ++i)
        must(archive.remember_peer(record.feed, "192.0.2." + std::to_string(i) + ":1", 100 + i));
    must(archive.remember_peer(record.feed, "192.0.2.30:1", 1000));
    const auto known = must(archive.known_peers(record.feed));
    REQUIRE(known.size() == Archive::most_known_peers);
    CHECK(known.front() == "192.0.2.30:1");
    CHECK(known.back() == "192.0.2.10:1");
    must(archive.remove_feed(record.feed));
    CHECK(must(archive.known_peers(record.feed)).empty());
}

TEST_CASE("an archive of a newer version is refused and left alone") {
    TemporaryFolder folder;
    const auto file = folder.path() / "archive.db";
    must(Archive::open(file));
    {
        auto later = must(Database::open(file, Database::Mode::read_write_create));
        must(later.run("PRAGMA user_version = 1000; CREATE TABLE novelty (a)"));
    }
    const auto before = must(read_file(file, 1 << 24));
    auto archive = Archive::open(file);
    REQUIRE_FALSE(archive);
    CHECK(archive.error().code == Errc::unsupported);
    CHECK(archive.error().message.find("newer colport") != std::string::npos);
    CHECK_FALSE(archive.error().hint.empty());
    auto reader = ArchiveReader::open(file);
    REQUIRE_FALSE(reader);
    CHECK(reader.error().code == Errc::unsupported);
    CHECK(must(read_file(file, 1 << 24)) == before);
}
