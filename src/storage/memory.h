#pragma once

#include <map>
#include <string>
#include <vector>

#include "core/bytes.h"
#include "core/result.h"
#include "storage/database.h"

/// What the archive keeps between runs besides articles.
namespace colport::memory {

/// Empty when there is none.
Result<std::string> recall(Database& database, const std::string& name);
/// An empty value: forgets it.
Status remember(Database& database, const std::string& name, const std::string& value);
/// Names that begin so, and their values.
Result<std::map<std::string, std::string>> recall_all(Database& database,
                                                      const std::string& beginning);

/// Addresses at which peers of a feed were met, the latest first.
Result<std::vector<std::string>> known_peers(Database& database, const PublicKey& feed);
/// Keeps the latest `most`. No effect for a feed that is not there.
Status remember_peer(Database& database, const PublicKey& feed, const std::string& address,
                     std::int64_t now, std::size_t most);

}  // namespace colport::memory
