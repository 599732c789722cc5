#pragma once

#include <cstddef>
#include <unordered_map>

#include "press/formats/xml_tree.h"
#include "press/page/page_noise.h"

namespace colport {

/// Of every element below one; those in scripts and the like have none.
using Masses = std::unordered_map<const xmlNode*, Mass>;

/// The mass of `root`, and in `out` those of all elements below it.
Mass weigh(const xmlNode* root, Masses& out);

/// With more of its text in links, an element leads elsewhere.
inline constexpr double most_linked = 0.25;

/// Bytes of text that the page shows, menus and all.
std::size_t page_text_size(const xmlDoc* page);

enum class Pruning { strict, relaxed };

/// Removes from below `body` what is not part of the article: navigation, comments,
/// advertisements, lists of links. `relaxed` keeps what only its class or id
/// makes suspect. Returns the bytes of prose that went for their elements' names.
std::size_t prune_page(xmlNode* body, Pruning pruning);

}  // namespace colport
