#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

namespace colport {

/// For each name the place of the first one before it that looks like it: letters of
/// other scripts with the same shape (UTS 39) are the same, and capitals, white space,
/// punctuation and accents do not count. A name without letters looks like none.
std::vector<std::optional<std::size_t>> look_alikes(const std::vector<std::string>& names);

}  // namespace colport
