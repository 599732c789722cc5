#pragma once

#include <string_view>
#include <vector>

#include "press/import_sink.h"

namespace colport {

/// Plain text as paragraphs: a blank line ends one.
std::vector<pb::Block> text_blocks(std::string_view text);

/// One article, read as read_plain_page() does. Errors: corrupt (not UTF-8).
Status import_text(Bytes content, ImportSink& sink);

}  // namespace colport
