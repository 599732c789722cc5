#pragma once

#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <string_view>

#include "core/result.h"

namespace colport {

struct FrontMatter {
    nlohmann::json fields = nlohmann::json::object();
    std::string_view text;     ///< what follows it
    bool present = false;
};

/// What stands before a Markdown text: YAML between `---`, TOML between `+++`,
/// or a JSON object. Scalars of YAML and dates of TOML are strings as written.
/// Aliases of YAML are refused, since they can make a kilobyte a gigabyte.
/// Errors: corrupt (names the line where the parser does).
Result<FrontMatter> read_front_matter(std::string_view text);

/// Whether a brace opens JSON and not a template's tag: `{{< figure >}}`, `{% include %}`.
bool begins_json_object(std::string_view text);

/// Nothing when the field is missing or no yes or no.
std::optional<bool> flag_of(const nlohmann::json& fields, const char* key);

}  // namespace colport
