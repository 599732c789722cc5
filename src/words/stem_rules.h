#pragma once

#include <string>
#include <string_view>

/// What Snowball's stemmers need before and after, language by language, and what
/// stands in for them. The words are folded.
namespace colport::words {

/// "pt" of "pt-BR" or "PT_br"; empty for what is no language tag.
std::string language_code(std::string_view tag);

/// Those that Snowball does not serve, or not well.
bool has_own_stems(std::string_view language);

/// Precondition: has_own_stems(). Part of `plain`.
std::string_view own_stem(std::string_view language, std::string_view plain);

/// Whether all stems are known to begin with the first character of their word.
bool keeps_first_character(std::string_view language);

/// Whether the stem of a word may be another one if its accents are left out.
bool reads_accents(std::string_view language);

/// The language whose stemmer serves `language`: Russian for its neighbours.
std::string_view stemmer_for(std::string_view language);

/// What to give to the stemmer. `folded` has accents and apostrophes, `plain`
/// neither.
void prepare(std::string_view language, std::string_view folded, std::string_view plain,
             std::string& out);

/// Another word that a word may be a form of, and that the stemmer is given beside it;
/// empty if there is none. As what prepare() makes.
std::string other_reading(std::string_view language, std::string_view folded,
                          std::string_view plain);

/// The folded stem, from what the stemmer made.
std::string finish(std::string_view language, std::string_view stem, std::string_view plain);

}  // namespace colport::words
