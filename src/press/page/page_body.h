#pragma once

#include <cstddef>

#include "press/formats/xml_tree.h"

namespace colport {

/// Bytes of text that the page shows, menus and all.
std::size_t page_text_size(const xmlDoc* page);

enum class Pruning { strict, relaxed };

/// The element that holds the article's text, or null. Removes from the tree
/// what is not part of it: navigation, comments, advertisements, lists of
/// links. `relaxed` keeps what only its class or id makes suspect.
xmlNode* find_page_body(xmlDoc* page, Pruning pruning);

}  // namespace colport
