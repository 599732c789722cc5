#include "words/turkish.h"

#include "words/endings.h"

namespace colport::words {
namespace {

enum class Place { unknown, front, back };

/// Of the vowels that have one spelling with and without Turkish letters.
Place sure_place(char c) {
    return c == 'a' ? Place::back : c == 'e' ? Place::front : Place::unknown;
}

bool is_vowel(char c) { return std::string_view("aeiou").find(c) != std::string_view::npos; }

Place next_sure(std::string_view text) {
    for (const char c : text)
        if (const auto place = sure_place(c); place != Place::unknown) return place;
    return Place::unknown;
}

void append(std::string& out, char vowel, Place place) {
    if (vowel == 'i' && place == Place::back) out += "ı";
    else if (vowel == 'u' && place == Place::front) out += "ü";
    else if (vowel == 'o' && place == Place::front) out += "ö";
    else out += vowel;
}

}  // namespace

std::string harmonized(std::string_view plain) {
    std::string out;
    auto place = Place::unknown;
    for (std::size_t i = 0; i < plain.size(); ++i) {
        const char c = plain[i];
        if (!is_vowel(c)) {
            // Between vowels it is always soft, and only so the stemmer makes k of it.
            const bool soft = c == 'g' && i > 0 && i + 1 < plain.size() &&
                              is_vowel(plain[i - 1]) && is_vowel(plain[i + 1]);
            if (soft) out += "ğ";
            else out += c;
            continue;
        }
        if (const auto sure = sure_place(c); sure != Place::unknown) place = sure;
        else if (place == Place::unknown) place = next_sure(plain.substr(i));
        // Where no vowel tells, each is what it is spelt as.
        if (place == Place::unknown) place = c == 'i' ? Place::front : Place::back;
        append(out, c, place);
    }
    // "They say" has a letter of its own.
    for (const std::string_view end : {"", "ti", "tı", "tu", "tü", "tir", "tır", "tur", "tür"})
        for (const std::string_view said : {"mi", "mı", "mu", "mü"}) {
            const auto typed = std::string(said) + "s" + std::string(end);
            if (replace_end(out, typed, std::string(said) + "ş" + std::string(end))) return out;
        }
    return out;
}

bool drop_turkish_ending(std::string& stem) {
    constexpr std::size_t least = 3;
    constexpr std::string_view endings[] = {"ıyor", "iyor", "uyor", "üyor", "acak", "ecek",
                                            "mak",  "mek",  "ma",   "me"};
    std::string_view word = stem;
    if (drop_one_end(word, endings, least)) {
        stem.resize(word.size());
        return true;
    }
    // Of the possessive behind a vowel the stemmer takes the vowel alone.
    constexpr std::string_view vowels[] = {"a", "e", "ı", "i", "o", "ö", "u", "ü"};
    for (const auto vowel : vowels)
        if (stem.ends_with(std::string(vowel) + "s") && letters(stem) > least) {
            stem.pop_back();
            return true;
        }
    return false;
}

void harden_end(std::string& stem) {
    constexpr std::size_t shortest = 3;
    if (stem.size() >= shortest && stem.ends_with('g') && is_vowel(stem[stem.size() - 2]))
        stem.back() = 'k';
}

}  // namespace colport::words
