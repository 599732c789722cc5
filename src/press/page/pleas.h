#pragma once

#include <string_view>

namespace colport {

/// What a line beside an article is for, told by its words in the languages that
/// the lists know. All take one line or paragraph of plain text, and look only at
/// short ones: a long paragraph is never taken for anything but text.

/// The words of a button, a menu or an empty box: "Share", "Advertisement".
bool is_label(std::string_view line);

/// Announces other things to read: "Read also", alone or before a title.
bool announces_links(std::string_view line);

/// Where the readers' comments begin.
bool announces_comments(std::string_view line);

/// Asks for a subscription, money, a follower or consent, or states rights.
bool is_plea(std::string_view line);

}  // namespace colport
