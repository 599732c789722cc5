#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "article.pb.h"

namespace colport {

/// Takes away what pages put above, between and below the paragraphs of an
/// article: the title again with what stands over it, its authors and date,
/// buttons, pleas, and lists of other articles. Pictures stay.
///
/// Leaves everything as it is when hardly any text would be left: then the words
/// were what the article is about. Returns about how many words went that are
/// neither of the title, a link nor a label: much of it may have been text.
std::size_t trim_blocks(std::vector<pb::Block>& blocks, std::string_view title,
                        const std::vector<std::string>& authors);

/// Whether two titles say the same, signs and case apart, one perhaps with a
/// site's name added.
bool is_same_title(std::string_view one, std::string_view other);

}  // namespace colport
