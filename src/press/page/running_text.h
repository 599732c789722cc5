#pragma once

#include <string>

#include "article.pb.h"

namespace colport {

/// What the article says from its first line to its last, blocks parted by a
/// blank line: without title, summary, captions, credits and embeds, which stand
/// beside the text. What `extract` prints.
std::string running_text(const pb::Article& article);

}  // namespace colport
