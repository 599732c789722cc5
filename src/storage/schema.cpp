#include "storage/schema.h"

#include <fmt/format.h>

namespace colport::schema {
namespace {

constexpr std::int64_t application_id = 0x436f6c70;
/// The newest, to which the last step leads.
std::int64_t version() { return static_cast<std::int64_t>(steps.size()); }

Result<std::int64_t> version_of(Database& database) {
    auto row = COLPORT_TRY(database.prepare("PRAGMA user_version"));
    COLPORT_TRY(row.step());
    return row.integer(0);
}

}  // namespace

Result<Found> identify(Database& database, const std::filesystem::path& file) {
    // One statement: another process may be making the archive right now.
    auto row = COLPORT_TRY(database.prepare(
        "SELECT application_id, user_version, (SELECT count(*) FROM sqlite_schema) "
        "FROM pragma_application_id, pragma_user_version"));
    COLPORT_TRY(row.step());
    const auto id = row.integer(0), found = row.integer(1), tables = row.integer(2);
    if (id == 0 && found == 0 && tables == 0) return Found::empty;
    if (id != application_id || found < 1)
        return Error{Errc::corrupt,
                     fmt::format("{} is a database, but not a colport archive", file.string())};
    if (found > version())
        return Error{Errc::unsupported,
                     fmt::format("archive {} was made by a newer colport", file.string()),
                     "install that version or a later one"};
    return found < version() ? Found::older : Found::ours;
}

Status upgrade(Database& database, const std::filesystem::path& file) {
    auto transaction = COLPORT_TRY(Transaction::begin(database));
    // Another process may have been first.
    if (COLPORT_TRY(identify(database, file)) != Found::ours)
        for (auto at = COLPORT_TRY(version_of(database)); at < version(); ++at)
            COLPORT_TRY(database.run(steps[static_cast<std::size_t>(at)]));
    return transaction.commit();
}

Status create(Database& database, const std::filesystem::path& file) {
    // Both stand in the file's header, and only before the first table.
    COLPORT_TRY(database.run("PRAGMA auto_vacuum=INCREMENTAL"));
    COLPORT_TRY(database.run("PRAGMA journal_mode=WAL"));
    return upgrade(database, file);
}

}  // namespace colport::schema
