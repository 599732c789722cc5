#pragma once

#include <optional>
#include <string_view>

namespace colport {

struct MonthName {
    int month = 0;            ///< from 1
    bool solar_hijri = false; ///< of the calendar of Iran and Afghanistan
};

/// What `word`, folded as fold_line() does it, names in one of the languages that
/// the table knows; endings that Burmese and Persian join to it are allowed.
std::optional<MonthName> find_month(std::string_view word);

}  // namespace colport
