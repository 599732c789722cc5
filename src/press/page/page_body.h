#pragma once

#include <cstddef>

#include "press/formats/xml_tree.h"

namespace colport {

/// Bytes of text that the page shows, menus and all.
std::size_t page_text_size(const xmlDoc* page);

enum class Pruning { strict, relaxed };

struct PageBody {
    xmlNode* node = nullptr;       ///< holds the article's text; may be null
    std::size_t suspected = 0;     ///< bytes of prose that went for the names of their elements
};

/// Removes from the tree what is not part of the article: navigation, comments,
/// advertisements, lists of links. `relaxed` keeps what only its class or id
/// makes suspect.
PageBody find_page_body(xmlDoc* page, Pruning pruning);

}  // namespace colport
