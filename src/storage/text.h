#pragma once

#include <string>
#include <string_view>

/// Text as the archive stores and shows it.
namespace colport {

/// Control characters but line feed and tab become spaces: mark_begin and
/// mark_end are among them.
std::string without_controls(std::string text);

/// Of ASCII letters alone, as in tags of languages.
std::string lower(std::string_view text);

/// Runs of white space become one space, none at the ends.
std::string one_line(std::string_view text);

/// The first words, at most `limit` code points, with "…" where more follows.
std::string beginning(std::string_view text, std::size_t limit);

/// A title, or a section, as rows and lists have it: one line, no longer than
/// can be shown.
std::string listed(std::string_view text);

/// A marked snippet in one line. FTS5 counts words, and a word may be as long
/// as the article: what is over 1,200 bytes is cut around the first mark.
std::string tidy_snippet(std::string_view snippet);

}  // namespace colport
