#include "words/stem_rules.h"

#include <unicode/utf8.h>

#include "words/character.h"

namespace colport::words {
namespace {

std::size_t letters(std::string_view text) {
    std::size_t count = 0;
    for (const char c : text) count += (c & 0xc0) != 0x80;
    return count;
}

std::string_view first_letters(std::string_view text, std::size_t count) {
    std::size_t at = 0;
    for (; count > 0 && at < text.size(); --count) U8_FWD_1(text.data(), at, text.size());
    return text.substr(0, at);
}

bool replace_end(std::string& word, std::string_view from, std::string_view to) {
    if (!word.ends_with(from)) return false;
    word.replace(word.size() - from.size(), from.size(), to);
    return true;
}

void replace_letters(std::string& word, std::string_view from, std::string_view to) {
    for (auto at = word.find(from); at != std::string::npos; at = word.find(from, at + to.size()))
        word.replace(at, from.size(), to);
}

using Spelling = std::pair<std::string_view, std::string_view>;

// Verbs end hard in Russian, and so do genitives; the rest is letters alone.
constexpr Spelling ukrainian_ends[] = {
    {"ої", "ой"}, {"ють", "ют"}, {"уть", "ут"}, {"ться", "тся"}};
// Belarusian writes the unstressed o of endings as a, and the form has у for ў.
constexpr Spelling belarusian_ends[] = {{"ау", "ов"},  {"оу", "ов"},  {"ага", "ого"},
                                        {"аму", "ому"}, {"ай", "ой"}, {"ыя", "ые"},
                                        {"юць", "ют"}, {"уць", "ут"}, {"аць", "ать"}};
constexpr Spelling russian_letters[] = {{"і", "и"}, {"ї", "и"}, {"є", "е"}};

template <std::size_t N>
void replace_one_end(std::string& word, const Spelling (&ends)[N]) {
    for (const auto& [own, russian] : ends)
        if (replace_end(word, own, russian)) return;
}

/// Ukrainian and Belarusian have the endings of Russian in other letters.
void spell_as_russian(std::string_view language, std::string& word) {
    if (language == "uk")
        replace_one_end(word, ukrainian_ends);
    else
        replace_one_end(word, belarusian_ends);
    for (const auto& [own, russian] : russian_letters) replace_letters(word, own, russian);
}

/// The stemmer takes "and" off only where no article follows it. A noun in د
/// must be longer: "father" and his kin begin with the same letters.
void drop_arabic_and(std::string& word) {
    constexpr std::string_view conjunction = "و", both = "وال";
    if (!word.starts_with(both)) return;
    const auto noun = std::string_view(word).substr(both.size());
    if (letters(noun) >= (noun.starts_with("د") ? 5u : 3u)) word.erase(0, conjunction.size());
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

void prepare(std::string_view language, std::string_view folded, std::string_view plain,
             std::string& out) {
    if (language == "tr") {
        // Suffixes of a name stand behind an apostrophe.
        out = folded.substr(0, folded.find('\''));
        return;
    }
    out = folded;
    if (language == "en") {
        // Accents are a matter of taste; the apostrophe is one of grammar.
        if (folded.find('\'') == std::string_view::npos) out = plain;
        return;
    }
    std::erase(out, '\'');
    // Readers leave accents out, and no word ends so without them.
    if (language == "es") {
        replace_end(out, "cion", "ción");
    } else if (language == "pt") {
        if (!replace_end(out, "cao", "ção")) replace_end(out, "coes", "ções");
    } else if (language == "uk" || language == "be") {
        out = plain;
        spell_as_russian(language, out);
    } else if (language == "ar") {
        // Folding made one letter of two. The stemmer takes either off the end,
        // but this one behind an article too.
        replace_end(out, "ه", "ة");
        drop_arabic_and(out);
    }
}

std::string finish(std::string_view language, std::string_view stem, std::string_view plain) {
    // The stemmer has cut the end off; cutting the word as it is written keeps
    // the stem its beginning.
    if (language == "uk" || language == "be")
        return std::string(first_letters(plain, letters(stem)));
    return without_accents(stem);
}

}  // namespace colport::words
