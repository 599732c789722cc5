// How often mistyped words are put right: corrections LANGUAGE < TEXT, an article
// a line. Words of three articles and more get one mistake each, of equal shares
// of the four kinds, or are typed on an American keyboard.

#include <fmt/format.h>

#include <chrono>
#include <iostream>
#include <random>
#include <set>
#include <unordered_map>

#include "query/alphabet.h"
#include "query/keyboards.h"
#include "query/typed_text.h"

using namespace colport;

namespace {

constexpr int rounds = 3000;

struct Score {
    int right = 0, wrong = 0, none = 0;

    void add(const std::optional<std::string>& guess, const std::string& meant) {
        ++(!guess ? none : *guess == meant ? right : wrong);
    }
    void print(const char* what) const {
        const double all = std::max(1, right + wrong + none) / 100.0;
        fmt::print("{}: right {:.1f}%, wrong {:.1f}%, no guess {:.1f}% of {}\n", what,
                   right / all, wrong / all, none / all, right + wrong + none);
    }
};

std::string mistyped(const std::string& word, std::mt19937& random) {
    auto text = typed::decode(word);
    const auto letters = typed::alphabet_of(text[0]);
    const auto letter = letters[random() % letters.size()];
    const auto at = random() % text.size();
    switch (random() % 4) {
        case 0: std::swap(text[at], text[at == 0 ? 1 : at - 1]); break;
        case 1: text.erase(at, 1); break;
        case 2: text[at] = letter; break;
        default: text.insert(at, 1, letter);
    }
    return typed::encode(text);
}

}  // namespace

int main(int count, char** arguments) {
    const std::string language = count > 1 ? arguments[1] : "";
    std::unordered_map<std::string, std::uint64_t> articles;
    WordSplitter splitter;
    for (std::string line; std::getline(std::cin, line);) {
        std::set<std::string> words;
        splitter.split(line, language, [&](const Word& word) { words.emplace(word.form); });
        for (const auto& word : words) ++articles[word];
    }
    std::size_t lookups = 0;
    const auto folded = [&](const std::optional<std::string>& text) {
        std::optional<std::string> form;
        if (text) splitter.split(*text, language, [&](const Word& word) { form = word.form; });
        return form;
    };
    const auto how_common = [&](std::string_view word) {
        ++lookups;
        const auto found = articles.find(std::string(word));
        return found == articles.end() ? 0 : found->second;
    };
    std::vector<std::string> candidates;
    for (const auto& [word, number] : articles) {
        const auto text = typed::decode(word);
        if (number >= 3 && text.size() >= 5 && !near_words(word).empty() &&
            !typed::alphabet_of(text[0]).empty())
            candidates.push_back(word);
    }
    if (candidates.empty()) return 1;
    std::sort(candidates.begin(), candidates.end());

    std::mt19937 random(3);
    Score mistakes, keyboards;
    std::chrono::duration<double, std::micro> spent{};
    lookups = 0;
    for (int i = 0; i < rounds; ++i) {
        const auto& word = candidates[random() % candidates.size()];
        const auto typed = mistyped(word, random);
        if (articles.count(typed) != 0) continue;  // another word that there is
        const auto begin = std::chrono::steady_clock::now();
        mistakes.add(correct(typed, how_common), word);
        spent += std::chrono::steady_clock::now() - begin;
    }
    mistakes.print("one mistake");
    const auto guesses = mistakes.right + mistakes.wrong + mistakes.none;
    fmt::print("a guess: {:.0f} lookups, {:.0f} µs\n", double(lookups) / guesses,
               spent.count() / guesses);
    for (int i = 0; i < rounds; ++i) {
        const auto& word = candidates[random() % candidates.size()];
        for (const auto& typed : on_other_keyboards(word))
            if (typed::plain(typed::decode(typed)[0]) < 0x80)
                keyboards.add(folded(correct_keyboard(typed, splitter, how_common)), word);
    }
    keyboards.print("another keyboard");
    return 0;
}
