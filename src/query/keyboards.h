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

/// The one of these whose rarest word is the most common, if that makes up for
/// the rarest word of `typed`: see may_be_mistaken(). Not folded. Calls
/// `how_common` with folded words, a few times for each keyboard.
std::optional<std::string> correct_keyboard(std::string_view typed, WordSplitter& splitter,
                                            const HowCommon& how_common);

}  // namespace colport
