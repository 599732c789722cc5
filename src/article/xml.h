#pragma once

#include <string>
#include <string_view>

namespace colport {

/// Leaves out what XML 1.0 has no place for: control characters and the like.
std::string xml_text(std::string_view utf8);
/// That, escaped for content and quoted attributes.
std::string escape_xml(std::string_view utf8);

}  // namespace colport
