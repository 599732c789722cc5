#pragma once

#include <string_view>

namespace colport::typed {

/// The letters, folded as the index folds them, that words of a letter's script
/// are spelt with in the languages that readers write. Empty for other scripts.
/// Any thread.
std::u32string_view alphabet_of(char32_t letter);

}  // namespace colport::typed
