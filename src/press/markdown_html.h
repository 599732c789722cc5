#pragma once

#include <string>
#include <string_view>

namespace colport {

/// Markdown with tables, footnotes and struck-out text as HTML. The HTML is not
/// made safe: it is only ever read into blocks. Shortcodes of Hugo and tags of
/// Jekyll become figures, frames and code, or go.
std::string markdown_html(std::string_view text);

}  // namespace colport
