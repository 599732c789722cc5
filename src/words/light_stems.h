#pragma once

#include <string_view>

/// Stems of languages that Snowball has no stemmer for, or one that holds forms
/// of a word apart. The words are folded.
namespace colport::words {

/// Without the article, the particles that are written with it, and the endings
/// of number, gender, case and possession. Plurals that change the word within
/// stay words of their own.
std::string_view arabic_stem(std::string_view word);

/// Without the endings of plural, comparison and ezafe.
std::string_view persian_stem(std::string_view word);

}  // namespace colport::words
