#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace colport {

/// A form of `name` that it shares with every name that looks like it: other scripts'
/// letters of the same shape (UTS 39), capitals, accents left out, white space and
/// punctuation do not count. For comparing alone, never shown.
std::string look_of(std::string_view name);

/// For each name the place of the first one before it that looks like it.
std::vector<std::optional<std::size_t>> look_alikes(const std::vector<std::string>& names);

}  // namespace colport
