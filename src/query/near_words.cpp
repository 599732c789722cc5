#include "query/near_words.h"

#include <algorithm>

#include "query/alphabet.h"
#include "query/typed_text.h"
#include "words/character.h"

namespace colport {
namespace {

using words::Kind;

constexpr std::size_t shortest_word = 4;
// A word of so few articles may itself be a mistake that somebody printed.
constexpr std::uint64_t hardly_anywhere = 2;
constexpr std::uint64_t far_more = 50;
// One of a few mistakes of its kind is likelier than one of hundreds.
constexpr unsigned likely = 5, unlikely = 2, unlikely_first = 1;

Kind kind_of(char32_t c) { return words::describe(static_cast<std::int32_t>(c))->kind; }

bool is_spelt(std::u32string_view word) {
    return !word.empty() && kind_of(word[0]) == Kind::letter &&
           std::all_of(word.begin(), word.end(), [](char32_t c) {
               return kind_of(c) == Kind::letter || kind_of(c) == Kind::mark;
           });
}

/// Makes each word once.
class Mistakes {
public:
    explicit Mistakes(std::u32string word)
        : word_(std::move(word)), alphabet_(typed::alphabet_of(word_[0])) {}

    std::vector<NearWord> all() {
        swaps();
        left_out();
        for (std::size_t at = 1; at <= word_.size() && !full(); ++at) doubled(at);
        // The first letter is the one that people get right.
        for (std::size_t at = 1; at <= word_.size() && !full(); ++at) other_at(at, unlikely);
        other_at(0, unlikely_first);
        return std::move(out_);
    }

private:
    [[nodiscard]] bool full() const { return out_.size() == most_near_words; }

    void add(const std::u32string& text, unsigned weight) {
        if (full() || text.empty() || kind_of(text[0]) == Kind::mark) return;
        out_.push_back({typed::encode(text), weight});
    }

    void swaps() {
        for (std::size_t i = 0; i + 1 < word_.size(); ++i) {
            if (word_[i] == word_[i + 1]) continue;
            auto text = word_;
            std::swap(text[i], text[i + 1]);
            add(text, likely);
        }
    }

    void left_out() {
        for (std::size_t i = 0; i < word_.size(); ++i) {
            if (i > 0 && word_[i] == word_[i - 1]) continue;
            auto text = word_;
            text.erase(i, 1);
            add(text, likely);
        }
    }

    /// The letter before `at` once more.
    void doubled(std::size_t at) {
        const auto letter = word_[at - 1];
        if (at < word_.size() && word_[at] == letter) return;
        auto text = word_;
        text.insert(at, 1, letter);
        add(text, likely);
    }

    void other_at(std::size_t at, unsigned weight) {
        for (const auto letter : alphabet_) {
            if (at < word_.size() && letter != word_[at]) {
                auto text = word_;
                text[at] = letter;
                add(text, weight);
            }
            const bool doubles = (at > 0 && letter == word_[at - 1]) ||
                                 (at < word_.size() && letter == word_[at]);
            if (doubles) continue;
            auto text = word_;
            text.insert(at, 1, letter);
            add(text, weight);
        }
    }

    std::u32string word_;
    std::u32string_view alphabet_;
    std::vector<NearWord> out_;
};

}  // namespace

std::vector<NearWord> near_words(std::string_view word) {
    auto text = typed::decode(word);
    if (!is_spelt(text)) return {};
    return Mistakes(std::move(text)).all();
}

bool may_be_mistaken(std::uint64_t own, std::uint64_t other) {
    return own <= hardly_anywhere && other > hardly_anywhere && other >= own * far_more;
}

std::optional<std::string> correct(std::string_view word, const HowCommon& how_common,
                                   std::size_t lookups) {
    if (lookups == 0 || typed::decode(word).size() < shortest_word) return std::nullopt;
    const auto own = how_common(word);
    if (own > hardly_anywhere) return std::nullopt;
    const NearWord* best = nullptr;
    std::uint64_t best_score = 0;
    auto near = near_words(word);
    if (near.size() > lookups - 1) near.resize(lookups - 1);
    for (const auto& other : near) {
        const auto count = how_common(other.text);
        if (!may_be_mistaken(own, count)) continue;
        if (const auto score = count * other.weight; score > best_score) {
            best = &other;
            best_score = score;
        }
    }
    return best ? std::optional(best->text) : std::nullopt;
}

}  // namespace colport
