#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

/// "Did you mean": what a mistyped word may have been meant to be. Pure. Any
/// thread.
namespace colport {

struct NearWord {
    std::string text;
    unsigned weight = 1;  ///< how many times likelier than the least likely
};

inline constexpr std::size_t most_near_words = 2000;

/// All words one mistake away from `word`, the likeliest kinds of mistake first:
/// neighbours swapped, a letter too many, one too few or another one. Letters
/// are those of the script of the word's first letter. `word` and what comes out
/// are folded as Word::form. Empty for what is not spelt with letters: numbers,
/// Han, Kana, Hangul, Thai and its like; for longer words than anyone types, the
/// last are left out.
std::vector<NearWord> near_words(std::string_view word);

/// Of how many articles a folded word is a word.
using HowCommon = std::function<std::uint64_t(std::string_view)>;

/// May a word of `own` articles be a mistake for one of `other`? Only if it is
/// hardly anywhere and the other one far more common.
bool may_be_mistaken(std::uint64_t own, std::uint64_t other);

/// The word that was likely meant by `word`, folded, if that may be a mistake. Calls `how_common` at most `lookups` times. Words of three
/// letters and less have too many neighbours to guess.
std::optional<std::string> correct(std::string_view word, const HowCommon& how_common,
                                   std::size_t lookups = most_near_words);

}  // namespace colport
