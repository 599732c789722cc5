#pragma once

#include <filesystem>
#include <span>

#include "storage/database.h"

/// Whose a database is, and of which version.
namespace colport::schema {

/// steps[n] is SQL that leads from version n to the next; 0 is an empty database.
extern const std::span<const char* const> steps;

enum class Found { empty, older, ours };

/// Looks without changing anything. Errors: corrupt (not a colport archive),
/// unsupported (made by a newer version).
Result<Found> identify(Database& database, const std::filesystem::path& file);

/// Takes the steps that an archive lacks, or leaves it as it was.
Status upgrade(Database& database, const std::filesystem::path& file);

/// Makes an archive out of an empty database.
Status create(Database& database, const std::filesystem::path& file);

}  // namespace colport::schema
