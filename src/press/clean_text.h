#pragma once

#include <cstdint>
#include <string>
#include <string_view>

/// Text from outside made fit for an article: well-formed UTF-8 without control
/// characters, and without characters that override the direction of writing,
/// since those can make a text read as another. Marks and joiners that Persian
/// and Arabic need stay.
namespace colport {

enum class CharKind {
    text,
    space,       ///< collapses with its neighbours to one blank
    wide_space,  ///< not to be broken, or ideographic: stays when it stands alone
    dropped,
};
CharKind kind_of(char32_t c);

/// The character at `at`, which moves behind it; U+FFFD for malformed bytes.
/// Precondition: at < text.size().
char32_t next_character(std::string_view text, std::size_t& at);
void append_character(std::string& out, char32_t c);

/// How many bytes from `at` on may be taken as they stand: well-formed characters of
/// the kind `text`, and single blanks between them.
std::size_t text_run(std::string_view text, std::size_t at);

/// One line: runs of white space collapsed, none at the ends.
std::string clean_line(std::string_view text);

/// Lines as they are, tabs as four blanks, no blank lines at the ends.
std::string clean_code(std::string_view text);

/// Every malformed sequence replaced by U+FFFD; NUL dropped.
std::string repair_utf8(std::string_view text);

/// At most `characters` of `text`, with an ellipsis when some are left out.
std::string shorten(const std::string& text, std::size_t characters);

std::string ascii_lower(std::string_view text);

}  // namespace colport
