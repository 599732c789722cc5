#pragma once

#include <string>
#include <string_view>

namespace colport {

/// The language that CLD2 is sure `text` is in, such as "ru", or empty. Plain
/// text; looks at the first few KB. Pure. Any thread.
std::string language_of_text(std::string_view text);

/// Changes when the same text may be taken for another language.
std::string detection_signature();

}  // namespace colport
