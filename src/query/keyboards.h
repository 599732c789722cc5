#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "query/near_words.h"
#include "words/words.h"

/// Text typed while the keyboard was switched to another alphabet: ghbdtn for
/// привет.
namespace colport {

/// What the same keys write on the keyboards of other alphabets, each text once.
/// `typed` is as it was typed, signs included: they are letters elsewhere. Empty
/// where no keyboard writes all of it. Pure. Any thread.
std::vector<std::string> on_other_keyboards(std::string_view typed);

/// The first of these of which every word is known, if none of the words of
/// `typed` is; of several the one with the most common words. As correct() for
/// the rest, but that the text that comes out is not folded.
std::optional<std::string> correct_keyboard(std::string_view typed, WordSplitter& splitter,
                                            const HowCommon& how_common);

}  // namespace colport
