#include "query/days.h"

#include <fmt/format.h>
#include <unicode/uchar.h>

#include "query/typed_text.h"

namespace colport::typed {
namespace {

using namespace std::chrono;

/// A number of at most `most` digits, taken off the front of `text`.
std::optional<int> take_number(std::u32string_view& text, std::size_t most) {
    int out = 0;
    std::size_t size = 0;
    for (; size < most && size < text.size(); ++size) {
        const auto digit = u_charDigitValue(static_cast<UChar32>(text[size]));
        if (digit < 0) break;
        out = out * 10 + digit;
    }
    text.remove_prefix(size);
    return size == 0 ? std::nullopt : std::optional(out);
}

/// The part of a date behind a separator: none at the end, 0 for anything else.
std::optional<unsigned> take_part(std::u32string_view& text) {
    if (text.empty()) return std::nullopt;
    if (!is_minus(text[0]) && plain(text[0]) != U'/' && plain(text[0]) != U'.') return 0;
    text.remove_prefix(1);
    return static_cast<unsigned>(take_number(text, 2).value_or(0));
}

/// The last of February for its 30th.
sys_days day_that_is(year_month_day date) {
    return date.ok() ? sys_days{date} : sys_days{date.year() / date.month() / last};
}

std::optional<Days> days_ago(int count, char32_t unit, sys_days today) {
    const year_month_day date{today};
    sys_days day;
    switch (plain(unit)) {
        case U'd': day = today - days{count}; break;
        case U'w': day = today - weeks{count}; break;
        case U'm': day = day_that_is(date - months{count}); break;
        case U'y': day = day_that_is(date - years{count}); break;
        default: return std::nullopt;
    }
    if (year_month_day{day}.year() < year{1}) return std::nullopt;
    return Days{day, day};
}

}  // namespace

std::optional<Days> parse_days(std::u32string_view text, sys_days today) {
    const auto size = text.size();
    const auto number = take_number(text, 4);
    if (!number) return std::nullopt;
    if (text.size() == 1) return days_ago(*number, text[0], today);
    if (size - text.size() != 4 || *number < 1) return std::nullopt;
    const year its_year{*number};
    const auto month_number = take_part(text);
    if (!month_number) return Days{its_year / January / 1, its_year / December / 31};
    const auto its_month = its_year / month{*month_number};
    if (!its_month.ok()) return std::nullopt;
    const auto day_number = take_part(text);
    if (!day_number) return Days{its_month / 1, its_month / last};
    const auto date = its_month / day{*day_number};
    if (!date.ok() || !text.empty()) return std::nullopt;
    return Days{date, date};
}

std::string day_text(sys_days on) {
    const year_month_day date{on};
    return fmt::format("{:04}-{:02}-{:02}", static_cast<int>(date.year()),
                       static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()));
}

}  // namespace colport::typed
