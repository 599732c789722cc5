#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "storage/tokens.h"

/// Expressions of FTS5, put together. An empty operand matches nothing.
namespace colport::fts {

/// Whatever the token holds.
std::string quoted(std::string_view token);
std::string any(const std::string& first, const std::string& second);
std::string all(const std::vector<std::string>& operands);
std::string but(const std::string& first, const std::string& second);
/// In articles of these languages; none: of all.
std::string in(const std::vector<std::string>& languages, const std::string& expression);

}  // namespace colport::fts
