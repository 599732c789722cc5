#include "words/slavic_endings.h"

#include <algorithm>
#include <iterator>

#include "words/endings.h"

namespace colport::words {
namespace {

// Each ending stands with one with which the stemmer leaves the same stem as with the
// other endings of the word. Only how many letters it leaves counts.

// Short participles, which look like nouns; -ну- of the past and the infinitive,
// and -ова- of the present, which the stemmer does not know.
constexpr Spelling russian[] = {
    {"ен", "ену"},    {"ена", "ену"},   {"ено", "ену"},   {"ены", "ену"},
    {"нуть", "нить"}, {"нул", "нил"},   {"нула", "нила"}, {"нуло", "нило"},
    {"нули", "нили"}, {"уем", "ует"},   {"уешь", "ует"},  {"уете", "ует"}};

// Verbs end hard in Russian, and so do genitives.
constexpr Spelling ukrainian[] = {
    {"увати", "овать"},  {"увала", "овала"},  {"увало", "овала"}, {"ували", "овала"},
    {"ував", "овала"},   {"увавши", "овала"}, {"ює", "ует"},      {"ює", "ует"},
    {"юють", "ует"},     {"юєш", "ует"},      {"юємо", "ует"},    {"юєте", "ует"},
    {"юючи", "ует"},     {"юй", "ует"},       {"юйте", "ует"},    {"юймо", "ует"},
    {"ювати", "овать"},  {"ювала", "овала"},  {"ювало", "овала"}, {"ювали", "овала"},
    {"ював", "овала"},   {"ювавши", "овала"}, {"ує", "ует"},      {"ують", "ует"},
    {"уєш", "ует"},      {"уємо", "ует"},     {"уєте", "ует"},    {"уючи", "ует"},
    {"уймо", "уйте"},    {"єш", "ешь"},       {"ємо", "ем"},      {"єте", "ете"},
    {"ймо", "йте"},      {"иш", "ишь"},       {"їш", "ишь"},      {"имо", "им"},
    {"імо", "им"},       {"їмо", "им"},       {"ючи", "ют"},      {"ячи", "ят"},
    {"ють", "ют"},       {"уть", "ут"},       {"ять", "ят"},      {"нути", "нить"},
    {"нув", "нил"},      {"нула", "нила"},    {"нуло", "нила"},   {"нули", "нила"},
    {"іють", "ить"},     {"ієш", "ить"},      {"іємо", "ить"},    {"ієте", "ить"},
    {"уєть", "ует"},     {"юєть", "ует"},     {"єть", "ет"},      {"ієть", "ить"},
    {"ість", "ость"},    {"істю", "остью"},   {"ої", "ой"},       {"ена", "ену"},
    {"ене", "ену"},      {"ені", "ену"},      {"ено", "ену"}};

constexpr Spelling russian_verbs[] = {
    {"щая", "щая"}, {"шая", "шая"}, {"ая", "ает"}, {"яя", "яет"}};

// What a verb alone ends in, where a noun in the plural may end so too.
constexpr Spelling ukrainian_verbs[] = {{"ати", "ать"}, {"яти", "ять"}, {"ити", "ить"},
                                        {"іти", "ить"}, {"їти", "ить"}, {"ав", "ал"},
                                        {"яв", "ял"},   {"ив", "ил"}};

// Belarusian writes the unstressed o of endings as a, so that verbs and adjectives
// meet; both are cut before their vowel.
constexpr Spelling belarusian[] = {
    {"аваць", "ить"},  {"авала", "ить"},  {"авалі", "ить"},  {"авау", "ить"},
    {"аваушы", "ить"}, {"яваць", "ить"},  {"явала", "ить"},  {"явалі", "ить"},
    {"явау", "ить"},   {"уе", "ить"},     {"уеш", "ить"},
    {"уем", "ить"},    {"уеце", "ить"},   {"уюць", "ить"},   {"уй", "ить"},
    {"уйце", "ить"},   {"уючы", "ить"},   {"юе", "ить"},     {"юеш", "ить"},
    {"юем", "ить"},    {"юеце", "ить"},   {"ююць", "ить"},   {"аць", "ить"},
    {"яць", "ить"},    {"эць", "ить"},    {"ець", "ить"},    {"іць", "ить"},
    {"ыць", "ить"},    {"уць", "ить"},    {"аю", "ить"},     {"яю", "ить"},
    {"эю", "ить"},     {"ею", "ить"},     {"аеш", "ить"},    {"яеш", "ить"},
    {"эеш", "ить"},    {"ееш", "ить"},    {"ае", "ить"},     {"яе", "ить"},
    {"эе", "ить"},     {"ее", "ить"},     {"аем", "ить"},    {"яем", "ить"},
    {"эем", "ить"},    {"еем", "ить"},    {"аеце", "ить"},   {"яеце", "ить"},
    {"эеце", "ить"},   {"ееце", "ить"},   {"аюць", "ить"},   {"яюць", "ить"},
    {"эюць", "ить"},   {"еюць", "ить"},   {"юць", "ить"},    {"ай", "ить"},
    {"яй", "ить"},     {"эй", "ить"},     {"айце", "ить"},   {"яйце", "ить"},
    {"эйце", "ить"},   {"аючы", "ить"},   {"яючы", "ить"},   {"еючы", "ить"},
    {"ачы", "ить"},    {"ячы", "ить"},    {"учы", "ить"},    {"ючы", "ить"},
    {"іш", "ить"},     {"ыш", "ить"},     {"еш", "ить"},     {"эш", "ить"},
    {"іце", "ить"},    {"ыце", "ить"},    {"еце", "ить"},    {"эце", "ить"},
    {"яце", "ить"},    {"ьце", "ить"},    {"ала", "ить"},    {"яла", "ить"},
    {"эла", "ить"},    {"ела", "ить"},    {"іла", "ить"},    {"ыла", "ить"},
    {"ула", "ить"},    {"алі", "ить"},    {"ялі", "ить"},    {"элі", "ить"},
    {"елі", "ить"},    {"ілі", "ить"},    {"ылі", "ить"},    {"улі", "ить"},
    {"ау", "ов"},      {"яу", "ев"},      {"оу", "ов"},      {"еу", "ев"},
    {"эу", "ев"},      {"іу", "ив"},      {"ыу", "ив"},      {"уу", "ив"},
    {"аушы", "ить"},   {"яушы", "ить"},   {"еушы", "ить"},   {"іушы", "ить"},
    {"ыушы", "ить"},   {"ага", "ого"},    {"яга", "его"},    {"аму", "ому"},
    {"яму", "ему"},    {"ыя", "ые"},      {"ія", "ие"},      {"ыю", "ию"},
    {"ыі", "ии"},      {"ыяй", "ией"},    {"ыям", "иям"},    {"ыямі", "иями"},
    {"ыях", "иях"},    {"ыяю", "ией"},    {"аець", "ить"},   {"яець", "ить"},
    {"эець", "ить"},   {"еець", "ить"},   {"уець", "ить"},   {"юець", "ить"},
    {"ея", "ею"},      {"еі", "ею"},      {"еяй", "ею"},
    {"ена", "ену"},    {"ены", "ену"},    {"ына", "ину"}};

// The last letters of a noun's stem with an ending, or all of an ending above.
constexpr std::string_view belarusian_nouns[] = {"ла", "лі", "чы", "ага", "яга", "аму", "яму"};

constexpr Spelling neighbours_letters[] = {{"і", "и"}, {"ї", "и"}, {"є", "е"}};

void spell_letters(std::string& word) {
    for (const auto& [own, spelled] : neighbours_letters) replace_letters(word, own, spelled);
}

/// The future that is written as one word: the infinitive is left.
void drop_ukrainian_future(std::string& word) {
    for (const std::string_view ending : {"мемо", "мете", "меть", "муть", "мем", "меш", "ме", "му"})
        if (word.ends_with(ending) &&
            std::string_view(word).substr(0, word.size() - ending.size()).ends_with("ти")) {
            word.resize(word.size() - ending.size());
            return;
        }
}

/// Cuts the particle off; false where the word has none.
bool drop_reflexive(std::string_view language, std::string& word) {
    constexpr std::size_t least = 3;
    if (language == "be" && replace_end(word, "цца", "ць")) return true;
    for (const std::string_view particle : {"ся", "сь"}) {
        if (!word.ends_with(particle) || word.ends_with("сся")) continue;
        if (letters(word) < least + letters(particle)) return false;
        word.resize(word.size() - particle.size());
        return true;
    }
    return false;
}

}  // namespace

void spell_end_for_russian(std::string_view language, std::string& word) {
    // Nouns that look like reflexive verbs, as in the genitive.
    if (language == "ru" && replace_end(word, "пись", "писи")) return;
    const bool reflexive = drop_reflexive(language, word);
    if (language == "ru") {
        if (!reflexive || !replace_end_among(word, russian_verbs)) replace_end_among(word, russian);
        return;
    }
    if (language == "uk") {
        const auto size = word.size();
        drop_ukrainian_future(word);
        const bool verb = reflexive || word.size() < size;
        if (!replace_end_among(word, ukrainian) && verb) replace_end_among(word, ukrainian_verbs);
    } else {
        replace_end_among(word, belarusian);
    }
    spell_letters(word);
}

std::string other_spelling_for_russian(std::string_view language, std::string_view word) {
    std::string out(word);
    if (language == "uk") {
        if (drop_reflexive(language, out) || replace_end_among(out, ukrainian) ||
            !replace_end_among(out, ukrainian_verbs))
            return {};
    } else if (language != "be" ||
               std::none_of(std::begin(belarusian_nouns), std::end(belarusian_nouns),
                            [&](auto ending) { return word.ends_with(ending); })) {
        return {};
    }
    spell_letters(out);
    return out;
}

}  // namespace colport::words
