#pragma once

#include <string>
#include <string_view>

namespace colport {

/// What a person typed, for the index.
struct Words {
    bool blank = true;   ///< nothing but white space: everything is asked for
    std::string match;   ///< an FTS5 expression; empty: nothing can be found
};

/// Words must all occur; "a phrase" in its order, with straight or typographic
/// quotes; -word or -"a phrase" must not occur; word* is the beginning of a word
/// and counts from three letters (Chinese, Japanese, Korean: one). Everything
/// reaches FTS5 inside quotes, so nothing typed is its syntax. Of very long
/// input the first 4,096 bytes and 64 words count.
Words parse_words(std::string_view typed);

}  // namespace colport
