#include "words/endings.h"

#include <unicode/utf8.h>

namespace colport::words {

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

bool replace_end_among(std::string& word, std::span<const Spelling> spellings) {
    const Spelling* best = nullptr;
    for (const auto& spelling : spellings)
        if (word.ends_with(spelling.first) &&
            (best == nullptr || spelling.first.size() > best->first.size()))
            best = &spelling;
    return best != nullptr && replace_end(word, best->first, best->second);
}

void replace_letters(std::string& word, std::string_view from, std::string_view to) {
    for (auto at = word.find(from); at != std::string::npos; at = word.find(from, at + to.size()))
        word.replace(at, from.size(), to);
}

bool drop_end(std::string_view& word, std::string_view ending, std::size_t least) {
    if (!word.ends_with(ending)) return false;
    const auto rest = word.substr(0, word.size() - ending.size());
    if (letters(rest) < least) return false;
    word = rest;
    return true;
}

bool drop_beginning(std::string_view& word, std::string_view beginning, std::size_t least) {
    if (!word.starts_with(beginning)) return false;
    const auto rest = word.substr(beginning.size());
    if (letters(rest) < least) return false;
    word = rest;
    return true;
}

}  // namespace colport::words
