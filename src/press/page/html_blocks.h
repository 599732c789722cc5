#pragma once

#include <string>
#include <vector>

#include "article.pb.h"
#include "core/bytes.h"
#include "core/result.h"
#include "press/formats/xml_tree.h"
#include "press/pictures/pictures.h"

namespace colport {

struct HtmlContext {
    std::string base_url;             ///< links are resolved against it; may be empty
    Pictures& pictures;
    bool blank_lines_split = false;   ///< a blank line in text ends a paragraph, as in WordPress
};

/// What stands below `root` as typed blocks. Scripts, styles, forms, navigation
/// and everything hidden is dropped; unknown elements give their text.
std::vector<pb::Block> html_blocks(const xmlNode* root, const HtmlContext& context);

struct HtmlFragment {
    std::vector<pb::Block> blocks;
    bool cut = false;                 ///< nested too deeply: the rest is missing
};

/// The same for a fragment of HTML in UTF-8.
HtmlFragment html_blocks(Bytes html, const HtmlContext& context);

}  // namespace colport
