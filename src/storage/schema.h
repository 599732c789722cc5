#pragma once

#include <filesystem>

#include "storage/database.h"

/// Whose a database is, and of which version.
namespace colport::schema {

enum class Found { empty, older, ours };

/// Looks without changing anything. Errors: corrupt (not a colport archive),
/// unsupported (made by a newer version).
Result<Found> identify(Database& database, const std::filesystem::path& file);

/// Brings an archive of an older version up to this one, or leaves it as it was.
Status upgrade(Database& database, const std::filesystem::path& file);

/// Makes an archive out of an empty database.
Status create(Database& database, const std::filesystem::path& file);

}  // namespace colport::schema
