#pragma once

#include <string_view>

namespace colport {

/// What a line beside an article is for, told by its words in the languages that
/// the lists know. All take one line or paragraph of plain text, and look only at
/// short ones: a long paragraph is never taken for anything but text.

/// What else is known of a line. News uses the words of pleas: most of them count
/// only with one of these.
struct Surroundings {
    bool linked = false;   ///< it is mostly a link, or leads to where one gives or subscribes
    bool is_last = false;  ///< no text stands behind it
};

/// The words of a button, a menu or an empty box: "Share", "Advertisement".
bool is_label(std::string_view line);

/// One of these that may as well head a part of an article: "Telegram", "Search".
bool is_noun_label(std::string_view line);

/// Announces other things to read: "Read also", alone or before a title.
bool announces_links(std::string_view line, Surroundings around = {});

/// Where the readers' comments begin: it counts them, or asks for one.
bool announces_comments(std::string_view line);

/// The word alone: "Comments". What follows may be comments, or an expert's.
bool names_comments(std::string_view line);

/// Asks for a subscription, money, a follower or consent, or states rights.
bool is_plea(std::string_view line, Surroundings around = {});

}  // namespace colport
