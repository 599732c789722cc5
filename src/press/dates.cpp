#include "press/dates.h"

#include <array>
#include <chrono>

#include "press/clean_text.h"

namespace colport {
namespace {

/// Reads a text from its front; every failure leaves it where it was.
class Scanner {
public:
    explicit Scanner(std::string_view text) : rest_(text) {}

    std::optional<int> number(std::size_t least, std::size_t most) {
        std::size_t digits = 0;
        int value = 0;
        while (digits < rest_.size() && digits < most && rest_[digits] >= '0' &&
               rest_[digits] <= '9')
            value = value * 10 + (rest_[digits++] - '0');
        if (digits < least) return std::nullopt;
        rest_.remove_prefix(digits);
        return value;
    }
    bool skip(char c) {
        if (rest_.empty() || rest_[0] != c) return false;
        rest_.remove_prefix(1);
        return true;
    }
    void blanks() {
        while (!rest_.empty() && (rest_[0] == ' ' || rest_[0] == ',')) rest_.remove_prefix(1);
    }
    std::string_view word() {
        std::size_t size = 0;
        while (size < rest_.size() && (rest_[size] | 0x20) >= 'a' && (rest_[size] | 0x20) <= 'z')
            ++size;
        const auto out = rest_.substr(0, size);
        rest_.remove_prefix(size);
        return out;
    }
    [[nodiscard]] char peek() const { return rest_.empty() ? '\0' : rest_[0]; }
    [[nodiscard]] std::string_view rest() const { return rest_; }

private:
    std::string_view rest_;
};

struct Clock {
    int hour = 0, minute = 0, second = 0;
};

std::optional<Clock> read_clock(Scanner& in) {
    const auto hour = in.number(1, 2);
    if (!hour || !in.skip(':')) return std::nullopt;
    const auto minute = in.number(2, 2);
    if (!minute) return std::nullopt;
    Clock out{*hour, *minute, 0};
    if (in.skip(':')) {
        const auto second = in.number(2, 2);
        if (!second) return std::nullopt;
        out.second = *second;
        if (in.skip('.') || in.skip(',')) {
            while (in.number(1, 9)) {
            }
        }
    }
    return out;
}

/// `+0330`, `+03:30`, `+03`. Precondition: the sign is next.
std::optional<int> read_offset(Scanner& in) {
    const char sign = in.peek();
    in.skip(sign);
    const auto hours = in.number(1, 2);
    if (!hours) return std::nullopt;
    in.skip(':');
    const int minutes = in.number(2, 2).value_or(0);
    if (*hours > 14 || minutes > 59) return std::nullopt;
    return (sign == '-' ? -1 : 1) * (*hours * 60 + minutes);
}

/// An offset, a name, or `GMT+0300`. Nothing when it is malformed.
std::optional<int> read_zone(Scanner& in) {
    const auto is_sign = [](char c) { return c == '+' || c == '-'; };
    in.blanks();
    if (is_sign(in.peek())) return read_offset(in);
    static constexpr std::array<std::pair<std::string_view, int>, 8> names{{
        {"est", -300}, {"edt", -240}, {"cst", -360}, {"cdt", -300},
        {"mst", -420}, {"mdt", -360}, {"pst", -480}, {"pdt", -420}}};
    const auto name = ascii_lower(in.word());
    for (const auto& [zone, minutes] : names)
        if (name == zone) return minutes;
    const bool universal = name == "gmt" || name == "utc" || name == "ut";
    return universal && is_sign(in.peek()) ? read_offset(in) : 0;
}

std::optional<Moment> moment(int year, int month, int day, const Clock& clock, int zone) {
    const std::chrono::year_month_day date{std::chrono::year(year),
                                           std::chrono::month(static_cast<unsigned>(month)),
                                           std::chrono::day(static_cast<unsigned>(day))};
    if (year < 1900 || year > 9999 || !date.ok() || clock.hour > 24 || clock.minute > 59 ||
        clock.second > 60)
        return std::nullopt;
    const std::int64_t days = std::chrono::sys_days(date).time_since_epoch().count();
    const std::int64_t local = days * 86'400 + clock.hour * 3600 + clock.minute * 60 + clock.second;
    return Moment{local - zone * 60, zone};
}

int month_of(std::string_view word) {
    static constexpr std::string_view months = "janfebmaraprmayjunjulaugsepoctnovdec";
    if (word.size() < 3) return 0;
    const auto at = months.find(ascii_lower(word.substr(0, 3)));
    return at == months.npos || at % 3 != 0 ? 0 : static_cast<int>(at / 3) + 1;
}

}  // namespace

std::optional<Moment> parse_rfc822(std::string_view text) {
    const auto line = clean_line(text);
    Scanner in(line);
    in.word();
    in.skip('.');
    in.blanks();
    const auto day = in.number(1, 2);
    in.skip('-');
    in.blanks();
    const int month = month_of(in.word());
    in.skip('-');
    in.skip('.');
    in.blanks();
    const auto digits = in.rest().size();
    auto year = in.number(2, 4);
    if (!day || month == 0 || !year) return std::nullopt;
    if (digits - in.rest().size() == 2) *year += *year < 70 ? 2000 : 1900;
    in.blanks();
    if (in.rest().empty()) return moment(*year, month, *day, {}, 0);
    const auto clock = read_clock(in);
    if (!clock) return std::nullopt;
    const auto zone = read_zone(in);
    if (!zone) return std::nullopt;
    return moment(*year, month, *day, *clock, *zone);
}

std::optional<Moment> parse_iso8601(std::string_view text) {
    const auto line = clean_line(text);
    Scanner in(line);
    const auto year = in.number(4, 4);
    if (year && in.rest().empty()) return moment(*year, 1, 1, {}, 0);
    const bool dashes = in.skip('-');
    const auto month = in.number(2, 2);
    if (year && dashes && month && in.rest().empty()) return moment(*year, *month, 1, {}, 0);
    if (dashes && !in.skip('-')) return std::nullopt;
    const auto day = in.number(2, 2);
    if (!year || !month || !day) return std::nullopt;
    if (in.rest().empty()) return moment(*year, *month, *day, {}, 0);
    if (!in.skip('T') && !in.skip('t') && !in.skip(' ')) return std::nullopt;
    const auto clock = read_clock(in);
    if (!clock) return std::nullopt;
    const auto zone = read_zone(in);
    if (!zone || !in.rest().empty()) return std::nullopt;
    return moment(*year, *month, *day, *clock, *zone);
}

std::optional<Moment> parse_asctime(std::string_view text) {
    const auto line = clean_line(text);
    Scanner in(line);
    in.word();
    in.blanks();
    const int month = month_of(in.word());
    in.blanks();
    const auto day = in.number(1, 2);
    in.blanks();
    const auto clock = read_clock(in);
    const auto zone = clock ? read_zone(in) : std::nullopt;
    in.blanks();
    const auto year = in.number(4, 4);
    if (month == 0 || !day || !zone || !year || !in.rest().empty()) return std::nullopt;
    return moment(*year, month, *day, *clock, *zone);
}

std::optional<Moment> parse_date(std::string_view text) {
    if (auto out = parse_iso8601(text)) return out;
    if (auto out = parse_rfc822(text)) return out;
    return parse_asctime(text);
}

std::optional<Moment> date_in_name(std::string_view stem) {
    Scanner in(stem);
    const auto year = in.number(4, 4);
    const bool dashed = in.skip('-');
    const auto month = in.number(1, 2);
    if (!year || !dashed || !month || !in.skip('-')) return std::nullopt;
    const auto day = in.number(1, 2);
    if (!day || !in.skip('-')) return std::nullopt;
    return moment(*year, *month, *day, {}, 0);
}

}  // namespace colport
