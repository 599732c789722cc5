#pragma once

#include <string_view>
#include <unordered_set>

#include "press/formats/xml_tree.h"

namespace colport {

using WordSet = std::unordered_set<std::string_view>;

/// Whether a word of the element's class or id is in `words`, which are in lower
/// case. `related-links` and `relatedLinks` are two words; digits part words too.
/// Words that others take their meaning from do not count: `has-sidebar`,
/// `overflow-hidden`, `md:hidden`, `tag-print`.
bool has_name_word(const xmlNode* node, const WordSet& words);

}  // namespace colport
