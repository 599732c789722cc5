#include "press/page/line_shape.h"

#include <algorithm>

#include "press/clean_text.h"

namespace colport {
namespace {

// In weight.
constexpr std::size_t least_prose = 100;
constexpr std::size_t least_sentence = 30;

/// How many of the characters are of the script that `begin` and `end` bound.
double share_between(std::string_view text, char32_t begin, char32_t end) {
    std::size_t within = 0;
    std::size_t all = 0;
    for (std::size_t at = 0; at < text.size(); ++all) {
        const auto c = next_character(text, at);
        within += c >= begin && c < end;
    }
    return all == 0 ? 0 : static_cast<double>(within) / static_cast<double>(all);
}

/// Thai, Lao and Burmese put few blanks between words.
bool is_unspaced(std::string_view text) { return share_between(text, 0xe00, 0x10a0) > 0.5; }

}  // namespace

std::size_t characters_in(std::string_view text) {
    return static_cast<std::size_t>(std::count_if(
        text.begin(), text.end(), [](char c) { return (static_cast<unsigned char>(c) & 0xc0) != 0x80; }));
}

bool is_dense(std::string_view text) { return share_between(text, 0x2e80, 0xd800) > 0.5; }

std::size_t weight_of(std::string_view text) {
    return characters_in(text) * (is_dense(text) ? 3 : 1);
}

std::size_t words_in(std::string_view text) {
    const auto blanks = static_cast<std::size_t>(std::count(text.begin(), text.end(), ' '));
    const std::size_t letters = is_dense(text) ? 2 : is_unspaced(text) ? 7 : 0;
    return std::max(blanks + 1, letters == 0 ? 0 : characters_in(text) / letters);
}

bool ends_sentence(std::string_view text) {
    for (const std::string_view end : {".", "!", "?", "。", "！", "？", "؟", "።", "။", "۔", "…",
                                       "”", "»", "\"", "」", "』"})
        if (text.ends_with(end)) return true;
    return false;
}

bool ends_statement(std::string_view text) {
    return ends_sentence(text) && !text.ends_with("?") && !text.ends_with("؟") &&
           !text.ends_with("？");
}

bool is_long_statement(std::string_view text) {
    return weight_of(text) >= least_prose && ends_statement(text);
}

bool is_prose(std::string_view text) {
    const auto weight = weight_of(text);
    return weight >= least_prose || (weight >= least_sentence && ends_sentence(text));
}

}  // namespace colport
