#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "article.pb.h"
#include "press/dates.h"

namespace colport {

/// What a person copied off a page, or wrote down, as an article.
struct PlainPage {
    std::string title;                 ///< empty when the text begins at once
    std::vector<std::string> authors;
    std::optional<Moment> published;
    std::vector<pb::Block> blocks;
    std::size_t words_cut = 0;         ///< as trim_blocks() counts them
};

/// Finds the headline among the lines above the text, and leaves out menus,
/// buttons, pleas and lists of other articles where some of them show that the
/// text was copied; one that was written keeps every line, and the first that could
/// be is its headline. A blank line ends a paragraph, and
/// so does every line of a text that has long ones. A first line that could be a headline
/// is the title of a text that has nothing else above it.
///
/// Precondition: `text` is UTF-8.
PlainPage read_plain_page(std::string_view text);

}  // namespace colport
