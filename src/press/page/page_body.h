#pragma once

#include <cstddef>

#include "press/page/page_pruning.h"

namespace colport {

struct PageBody {
    xmlNode* node = nullptr;       ///< holds the article's text; may be null
    std::size_t suspected = 0;     ///< as prune_page() returns it
    std::size_t left = 0;          ///< bytes of prose beside the node
};

/// Finds what holds the article in a page, which loses what is not part of it.
PageBody find_page_body(xmlDoc* page, Pruning pruning);

}  // namespace colport
