#include <algorithm>

#include "words/endings.h"
#include "words/light_stems.h"

namespace colport::words {
namespace {

// Roots have three letters.
constexpr std::size_t root = 3;
// Many a noun begins or ends with the letters of particles and plurals, and
// mostly leaves no more than a root.
constexpr std::size_t beyond_root = 4;

constexpr std::string_view article = "ال", to_the = "لل";
constexpr std::string_view particles[] = {"و", "ف", "ب", "ك", "ل"};
constexpr std::string_view possessives[] = {"هما", "ها", "هم", "هن"};
constexpr std::string_view masculine_plurals[] = {"ون", "ين", "ان"};

/// "Father" and his kin begin as "and the" would.
bool is_parent(std::string_view word) {
    constexpr std::string_view parent = "والد";
    constexpr std::string_view endings[] = {"",   "ه",   "ها",  "هم",  "ين", "ان", "يه", "ي",
                                            "ته", "تها", "تهم", "تي", "ات", "نا", "كم"};
    if (!word.starts_with(parent)) return false;
    const auto ending = word.substr(parent.size());
    return std::find(std::begin(endings), std::end(endings), ending) != std::end(endings);
}

bool drop_article_once(std::string_view& word) {
    if (drop_beginning(word, article, root) || drop_beginning(word, to_the, root)) return true;
    for (const auto particle : particles) {
        if (!word.starts_with(particle)) continue;
        auto rest = word.substr(particle.size());
        if (!drop_beginning(rest, article, root) && !drop_beginning(rest, to_the, root)) return false;
        word = rest;
        return true;
    }
    return false;
}

void drop_article(std::string_view& word) {
    if (is_parent(word)) return;
    // Twice: a noun that begins like the article itself must not tell whether it has one.
    if (drop_article_once(word)) drop_beginning(word, article, root);
}

/// The feminine ending is a t before a possessive. Behind a w it is of the root.
void drop_feminine_t(std::string_view& word) {
    if (!word.ends_with("وت")) drop_end(word, "ت", root);
}

/// A hamza at the end finds a seat there.
bool drop_possessive(std::string_view& word) {
    if (!drop_one_end(word, possessives, root)) return false;
    drop_feminine_t(word);
    if (word.ends_with("اي") || word.ends_with("او")) drop_end(word, word.substr(word.size() - 2), root);
    return true;
}

/// One letter stands for the feminine ending and for "his".
bool drop_feminine(std::string_view& word) {
    if (!drop_end(word, "ه", root)) return false;
    drop_feminine_t(word);
    return true;
}

void drop_endings(std::string_view& word) {
    drop_possessive(word);
    constexpr int most_endings = 3;
    for (int i = 0; i < most_endings; ++i) {
        const bool dropped = drop_end(word, "ات", root) ||
                             drop_one_end(word, masculine_plurals, beyond_root) ||
                             drop_feminine(word);
        if (!dropped) break;
    }
    // Of the accusative, and of countries named after their people.
    if (!drop_end(word, "ا", beyond_root) && word.ends_with("اء")) drop_end(word, "ء", root);
}

}  // namespace

std::string_view arabic_stem(std::string_view word) {
    drop_article(word);
    drop_endings(word);
    while (std::any_of(std::begin(particles), std::end(particles), [&](std::string_view particle) {
        return drop_beginning(word, particle, beyond_root);
    })) {
    }
    return word;
}

}  // namespace colport::words
