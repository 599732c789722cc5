#pragma once

#include <string>
#include <string_view>

/// The endings of Russian, Ukrainian and Belarusian, spelled as Snowball's Russian
/// stemmer knows them. The words are folded: ў is у, ё is е.
namespace colport::words {

/// Spells the end of a word anew, and reflexive verbs without their particle.
/// `language` is "ru", "uk" or "be".
void spell_end_for_russian(std::string_view language, std::string& word);

/// The same for a word of Ukrainian or Belarusian that may be a verb and may be a
/// noun: what it is when it is not what spell_end_for_russian() takes it for. Empty
/// if it can be but one.
std::string other_spelling_for_russian(std::string_view language, std::string_view word);

}  // namespace colport::words
