#include "words/slavic.h"

#include "words/endings.h"

namespace colport::words {
namespace {

constexpr std::size_t letter_bytes = 2;

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

/// The stem with its end changed; empty where it has no such end, or is too short.
std::string changed_end(std::string_view stem, std::span<const Spelling> changes) {
    constexpr std::size_t least = 3;
    std::string out(stem);
    return replace_end_among(out, changes) && letters(out) >= least ? out : std::string();
}

/// What the ending says about the stem of other cases. Consonants change before some;
/// a Ukrainian dative has two, of which one is also an adjective's; and -ів ends the
/// names of towns too: Харків, Харкова.
std::string stem_by_ending(std::string_view language, std::string_view stem,
                           std::string_view ending) {
    if (language == "uk") {
        constexpr Spelling before_i[] = {{"ц", "к"}, {"з", "г"}, {"с", "х"},
                                       {"ов", ""}, {"ев", ""}, {"єв", ""}};
        constexpr Spelling closed[] = {{"іст", "ост"}};
        if (ending == "і") return changed_end(stem, before_i);
        if (ending == "ь" || ending == "ю") return changed_end(stem, closed);
        if (ending == "ів") return std::string(stem) + "ов";
        if (ending == "їв") return std::string(stem) + "єв";
    } else if (language == "be") {
        constexpr Spelling before_e[] = {{"дз", "д"}, {"ц", "т"}, {"з", "г"}, {"с", "х"}};
        constexpr Spelling before_y[] = {{"ц", "к"}};
        if (ending == "е") return changed_end(stem, before_e);
        if (ending == "ы") return changed_end(stem, before_y);
    }
    return {};
}

/// Whether -ен is a participle's, or a Ukrainian noun's that was made of one; in
/// времена, ступень, внедрение and вересень it is not.
bool is_participle(std::string_view language, std::string_view stem, std::string_view rest) {
    if (language == "be" || !stem.ends_with("ен") || stem.ends_with("мен")) return false;
    if (language == "ru")
        return rest.empty() || rest == "а" || rest == "о" || rest == "ы" || rest.starts_with("н");
    const auto before = last_letter(stem.substr(0, stem.size() - 2 * letter_bytes));
    return rest != "ь" || is_among(before, "жлрчшщ");
}

}  // namespace

bool is_east_slavic(std::string_view language) {
    return language == "ru" || language == "uk" || language == "be";
}

std::string_view even_stem(std::string_view language, std::string_view word,
                           std::string_view stem) {
    // A lone -н is taken for a participle's behind some endings alone. The noun
    // that Russian makes of a verb keeps it.
    const auto rest = word.substr(std::min(stem.size(), word.size()));
    if ((stem.ends_with("ан") || stem.ends_with("ян")) &&
        !(language == "ru" && (rest.starts_with("и") || rest.starts_with("ь"))))
        drop_end(stem, "н", 3);
    // Participles meet their verb.
    if (is_participle(language, stem, rest)) drop_end(stem, "ен", 4);
    if (language != "be" && stem.ends_with("нут")) drop_end(stem, "ут", 4);
    // Verbs have -ова- in the past and lose it in the present.
    constexpr std::size_t verb_letters = 3;
    if (language == "ru") drop_end(stem, "ова", verb_letters + 1);
    constexpr std::string_view ukrainian[] = {"ува", "юва", "ова"};
    constexpr std::string_view belarusian[] = {"ава", "ява"};
    if (language == "uk") drop_one_end(stem, ukrainian, verb_letters);
    if (language == "be") drop_one_end(stem, belarusian, verb_letters);
    return stem;
}

std::string stem_of_other_cases(std::string_view language, std::string_view word,
                                std::string_view stem) {
    const auto ending = word.substr(std::min(stem.size(), word.size()));
    if (auto out = stem_by_ending(language, stem, ending); !out.empty()) return out;
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
