#pragma once

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>

namespace colport {

/// `[name key="value" …]` as content systems write it into text.
struct Shortcode {
    std::string name;                          ///< in lower case
    std::map<std::string, std::string> values; ///< by key in lower case; "0", "1", … without one
    bool self_closing = false;
    std::size_t end = 0;                       ///< of the opening tag in the text

    [[nodiscard]] std::string value(const std::string& key) const {
        const auto at = values.find(key);
        return at == values.end() ? std::string() : at->second;
    }
};

/// How shortcodes are bracketed: `[` `]` in WordPress, `{{<` `>}}` in Hugo.
struct ShortcodeMarks {
    std::string_view open, close;
};

/// The shortcode that begins at `at`, where `marks.open` stands.
std::optional<Shortcode> read_shortcode(std::string_view text, std::size_t at,
                                        const ShortcodeMarks& marks);

/// What to put in place of a shortcode; nothing leaves the text as it stands.
/// `inner` is what it encloses, expanded; `closed` says whether it encloses
/// anything.
using ExpandShortcode = std::function<std::optional<std::string>(
    const Shortcode& code, const std::string& inner, bool closed)>;

/// Replaces every shortcode. Those nested more than 8 deep stay as they are.
std::string expand_shortcodes(std::string_view text, const ShortcodeMarks& marks,
                              const ExpandShortcode& expand);

}  // namespace colport
