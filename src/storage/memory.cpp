#include "storage/memory.h"

namespace colport::memory {

Result<std::string> recall(Database& database, const std::string& name) {
    auto row = COLPORT_TRY(database.prepare("SELECT value FROM memory WHERE name = ?1"));
    if (!COLPORT_TRY(row.bind_text(1, name).step())) return std::string();
    return std::string(row.text(0));
}

Status remember(Database& database, const std::string& name, const std::string& value) {
    if (value.empty()) {
        auto forget = COLPORT_TRY(database.prepare("DELETE FROM memory WHERE name = ?1"));
        return forget.bind_text(1, name).run();
    }
    auto row = COLPORT_TRY(
        database.prepare("INSERT OR REPLACE INTO memory (name, value) VALUES (?1, ?2)"));
    return row.bind_text(1, name).bind_text(2, value).run();
}

Result<std::map<std::string, std::string>> recall_all(Database& database,
                                                      const std::string& beginning) {
    auto rows = COLPORT_TRY(database.prepare(
        "SELECT name, value FROM memory WHERE name >= ?1 AND name < ?1 || char(1114111)"));
    rows.bind_text(1, beginning);
    std::map<std::string, std::string> out;
    while (COLPORT_TRY(rows.step())) out.emplace(rows.text(0), rows.text(1));
    return out;
}

Result<std::vector<std::string>> known_peers(Database& database, const PublicKey& feed) {
    auto row = COLPORT_TRY(database.prepare(
        "SELECT address FROM known_peers p JOIN feeds f ON f.id = p.feed WHERE f.key = ?1 "
        "ORDER BY seen DESC, address"));
    row.bind_blob(1, feed.view());
    std::vector<std::string> out;
    while (COLPORT_TRY(row.step())) out.emplace_back(row.text(0));
    return out;
}

Status remember_peer(Database& database, const PublicKey& feed, const std::string& address,
                     std::int64_t now, std::size_t most) {
    auto transaction = COLPORT_TRY(Transaction::begin(database));
    // A clock that was ahead must not keep those away that are met from now on.
    auto correct = COLPORT_TRY(database.prepare(
        "UPDATE known_peers SET seen = ?2 - 1 "
        "WHERE feed = (SELECT id FROM feeds WHERE key = ?1) AND seen > ?2"));
    COLPORT_TRY(correct.bind_blob(1, feed.view()).bind(2, now).run());
    auto keep = COLPORT_TRY(database.prepare(
        "INSERT OR REPLACE INTO known_peers (feed, address, seen) "
        "SELECT id, ?2, ?3 FROM feeds WHERE key = ?1"));
    COLPORT_TRY(keep.bind_blob(1, feed.view()).bind_text(2, address).bind(3, now).run());
    auto forget = COLPORT_TRY(database.prepare(
        "DELETE FROM known_peers WHERE feed = (SELECT id FROM feeds WHERE key = ?1) "
        "AND address NOT IN (SELECT address FROM known_peers p JOIN feeds f ON f.id = p.feed "
        "WHERE f.key = ?1 ORDER BY seen DESC, address LIMIT ?2)"));
    COLPORT_TRY(forget.bind_blob(1, feed.view()).bind(2, static_cast<std::int64_t>(most)).run());
    return transaction.commit();
}

}  // namespace colport::memory
