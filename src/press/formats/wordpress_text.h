#pragma once

#include <map>
#include <string>
#include <vector>

#include "press/formats/public_text.h"

namespace colport {

/// A file of WordPress's media library.
struct WordPressFile {
    std::string address;
    std::string alt;
    std::string caption;      ///< HTML
    std::string parent;       ///< the post that it was uploaded to
};

/// What a post's text may refer to, by post id.
struct WordPressLibrary {
    std::map<std::string, WordPressFile> files;
    std::map<std::string, std::string> blocks;   ///< reusable blocks: their content
};

/// Written with the block editor, where paragraphs are marked; in the classic
/// one a blank line ends them.
bool is_block_markup(const std::string& content);

/// The stored text of post `id` as the HTML that WordPress would send: captions
/// and galleries become figures, players and addresses on a line of their own
/// become frames, reusable blocks are put in, what is hidden from visitors goes,
/// other shortcodes go and what they enclose stays. Time is linear in the text.
PublicText wordpress_html(const std::string& content, const std::string& id,
                          const WordPressLibrary& library);

}  // namespace colport
