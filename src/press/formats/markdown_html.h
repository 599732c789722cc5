#pragma once

#include <string>
#include <string_view>

#include "core/result.h"

namespace colport {

/// Markdown with tables, footnotes and struck-out text as HTML. The HTML is not
/// made safe: it is only ever read into blocks. Shortcodes of Hugo and tags of
/// Jekyll become figures, frames and code, or go. Time grows with the square of
/// the size at worst: the caller bounds it. Errors: too_large.
Result<std::string> markdown_html(std::string_view text);

}  // namespace colport
