#pragma once

#include <map>
#include <string>

namespace colport::web {

/// How a reader wants the page, as kept by Reading::settings(). Values are words
/// of a few letters; whatever else is kept counts as the default.
struct Settings {
    std::string size = "normal";      ///< small, normal, large or huge
    std::string typeface = "serif";   ///< or sans
    std::string colours = "auto";     ///< light or dark
    std::string language;             ///< a code of languages(); empty: the browser's
    std::string history = "on";       ///< or off: opened articles are not written down
    std::string panic = "leave";      ///< or forget: what leaving at once does
    [[nodiscard]] bool keeps_history() const { return history == "on"; }
};

Settings settings_from(const std::map<std::string, std::string>& kept);
std::map<std::string, std::string> to_map(const Settings& settings);

}  // namespace colport::web
