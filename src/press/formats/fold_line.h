#pragma once

#include <string>
#include <string_view>

namespace colport {

/// A line fit to be compared with a list of words: lower case, one kind of blank
/// and apostrophe, no joiners, and one form for the Arabic letters that people
/// and keyboards write in several.
std::string fold_line(std::string_view line);

}  // namespace colport
