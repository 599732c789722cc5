#pragma once

#include "storage/database.h"

/// The words of the index are made by tokens.h. FTS5 gets them joined by
/// `separator`, and this tokenizer does no more than part them again.
namespace colport::tokenizer {

inline constexpr char separator = '\x1f';
inline constexpr const char* name = "colport";

/// Makes the tokenizer known to a connection. Call before any FTS5 table is used.
Status install(Database& database);

}  // namespace colport::tokenizer
