#pragma once

#include <string>
#include <string_view>

/// What Snowball's Russian stemmer needs to serve Russian, and its neighbours too.
namespace colport::words {

/// "ru", "uk" and "be".
bool is_east_slavic(std::string_view language);

/// Spells the endings of a word as that stemmer knows them.
void spell_for_russian(std::string_view language, std::string& word);

/// What that stemmer leaves on some forms of a word and not on others is cut off.
/// `stem` is how `word` begins.
std::string_view even_stem(std::string_view language, std::string_view word,
                           std::string_view stem);

/// The word as another that the stemmer knows better, where it may be a verb and
/// may be a noun; empty if it is not so.
std::string as_russian_verb(std::string_view language, std::string_view word);

/// The stem that other cases of the word have, if one of its vowels comes and
/// goes, or changes; empty if none does. To be told from the word without an
/// ending alone, which does not say whether it does: ёлок, урок.
std::string stem_of_other_cases(std::string_view language, std::string_view word,
                                std::string_view stem);

}  // namespace colport::words
