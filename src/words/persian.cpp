#include "words/endings.h"
#include "words/light_stems.h"

namespace colport::words {
namespace {

// Fewer letters are mostly a word that ends so by itself: تنها, دختر, ایران.
constexpr std::size_t least = 3, least_before_likely = 4;

constexpr std::string_view plurals[] = {"هايشان", "هايمان", "هايتان", "هايي", "هايم",
                                        "هايت",   "هايش",   "هاي",   "ها"};
constexpr std::string_view comparatives[] = {"ترين", "تري", "تر"};
constexpr std::string_view vowels[] = {"ا", "و"};

bool ends_in_vowel(std::string_view word) {
    for (const auto vowel : vowels)
        if (word.ends_with(vowel)) return true;
    return false;
}

/// Behind a vowel a y stands before the ending.
bool drop_behind_vowel(std::string_view& word, std::string_view ending) {
    auto rest = word;
    if (!drop_end(rest, ending, least) || !ends_in_vowel(rest)) return false;
    word = rest;
    return true;
}

bool drop_plural(std::string_view& word) {
    return drop_one_end(word, plurals, least) || drop_behind_vowel(word, "يان") ||
           drop_end(word, "ان", least_before_likely) || drop_end(word, "ات", least_before_likely);
}

void drop_ezafe(std::string_view& word) {
    if (drop_behind_vowel(word, "يي") || drop_behind_vowel(word, "ي")) return;
    drop_end(word, "ي", least_before_likely);
}

}  // namespace

std::string_view persian_stem(std::string_view word) {
    drop_end(word, "شان", least_before_likely);
    if (!drop_plural(word)) {
        drop_ezafe(word);
        drop_plural(word);
    }
    drop_one_end(word, comparatives, least);
    // The silent h of "writer" is a g before the plural, which is gone.
    if (!drop_end(word, "گ", least_before_likely)) drop_end(word, "ه", least_before_likely);
    if (word.ends_with("اء")) drop_end(word, "ء", least);
    return word;
}

}  // namespace colport::words
