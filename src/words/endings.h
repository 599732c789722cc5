#pragma once

#include <cstddef>
#include <string>
#include <string_view>

/// How rules for stems take words apart. Sizes are in code points.
namespace colport::words {

std::size_t letters(std::string_view text);
std::string_view first_letters(std::string_view text, std::size_t count);

bool replace_end(std::string& word, std::string_view from, std::string_view to);
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
