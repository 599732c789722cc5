#include "words/slavic.h"

#include <utility>

#include "words/endings.h"

namespace colport::words {
namespace {

using Spelling = std::pair<std::string_view, std::string_view>;

constexpr std::size_t letter_bytes = 2;

// Nouns that look like reflexive verbs, as in the genitive.
constexpr Spelling russian_ends[] = {{"пись", "писи"}};
// Verbs end hard in Russian, and so do genitives; the rest is letters alone.
constexpr Spelling ukrainian_ends[] = {
    {"увати", "овать"}, {"ували", "овали"}, {"увала", "овала"}, {"увало", "овало"},
    {"ував", "овал"},   {"ує", "ует"},      {"ість", "ость"},   {"істю", "остью"},
    {"ої", "ой"},       {"ють", "ют"},      {"уть", "ут"},      {"ться", "тся"}};
// Belarusian writes the unstressed o of endings as a, and the form has у for ў.
constexpr Spelling belarusian_ends[] = {
    {"аваць", "овать"}, {"авалі", "овали"}, {"авала", "овала"}, {"авау", "овал"},
    {"уе", "ует"},      {"яу", "ев"},       {"еу", "ев"},       {"ау", "ов"},
    {"оу", "ов"},       {"ага", "ого"},     {"аму", "ому"},     {"ай", "ой"},
    {"ыя", "ые"},       {"юць", "ют"},      {"уць", "ут"},      {"аць", "ать"},
    {"яць", "ять"},     {"іць", "ить"},     {"ыць", "ыть"}};
constexpr Spelling russian_letters[] = {{"і", "и"}, {"ї", "и"}, {"є", "е"}};

template <std::size_t N>
void replace_one_end(std::string& word, const Spelling (&ends)[N]) {
    for (const auto& [own, russian] : ends)
        if (replace_end(word, own, russian)) return;
}

std::string_view last_letter(std::string_view text) {
    return text.size() < letter_bytes ? std::string_view() : text.substr(text.size() - letter_bytes);
}

bool is_among(std::string_view letter, std::string_view letters) {
    for (std::size_t at = 0; at < letters.size(); at += letter_bytes)
        if (letter == letters.substr(at, letter_bytes)) return true;
    return false;
}

bool is_vowel(std::string_view letter) { return is_among(letter, "аеёиіїоуыэєюя"); }

bool is_cyrillic(std::string_view text) {
    for (std::size_t at = 0; at < text.size(); at += letter_bytes)
        if ((static_cast<unsigned char>(text[at]) & 0xfc) != 0xd0) return false;
    return text.size() % letter_bytes == 0;
}

struct Closed {
    std::string_view before, vowel, last;
};

/// The last syllable of a word that ends in one consonant, what is before it of
/// two letters at least.
bool take_apart(std::string_view stem, Closed& out) {
    constexpr std::size_t shortest = 3 * letter_bytes;
    if (stem.size() < shortest || !is_cyrillic(stem)) return false;
    out.last = last_letter(stem);
    out.vowel = last_letter(stem.substr(0, stem.size() - letter_bytes));
    out.before = stem.substr(0, stem.size() - 2 * letter_bytes);
    return !is_vowel(out.last) && is_vowel(out.vowel);
}

/// Before which the vowel goes, as far as it is worth a second stem.
bool is_fleeting(std::string_view language, const Closed& end, bool soft) {
    const bool o = end.vowel == "о", e = end.vowel == "е";
    const bool a = language == "be" && end.vowel == "а";
    if (end.last == "к" || end.last == "ц") return o || e || a;
    if (end.last == "н" || end.last == "л") return e || (o && soft) || (a && soft);
    return (end.last == "р" && e) || (end.last == "в" && o && soft);
}

}  // namespace

bool is_east_slavic(std::string_view language) {
    return language == "ru" || language == "uk" || language == "be";
}

void spell_for_russian(std::string_view language, std::string& word) {
    if (language == "ru") return replace_one_end(word, russian_ends);
    if (language == "uk")
        replace_one_end(word, ukrainian_ends);
    else
        replace_one_end(word, belarusian_ends);
    for (const auto& [own, russian] : russian_letters) replace_letters(word, own, russian);
}

std::string_view even_stem(std::string_view language, std::string_view word,
                           std::string_view stem) {
    // Verbs have -ова- in the past and lose it in the present.
    constexpr std::size_t verb_letters = 4;
    for (const std::string_view suffix : {"ова", "ува", "ава"})
        if (suffix == (language == "ru" ? "ова" : language == "uk" ? "ува" : "ава") &&
            drop_end(stem, suffix, verb_letters))
            return stem;
    // A lone -н is taken for a participle's behind some endings alone. The noun
    // that Russian makes of a verb keeps it.
    const auto rest = word.substr(std::min(stem.size(), word.size()));
    if ((stem.ends_with("ан") || stem.ends_with("ян")) &&
        !(language == "ru" && (rest.starts_with("и") || rest.starts_with("ь"))))
        drop_end(stem, "н", 3);
    return stem;
}

std::string as_russian_verb(std::string_view language, std::string_view word) {
    if (language != "uk") return {};
    constexpr Spelling verb_ends[] = {{"ати", "ать"}, {"яти", "ять"}, {"ити", "ить"},
                                      {"іти", "еть"}, {"ав", "ал"},   {"яв", "ял"},
                                      {"ив", "ил"}};
    std::string out(word);
    replace_one_end(out, verb_ends);
    if (out == word || word.ends_with("увати") || word.ends_with("ував")) return {};
    return out;
}

std::string stem_of_other_cases(std::string_view language, std::string_view word,
                                std::string_view stem) {
    const auto ending = word.substr(std::min(stem.size(), word.size()));
    if (language == "uk" && ending == "і" && letters(stem) > 2) {
        // k, g and kh change before the ending of the locative.
        constexpr Spelling changes[] = {{"ц", "к"}, {"з", "г"}, {"с", "х"}};
        std::string out(stem);
        replace_one_end(out, changes);
        return out;
    }
    const bool soft = ending == "ь";
    // Of the vowel before it, some are taken for a part of the ending.
    if (!ending.empty() && !soft) return {};
    Closed end;
    if (language == "uk" && stem.size() >= 2 * letter_bytes && is_cyrillic(stem)) {
        // Closing a syllable made i of o, and of e before a soft n.
        const auto last = last_letter(stem);
        const auto vowel = last_letter(stem.substr(0, stem.size() - letter_bytes));
        if (!is_vowel(last) && vowel == "і") {
            std::string out(stem.substr(0, stem.size() - 2 * letter_bytes));
            out += last == "н" && soft ? "е" : "о";
            return out += last;
        }
    }
    if (!take_apart(stem, end) || !is_fleeting(language, end, soft)) return {};
    std::string out(end.before);
    // Behind a vowel it was not a vowel only: копеек, копейка.
    if (is_vowel(last_letter(end.before))) {
        if (end.last != "к") return {};
        out += "й";
    } else if (letters(end.before) < 2) {
        return {};
    }
    return out += end.last;
}

}  // namespace colport::words
