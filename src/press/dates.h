#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace colport {

struct Moment {
    std::int64_t seconds = 0;  ///< since 1970-01-01T00:00:00Z
    int zone = 0;              ///< minutes east of UTC, as written
    bool operator==(const Moment&) const = default;
};

/// `Tue, 03 Mar 2026 18:05:00 +0330`, with what feeds leave out or misspell:
/// weekday, seconds, two-digit years, zone names (unknown ones are UTC).
std::optional<Moment> parse_rfc822(std::string_view text);

/// `2026-03-03T18:05:00+03:30`, a date alone, a month or a year alone, a blank for
/// the T, fractions of a second. Without a zone: UTC.
std::optional<Moment> parse_iso8601(std::string_view text);

/// `Tue Mar  3 18:05:00 2026`, as programs in C print it, a zone before the year.
std::optional<Moment> parse_asctime(std::string_view text);

/// Any of these. Years before 1900 are what software writes for "no date": nothing.
std::optional<Moment> parse_date(std::string_view text);

/// `2026-03-14-title`, as Jekyll wants its posts called; `2026-3-1-title` is as good.
std::optional<Moment> date_in_name(std::string_view stem);

}  // namespace colport
