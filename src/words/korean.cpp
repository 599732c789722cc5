#include "words/korean.h"

#include <unicode/utf8.h>

namespace colport::words {
namespace {

constexpr UChar32 first_syllable = 0xac00, last_syllable = 0xd7a3;
constexpr std::size_t syllable_bytes = 3;
constexpr std::size_t fewest_syllables = 2;

enum class After { any, vowel, consonant, vowel_or_l };

struct Particle {
    std::string_view text;
    After after;
};

// Longer ones before those that they end in.
constexpr Particle particles[] = {
    {"에서부터", After::any},   {"으로부터", After::consonant}, {"로부터", After::vowel_or_l},
    {"에서는", After::any},     {"에서도", After::any},         {"에게는", After::any},
    {"에게서", After::any},     {"으로는", After::consonant},   {"으로도", After::consonant},
    {"까지는", After::any},     {"까지도", After::any},         {"부터는", After::any},
    {"이라고", After::consonant}, {"라고", After::vowel},       {"에서", After::any},
    {"에게", After::any},       {"에는", After::any},           {"에도", After::any},
    {"에만", After::any},       {"과는", After::consonant},     {"와는", After::vowel},
    {"과의", After::consonant}, {"와의", After::vowel},         {"로는", After::vowel_or_l},
    {"으로", After::consonant}, {"까지", After::any},           {"부터", After::any},
    {"은", After::consonant},   {"는", After::vowel},           {"이", After::consonant},
    {"가", After::vowel},       {"을", After::consonant},       {"를", After::vowel},
    {"과", After::consonant},   {"와", After::vowel},           {"로", After::vowel_or_l},
    {"의", After::any},         {"에", After::any},             {"도", After::any},
    {"만", After::any}};
constexpr Particle plural{"들", After::any};

UChar32 syllable_at(std::string_view text, std::size_t at) {
    UChar32 c = 0;
    U8_NEXT(text.data(), at, text.size(), c);
    return c;
}

bool may_follow(After after, std::string_view word) {
    constexpr int finals = 28, l = 8;
    const auto last = syllable_at(word, word.size() - syllable_bytes);
    const int final = (last - first_syllable) % finals;
    switch (after) {
        case After::vowel: return final == 0;
        case After::consonant: return final != 0;
        case After::vowel_or_l: return final == 0 || final == l;
        case After::any: return true;
    }
    return true;
}

bool drop(std::string_view& word, const Particle& particle) {
    if (!word.ends_with(particle.text)) return false;
    const auto rest = word.substr(0, word.size() - particle.text.size());
    if (rest.size() < fewest_syllables * syllable_bytes || !may_follow(particle.after, rest))
        return false;
    word = rest;
    return true;
}

}  // namespace

std::size_t size_without_particles(std::string_view word) {
    for (const auto& particle : particles)
        if (drop(word, particle)) break;
    drop(word, plural);
    return word.size();
}

std::size_t hangul_size(std::string_view text) {
    std::size_t size = 0;
    for (std::size_t at = 0; at < text.size(); size = at) {
        UChar32 c = 0;
        U8_NEXT(text.data(), at, text.size(), c);
        if (c < first_syllable || c > last_syllable) break;
    }
    return size;
}

}  // namespace colport::words
