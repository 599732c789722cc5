#pragma once

#include <cstddef>
#include <string_view>

/// How much a line of plain text says and how it ends, alike for all scripts.
namespace colport {

/// Code points. Precondition of all: UTF-8.
std::size_t characters_in(std::string_view text);

/// Chinese, Japanese and Korean say more with a character than others.
bool is_dense(std::string_view text);

/// Characters, those of dense scripts thrice.
std::size_t weight_of(std::string_view text);

/// About how many words, also where no blanks part them.
std::size_t words_in(std::string_view text);

/// With a full stop or what stands for it, or with a closing quotation mark.
bool ends_sentence(std::string_view text);

/// The same without questions: headlines may ask.
bool ends_statement(std::string_view text);

/// As long as a sentence of the text, and ends like one: titles do not.
bool is_long_statement(std::string_view text);

/// A sentence, or as long as one.
bool is_prose(std::string_view text);

}  // namespace colport
