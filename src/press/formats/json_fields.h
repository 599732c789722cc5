#pragma once

#include <initializer_list>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

/// Reads what people write as JSON, YAML or TOML: the types are whatever they are.
namespace colport {

/// The first of `keys` that is there and not blank: a string as it is, a whole
/// number as written.
std::string string_of(const nlohmann::json& object, std::initializer_list<const char*> keys);

/// A list of strings, or one string; of objects their `name`.
std::vector<std::string> strings_of(const nlohmann::json& object, const char* key);

}  // namespace colport
