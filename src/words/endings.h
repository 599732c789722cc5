#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <utility>

/// How rules for stems take words apart. Sizes are in code points.
namespace colport::words {

std::size_t letters(std::string_view text);
std::string_view first_letters(std::string_view text, std::size_t count);

bool replace_end(std::string& word, std::string_view from, std::string_view to);

/// An ending, and what is to stand in its place.
using Spelling = std::pair<std::string_view, std::string_view>;

/// The longest that fits; false where none does.
bool replace_end_among(std::string& word, std::span<const Spelling> spellings);

void replace_letters(std::string& word, std::string_view from, std::string_view to);

/// Where enough of the word is left.
bool drop_end(std::string_view& word, std::string_view ending, std::size_t least);
bool drop_beginning(std::string_view& word, std::string_view beginning, std::size_t least);

template <std::size_t N>
bool drop_one_end(std::string_view& word, const std::string_view (&endings)[N],
                  std::size_t least) {
    for (const auto ending : endings)
        if (drop_end(word, ending, least)) return true;
    return false;
}

}  // namespace colport::words
