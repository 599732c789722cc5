#include "storage/reading.h"

#include <fmt/format.h>

#include <algorithm>

namespace colport {
namespace {

constexpr std::int64_t application_id = 0x436f6c52;
constexpr std::int64_t version = 2;
constexpr std::size_t most_entries = 100;

struct Header {
    std::int64_t application = 0, version = 0, tables = 0;
};

Result<Header> header_of(Database& database) {
    auto row = COLPORT_TRY(database.prepare(
        "SELECT application_id, user_version, (SELECT count(*) FROM sqlite_schema) "
        "FROM pragma_application_id, pragma_user_version"));
    COLPORT_TRY(row.step());
    return Header{row.integer(0), row.integer(1), row.integer(2)};
}

Status check(const Header& header, const std::filesystem::path& file) {
    if (header.application != application_id || header.version < 1)
        return Error{Errc::corrupt,
                     fmt::format("{} is not what colport keeps of reading", file.string()),
                     "move it away"};
    if (header.version > version)
        return Error{Errc::unsupported, fmt::format("{} is of a newer colport", file.string()),
                     "install that version or a later one"};
    return done();
}

/// Nobody was asked before version 2 whether openings are to be written down.
Status upgrade(Database& database) {
    {
        auto transaction = COLPORT_TRY(Transaction::begin(database));
        if (COLPORT_TRY(header_of(database)).version >= version) return done();
        COLPORT_TRY(database.run(
            "DELETE FROM opened;"
            "UPDATE settings SET value = 'session' WHERE name = 'history' AND value = 'on';"
            "PRAGMA user_version = 2"));
        COLPORT_TRY(transaction.commit());
    }
    return database.run("PRAGMA wal_checkpoint(TRUNCATE)");
}

}  // namespace

namespace schema {
extern const char* const reading;
}

Result<Reading> Reading::open(const std::filesystem::path& file, bool create) {
    if (!create && !std::filesystem::exists(file))
        return Error{Errc::not_found, fmt::format("there is no {} yet", file.string())};
    auto database = COLPORT_TRY(Database::open(file, Database::Mode::read_write_create));
    if (COLPORT_TRY(header_of(database)).tables == 0) {
        COLPORT_TRY(database.run("PRAGMA auto_vacuum=FULL"));
        COLPORT_TRY(database.run("PRAGMA journal_mode=WAL"));
        auto transaction = COLPORT_TRY(Transaction::begin(database));
        // Another thread may have been first.
        if (COLPORT_TRY(header_of(database)).tables == 0)
            COLPORT_TRY(database.run(schema::reading));
        COLPORT_TRY(transaction.commit());
    }
    const auto header = COLPORT_TRY(header_of(database));
    COLPORT_TRY(check(header, file));
    if (header.version < version) COLPORT_TRY(upgrade(database));
    return Reading(std::move(database));
}

Result<Reading::Marks> Reading::marks(const PublicKey& feed, const ArticleId& article) {
    auto row = COLPORT_TRY(database_.prepare(
        "SELECT EXISTS (SELECT 1 FROM opened WHERE article = ?1 AND feed = ?2), "
        "EXISTS (SELECT 1 FROM starred WHERE article = ?1 AND feed = ?2)"));
    COLPORT_TRY(row.bind_blob(1, article.view()).bind_blob(2, feed.view()).step());
    return Marks{row.integer(0) != 0, row.integer(1) != 0};
}

Result<std::vector<Reading::Marks>> Reading::marks(
    const std::vector<std::pair<PublicKey, ArticleId>>& articles) {
    // Reading alone: it must not wait for who writes.
    COLPORT_TRY(database_.run("BEGIN"));
    std::vector<Marks> out;
    Status read = done();
    for (const auto& [feed, article] : articles) {
        auto found = marks(feed, article);
        if (!found) {
            read = std::move(found).error();
            break;
        }
        out.push_back(*found);
    }
    COLPORT_TRY(database_.run("COMMIT"));
    COLPORT_TRY(std::move(read));
    return out;
}

Status Reading::mark(const char* table, const PublicKey& feed, const ArticleId& article,
                     std::optional<std::int64_t> time) {
    auto row = COLPORT_TRY(database_.prepare(
        time ? fmt::format("INSERT OR REPLACE INTO {} (article, feed, time) VALUES (?1, ?2, ?3)",
                           table)
             : fmt::format("DELETE FROM {} WHERE article = ?1 AND feed = ?2", table)));
    row.bind_blob(1, article.view()).bind_blob(2, feed.view());
    if (time) row.bind(3, *time);
    return row.run();
}

Status Reading::mark_opened(const PublicKey& feed, const ArticleId& article,
                            std::optional<std::int64_t> time) {
    constexpr std::int64_t at_once = 60;
    if (time) {
        auto known = COLPORT_TRY(database_.prepare(
            "SELECT 1 FROM opened WHERE article = ?1 AND feed = ?2 AND time BETWEEN ?3 AND ?4"));
        known.bind_blob(1, article.view()).bind_blob(2, feed.view());
        if (COLPORT_TRY(known.bind(3, *time - at_once).bind(4, *time).step())) return done();
    }
    return mark("opened", feed, article, time);
}

Status Reading::mark_starred(const PublicKey& feed, const ArticleId& article,
                             std::optional<std::int64_t> time) {
    return mark("starred", feed, article, time);
}

Result<std::vector<Reading::Entry>> Reading::entries(const char* table, std::size_t offset,
                                                     std::size_t limit) {
    auto row = COLPORT_TRY(database_.prepare(fmt::format(
        "SELECT feed, article, time FROM {} ORDER BY time DESC, article LIMIT ?1 OFFSET ?2",
        table)));
    row.bind(1, static_cast<std::int64_t>(std::min(limit, most_entries)))
        .bind(2, static_cast<std::int64_t>(offset));
    std::vector<Entry> out;
    while (COLPORT_TRY(row.step())) {
        const auto feed = PublicKey::from(row.blob(0));
        const auto article = ArticleId::from(row.blob(1));
        if (!feed || !article) return Error{Errc::corrupt, "what is kept of reading is damaged"};
        out.push_back({*feed, *article, row.integer(2)});
    }
    return out;
}

Result<std::vector<Reading::Entry>> Reading::opened(std::size_t offset, std::size_t limit) {
    return entries("opened", offset, limit);
}

Result<std::vector<Reading::Entry>> Reading::starred(std::size_t offset, std::size_t limit) {
    return entries("starred", offset, limit);
}

Result<Reading::Counts> Reading::counts() {
    auto row = COLPORT_TRY(database_.prepare(
        "SELECT (SELECT count(*) FROM opened), (SELECT count(*) FROM starred)"));
    COLPORT_TRY(row.step());
    return Counts{static_cast<std::uint64_t>(row.integer(0)),
                  static_cast<std::uint64_t>(row.integer(1))};
}

Status Reading::clear_history() {
    COLPORT_TRY(database_.run("DELETE FROM opened"));
    return wipe_log();
}

Status Reading::forget_feed(const PublicKey& feed) {
    {
        auto transaction = COLPORT_TRY(Transaction::begin(database_));
        for (const char* from : {"DELETE FROM opened WHERE feed = ?1",
                                 "DELETE FROM starred WHERE feed = ?1"})
            COLPORT_TRY(COLPORT_TRY(database_.prepare(from)).bind_blob(1, feed.view()).run());
        COLPORT_TRY(transaction.commit());
    }
    return wipe_log();
}

Result<std::vector<std::string>> Reading::searches() {
    auto row = COLPORT_TRY(database_.prepare("SELECT query FROM searches ORDER BY time DESC, query"));
    std::vector<std::string> out;
    while (COLPORT_TRY(row.step())) out.emplace_back(row.text(0));
    return out;
}

Status Reading::save_search(const std::string& query, std::int64_t time) {
    if (COLPORT_TRY(searches()).size() >= most_searches)
        return Error{Errc::too_large, fmt::format("no more than {} searches are kept", most_searches),
                     "forget one first"};
    auto row = COLPORT_TRY(
        database_.prepare("INSERT OR REPLACE INTO searches (query, time) VALUES (?1, ?2)"));
    return row.bind_text(1, query).bind(2, time).run();
}

Status Reading::forget_search(const std::string& query) {
    auto row = COLPORT_TRY(database_.prepare("DELETE FROM searches WHERE query = ?1"));
    return row.bind_text(1, query).run();
}

Result<std::map<std::string, std::string>> Reading::settings() {
    auto row = COLPORT_TRY(database_.prepare("SELECT name, value FROM settings"));
    std::map<std::string, std::string> out;
    while (COLPORT_TRY(row.step())) out.emplace(row.text(0), row.text(1));
    return out;
}

Status Reading::set(const std::map<std::string, std::string>& settings) {
    auto transaction = COLPORT_TRY(Transaction::begin(database_));
    auto row = COLPORT_TRY(
        database_.prepare("INSERT OR REPLACE INTO settings (name, value) VALUES (?1, ?2)"));
    for (const auto& [name, value] : settings)
        COLPORT_TRY(row.bind_text(1, name).bind_text(2, value).run());
    return transaction.commit();
}

Status Reading::forget_everything() {
    {
        auto transaction = COLPORT_TRY(Transaction::begin(database_));
        COLPORT_TRY(database_.run("DELETE FROM opened; DELETE FROM starred; DELETE FROM searches;"
                                  "DELETE FROM settings"));
        COLPORT_TRY(transaction.commit());
    }
    return wipe_log();
}

Status Reading::wipe_log() {
    // A reader in the middle of a page may keep the log for now; that is no error.
    return database_.run("PRAGMA wal_checkpoint(TRUNCATE)");
}

}  // namespace colport
