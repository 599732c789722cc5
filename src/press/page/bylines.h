#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace colport {

/// The names in a line that says who wrote: "By Ann Lee and Bo Chen" gives two.
/// Nothing when the line does not begin with a word for it, or goes on for
/// longer than names do.
std::optional<std::vector<std::string>> read_byline(std::string_view line);

/// A few words, each with a capital: who wrote, perhaps, where nothing says so.
/// Never in scripts that have no capitals.
bool could_be_names(std::string_view line);

/// Names that stand in a row, as "Ann Lee, Bo Chen", without a word before them.
std::vector<std::string> split_names(std::string_view names);

}  // namespace colport
