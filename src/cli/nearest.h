#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace colport::cli {

/// The one of `known` that was likely meant by `typed`: at most a third of its
/// letters are mistyped, or it is the only one that begins so. Empty: none.
std::string nearest(std::string_view typed, const std::vector<std::string>& known);

}  // namespace colport::cli
