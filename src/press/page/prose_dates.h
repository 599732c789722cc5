#pragma once

#include <optional>
#include <string_view>

#include "press/dates.h"

namespace colport {

/// A date as people write it on a page, with its time and zone if they are there:
/// `3 марта 2026, 18:05 (МСК)`, `March 3, 2026 6:05 p.m. EST`, `2026年3月3日`,
/// `۱۲ اسفند ۱۴۰۴`. Month names are ICU's, in the languages that press many
/// readers; solar Hijri years are understood. The first date in `text` counts.
///
/// Nothing when no year is given, or when day and month cannot be told apart.
std::optional<Moment> parse_prose_date(std::string_view text);

/// Whether `line` is little more than such a date, or one that a machine wrote. A
/// sentence that names a day is none.
bool is_prose_date(std::string_view line);

}  // namespace colport
