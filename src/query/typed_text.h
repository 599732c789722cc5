#pragma once

#include <string>
#include <string_view>

/// Characters as people and their keyboards make them.
namespace colport::typed {

/// Code points. What cannot be text is a space, as is every white space; what
/// is invisible is left out, but for the joiners that some scripts are spelt with.
std::u32string decode(std::string_view text);
std::string encode(std::u32string_view text);

/// Of full-width forms the ordinary one, of letters the small one.
char32_t plain(char32_t c);

bool is_minus(char32_t c);
bool is_colon(char32_t c);
bool is_star(char32_t c);
bool is_bar(char32_t c);

/// Quotes of one kind close each other; 0 is none. A quote between two Hebrew
/// letters is none: it marks an acronym.
int quote_kind(std::u32string_view text, std::size_t at);

/// Is there a letter or digit, so that the index has words for it?
bool has_word(std::u32string_view text);

/// Can the last word of the text stand for all that begin so? Shorter
/// beginnings are so common that their lists take seconds to merge.
bool may_be_prefix(std::u32string_view text);

/// Without spaces and joiners at the end, and spaces at the beginning.
std::u32string_view trimmed(std::u32string_view text);

/// The beginning of at most `size` bytes of UTF-8.
std::u32string_view first_bytes(std::u32string_view text, std::size_t size);

}  // namespace colport::typed
