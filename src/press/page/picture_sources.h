#pragma once

#include <string>
#include <vector>

#include "press/formats/xml_tree.h"

namespace colport {

/// Where the picture of an `img` can be had, as written, best first: what loads
/// late, the sizes in `srcset`, `src`, and what a `picture` around it offers.
/// Stand-ins inside the page (`data:`) are left out.
std::vector<std::string> picture_sources(const xmlNode* image);

/// The address in `srcset` nearest to what articles carry.
std::string best_of_set(const std::string& srcset);

}  // namespace colport
