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
    /// What becomes of a list of opened articles: "session", kept in memory until the
    /// daemon ends; "on", written down; "off", not even that.
    std::string history = "session";
    /// What leaving at once does besides: "leave", nothing; "forget", what is kept of
    /// reading; "purge", all data.
    std::string panic = "leave";
    [[nodiscard]] bool keeps_history() const { return history != "off"; }
};

Settings settings_from(const std::map<std::string, std::string>& kept);
std::map<std::string, std::string> to_map(const Settings& settings);

}  // namespace colport::web
