#include "words/stem_rules.h"

#include <algorithm>
#include <iterator>

#include "words/character.h"
#include "words/endings.h"
#include "words/light_stems.h"
#include "words/slavic.h"
#include "words/slavic_endings.h"
#include "words/turkish.h"

namespace colport::words {
namespace {

// Readers leave accents out, and no word ends so without them, or it has the same
// stem.
constexpr Spelling spanish_ends[] = {{"cion", "ción"}, {"iamos", "íamos"}};
constexpr Spelling portuguese_ends[] = {{"cao", "ção"}, {"coes", "ções"}};
constexpr Spelling french_ends[] = {{"ees", "ées"},   {"ee", "ée"},       {"ites", "ités"},
                                    {"ite", "ité"},   {"ieres", "ières"}, {"iere", "ière"},
                                    {"trices", "teur"}, {"trice", "teur"}};
// Women of a trade are found by the trade; and what verbs of foreign roots end in.
constexpr Spelling german_ends[] = {
    {"erin", "er"},     {"erinnen", "er"},   {"istin", "ist"},   {"istinnen", "ist"},
    {"entin", "ent"},   {"entinnen", "ent"}, {"antin", "ant"},   {"antinnen", "ant"},
    {"iert", "ieren"},  {"ierte", "ieren"},  {"ierten", "ieren"}, {"ierter", "ieren"},
    {"iertes", "ieren"}, {"iertem", "ieren"}, {"igt", "igen"},   {"igte", "igen"},
    {"igten", "igen"},   {"igter", "igen"},   {"igtes", "igen"}, {"igtem", "igen"}};
constexpr Spelling english_ends[] = {{"isation", "ization"}, {"isations", "izations"},
                                     {"ise", "ize"},         {"ises", "izes"},
                                     {"ised", "ized"},       {"ising", "izing"},
                                     {"iser", "izer"},       {"isers", "izers"}};

/// Both spellings of English are in use everywhere, and women are made of woman. In
/// a short word the ending is none: rise, noise, raised.
void spell_as_american(std::string& word) {
    constexpr std::size_t least = 4;
    if (word.size() > least && replace_end(word, "men", "man")) return;
    for (const auto& [british, american] : english_ends)
        if (word.size() >= british.size() + least && replace_end(word, british, american)) return;
    // Labour, but not resource, journal or encourage.
    constexpr std::size_t before = 3;
    constexpr std::string_view behind[] = {"",   "s",   "ed",   "ing",  "er",
                                           "ers", "able", "ite", "ites", "hood", "hoods", "ful"};
    const auto at = word.find("our", before);
    if (at == std::string::npos) return;
    for (const auto ending : behind)
        if (std::string_view(word).substr(at + 3) == ending) {
            word.erase(at + 1, 1);
            return;
        }
}

bool is_vowel(char c) { return std::string_view("aeiouy").find(c) != std::string_view::npos; }

/// Umlauts as those type them who have none. After a vowel or q the letters are two
/// sounds, and so are they before the ending of a plural: neue, Quelle, Statuen.
void restore_umlauts(std::string& word) {
    constexpr std::size_t longest_ending = 2;
    bool is_first = true;
    for (std::size_t i = 0; i + 1 < word.size(); ++i) {
        if (!is_vowel(word[i])) continue;
        const bool apart = i > 0 && (is_vowel(word[i - 1]) || word[i - 1] == 'q');
        const auto rest = word.size() - i - 2;
        const bool inside = word[i] == 'u' && !is_first ? rest >= longest_ending : rest > 0;
        const auto* umlaut = word[i] == 'a'   ? "ä"
                             : word[i] == 'o' ? "ö"
                             : word[i] == 'u' ? "ü"
                                              : nullptr;
        if (umlaut != nullptr && word[i + 1] == 'e' && !apart && inside) word.replace(i, 2, umlaut);
        is_first = false;
    }
}

}  // namespace

std::string language_code(std::string_view tag) {
    const auto base = tag.substr(0, tag.find_first_of("-_"));
    if (base.size() != 2 && base.size() != 3) return {};
    std::string code(base);
    for (char& c : code) {
        if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
        if (c < 'a' || c > 'z') return {};
    }
    return code;
}

std::string_view stemmer_for(std::string_view language) {
    if (language == "uk" || language == "be") return "ru";
    if (language == "nb" || language == "nn") return "no";
    return language;
}

std::string_view own_stem(std::string_view language, std::string_view plain) {
    return language == "ar" ? arabic_stem(plain) : persian_stem(plain);
}

bool has_own_stems(std::string_view language) { return language == "ar" || language == "fa"; }

bool keeps_first_character(std::string_view language) {
    constexpr std::string_view kept[] = {"ca", "da", "de", "el", "en", "es", "eu", "fa",
                                         "fi", "fr", "hi", "hu", "hy", "it", "nb", "ne",
                                         "nl", "nn", "no", "pt", "ro", "ru", "sv"};
    return std::find(std::begin(kept), std::end(kept), language) != std::end(kept);
}

bool reads_accents(std::string_view language) {
    // These are stemmed without them.
    return language != "en" && language != "tr" && !has_own_stems(language);
}

void prepare(std::string_view language, std::string_view folded, std::string_view plain,
             std::string& out) {
    if (language == "tr") {
        // Suffixes of a name stand behind an apostrophe.
        out = harmonized(without_accents(folded.substr(0, folded.find('\''))));
        return;
    }
    out = folded;
    if (language == "en") {
        // Accents are a matter of taste; the apostrophe is one of grammar.
        if (folded.find('\'') == std::string_view::npos) out = plain;
        replace_end(out, "'s", "");
        spell_as_american(out);
        return;
    }
    std::erase(out, '\'');
    if (language == "es") {
        replace_end_among(out, spanish_ends);
        // The stemmer lets short words keep their plural.
        if (!replace_end(out, "íos", "ío")) replace_end(out, "ías", "ía");
    } else if (language == "pt") {
        replace_end_among(out, portuguese_ends);
    } else if (language == "fr") {
        replace_end_among(out, french_ends);
    } else if (language == "de") {
        restore_umlauts(out);
        replace_end_among(out, german_ends);
    } else if (is_east_slavic(language)) {
        if (language != "ru") out = plain;
        spell_end_for_russian(language, out);
    }
}

std::string other_reading(std::string_view language, std::string_view folded,
                          std::string_view plain) {
    if (is_east_slavic(language)) return other_spelling_for_russian(language, plain);
    // What the stemmers keep, since it may be no ending: temps, content, dulces.
    constexpr Spelling french[] = {{"os", "o"},     {"us", "u"},       {"as", "a"},
                                   {"ent", "e"},    {"eux", "eu"},     {"aux", "au"},
                                   {"euse", "eur"}, {"euses", "eur"},  {"ive", "if"},
                                   {"ives", "if"}};
    constexpr Spelling spanish[] = {{"ces", "z"}};
    constexpr Spelling german[] = {{"los", "los"}, {"os", "o"}, {"as", "a"}, {"ys", "y"}};
    constexpr Spelling english[] = {{"iest", "y"}, {"est", "e"}, {"ier", "y"}};
    constexpr std::size_t shortest = 4, shortest_verb = 7;
    constexpr std::size_t shortest_german = 5, shortest_english = 6;
    std::string out(folded);
    std::erase(out, '\'');
    const auto size = letters(out);
    if (language == "es" && size >= shortest) {
        replace_end_among(out, spanish);
    } else if (language == "de" && size >= shortest_german) {
        replace_end_among(out, german);
    } else if (language == "en" && size >= shortest_english) {
        replace_end_among(out, english);
    } else if (language == "fr" && size >= (out.ends_with("ent") ? shortest_verb : shortest) &&
               !out.ends_with("ment")) {
        replace_end_among(out, french);
    }
    return out == folded ? std::string() : out;
}

std::string finish(std::string_view language, std::string_view stem, std::string_view plain) {
    if (language == "tr") {
        auto out = without_accents(stem);
        harden_end(out);
        return out;
    }
    if (!is_east_slavic(language)) return without_accents(stem);
    // The stemmer has cut the end off; cutting the word as it is written keeps
    // the stem its beginning.
    return std::string(even_stem(language, plain, first_letters(plain, letters(stem))));
}

}  // namespace colport::words
