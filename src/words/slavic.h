#pragma once

#include <string>
#include <string_view>

/// What Snowball's Russian stemmer leaves to be done for Russian and its neighbours.
namespace colport::words {

/// "ru", "uk" and "be".
bool is_east_slavic(std::string_view language);

/// What that stemmer leaves on some forms of a word and not on others is cut off.
/// `stem` is how `word` begins.
std::string_view even_stem(std::string_view language, std::string_view word,
                           std::string_view stem);

/// The stem that other cases of the word have, if one of its vowels comes and
/// goes, or changes; empty if none does. To be told from the word without an
/// ending alone, which does not say whether it does: ёлок, урок.
std::string stem_of_other_cases(std::string_view language, std::string_view word,
                                std::string_view stem);

}  // namespace colport::words
