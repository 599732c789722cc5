#pragma once

#include <string_view>

namespace colport::words {

/// French, Italian and Catalan.
bool has_elision(std::string_view language);

/// Whether `word`, folded, before an apostrophe is an article, a pronoun or the
/// like that has lost its vowel, so that the word proper stands behind it.
bool is_elided(std::string_view language, std::string_view word);

/// Whether other words than those end at an apostrophe: Italian "quest'anno", but
/// not French "aujourd'hui".
bool ends_at_apostrophe(std::string_view language);

}  // namespace colport::words
