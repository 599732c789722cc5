#include "press/page/prose_dates.h"

#include <unicode/ucal.h>
#include <unicode/uchar.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <memory>
#include <string>
#include <tuple>
#include <vector>

#include "press/clean_text.h"
#include "press/formats/fold_line.h"
#include "press/page/line_shape.h"
#include "press/page/month_names.h"

namespace colport {
namespace {

// In bytes: a date stands in a line of its own, not in an essay.
constexpr std::size_t max_text = 400;
constexpr std::size_t max_tokens = 80;

struct Token {
    enum Kind { number, word, sign } kind = sign;
    int value = 0;              ///< of a number
    std::size_t digits = 0;
    std::string text;           ///< of a word or a sign
    bool blank_before = false;
};
using Tokens = std::vector<Token>;

bool is_han(char32_t c) { return c >= 0x3400 && c < 0xa000; }

Tokens read_tokens(std::string_view text) {
    const auto folded = fold_line(text.substr(0, max_text));
    Tokens out;
    bool blank = false;
    for (std::size_t at = 0; at < folded.size() && out.size() < max_tokens;) {
        const auto c = next_character(folded, at);
        if (c == U' ') {
            blank = true;
            continue;
        }
        const auto digit = u_charDigitValue(static_cast<UChar32>(c));
        const bool letter = u_isalpha(static_cast<UChar32>(c)) ||
                            (U_GET_GC_MASK(static_cast<UChar32>(c)) & U_GC_M_MASK);
        const auto kind = digit >= 0 ? Token::number : letter ? Token::word : Token::sign;
        const bool goes_on = !blank && !out.empty() && out.back().kind == kind &&
                             kind != Token::sign && !(letter && is_han(c));
        if (!goes_on) out.push_back({kind, 0, 0, {}, blank});
        blank = false;
        auto& token = out.back();
        if (digit >= 0) {
            if (token.digits < 6) token.value = token.value * 10 + digit;
            ++token.digits;
        } else {
            append_character(token.text, c);
        }
    }
    return out;
}

struct Day {
    int year = 0, month = 0, day = 0;
    bool solar_hijri = false;
    std::size_t begin = 0, end = 0;   ///< its tokens
};

bool is_year(const Token& token) {
    return token.kind == Token::number && token.digits == 4 &&
           ((token.value >= 1900 && token.value < 2200) ||
            (token.value >= 1300 && token.value < 1500));
}
bool is_day(const Token& token) {
    return token.kind == Token::number && token.digits <= 2 && token.value >= 1 &&
           token.value <= 31;
}

/// The next token from `at` on that is no small word or sign between the parts
/// of a date: "3 de marzo de 2026", "March 3rd, 2026", "3 марта 2026 г.". Words as
/// fold_line() leaves them.
std::size_t skip_between(const Tokens& tokens, std::size_t at) {
    static constexpr std::array<std::string_view, 13> small{
        "de", "del", "of", "st", "nd", "rd", "th", "ခုနှစ်", "ခုနှစ်၊", "سال", "من", "er", "ییلی"};
    for (std::size_t skipped = 0; at < tokens.size() && skipped < 3; ++skipped, ++at) {
        const auto& token = tokens[at];
        const bool sign = token.kind == Token::sign &&
                          (token.text == "," || token.text == "." || token.text == "،" ||
                           token.text == "၊" || token.text == "-" || token.text == "/");
        const bool word = token.kind == Token::word &&
                          std::find(small.begin(), small.end(), token.text) != small.end();
        if (!sign && !word) break;
    }
    return at;
}

/// The month that the word at `at` names, alone or with the next.
std::optional<MonthName> month_at(const Tokens& tokens, std::size_t at, std::size_t& end) {
    if (at >= tokens.size() || tokens[at].kind != Token::word) return std::nullopt;
    if (at + 1 < tokens.size() && tokens[at + 1].kind == Token::word)
        if (const auto two = find_month(tokens[at].text + " " + tokens[at + 1].text)) {
            end = at + 2;
            return two;
        }
    end = at + 1;
    return find_month(tokens[at].text);
}

std::optional<Day> named_day(const Tokens& tokens, std::size_t at) {
    std::size_t end = 0;
    const auto make = [&](const Token& year, const MonthName& month, const Token& day,
                          std::size_t last) {
        return Day{year.value, month.month, day.value, month.solar_hijri, at, last + 1};
    };
    if (is_day(tokens[at])) {
        const auto month = month_at(tokens, skip_between(tokens, at + 1), end);
        if (!month) return std::nullopt;
        const auto year = skip_between(tokens, end);
        if (year < tokens.size() && is_year(tokens[year]))
            return make(tokens[year], *month, tokens[at], year);
    } else if (is_year(tokens[at])) {
        const auto next = skip_between(tokens, at + 1);
        // Uyghur puts the day before the month behind the year.
        if (next < tokens.size() && is_day(tokens[next]))
            if (const auto last = month_at(tokens, skip_between(tokens, next + 1), end))
                return make(tokens[at], *last, tokens[next], end - 1);
        const auto month = month_at(tokens, next, end);
        if (!month) return std::nullopt;
        const auto day = skip_between(tokens, end);
        if (day < tokens.size() && is_day(tokens[day]))
            return make(tokens[at], *month, tokens[day], day);
    } else if (const auto month = month_at(tokens, at, end)) {
        const auto day = skip_between(tokens, end);
        if (day >= tokens.size() || !is_day(tokens[day])) return std::nullopt;
        const auto year = skip_between(tokens, day + 1);
        if (year < tokens.size() && is_year(tokens[year]))
            return make(tokens[year], *month, tokens[day], year);
    }
    return std::nullopt;
}

/// 2026-03-14, 14.3.2026, 2026年3月14日, 1404/12/23.
std::optional<Day> numeric_day(const Tokens& tokens, std::size_t at) {
    if (at + 4 >= tokens.size()) return std::nullopt;
    const auto& [a, x, b, y, c] =
        std::tie(tokens[at], tokens[at + 1], tokens[at + 2], tokens[at + 3], tokens[at + 4]);
    if (a.kind != Token::number || b.kind != Token::number || c.kind != Token::number)
        return std::nullopt;
    const auto day = [&](int year, int month, int number, std::size_t end) -> std::optional<Day> {
        if (month < 1 || month > 12) return std::nullopt;
        return Day{year, month, number, year < 1500, at, end};
    };
    if (x.text == "年" || x.text == "년") {
        const bool closed = at + 5 < tokens.size() && tokens[at + 5].kind == Token::word;
        return is_year(a) && is_day(c) ? day(a.value, b.value, c.value, at + 5 + closed)
                                       : std::nullopt;
    }
    if (x.text != y.text || (x.text != "." && x.text != "/" && x.text != "-")) return std::nullopt;
    if (is_year(a) && is_day(b) && is_day(c)) return day(a.value, b.value, c.value, at + 5);
    if (!is_day(a) || !is_day(b) || !is_year(c)) return std::nullopt;
    // 3/4/2026 is April in London and March in New York.
    if (x.text == "." || a.value > 12 || a.value == b.value)
        return day(c.value, b.value, a.value, at + 5);
    return b.value > 12 ? day(c.value, a.value, b.value, at + 5) : std::nullopt;
}

std::optional<Day> find_day(const Tokens& tokens) {
    for (std::size_t at = 0; at < tokens.size(); ++at) {
        if (auto out = numeric_day(tokens, at)) return out;
        if (auto out = named_day(tokens, at)) return out;
    }
    return std::nullopt;
}

struct Clock {
    int minutes = 0;
    std::size_t begin = 0, end = 0;
};

/// 18:05, 6.05 p.m., 18時05分. Only what has a colon counts away from the date.
std::optional<Clock> find_clock(const Tokens& tokens, const Day& day) {
    for (std::size_t at = 0; at + 2 < tokens.size(); ++at) {
        if (at >= day.begin && at < day.end) continue;
        const auto& hour = tokens[at];
        const auto& minute = tokens[at + 2];
        const auto& between = tokens[at + 1].text;
        if (hour.kind != Token::number || minute.kind != Token::number || hour.value > 24 ||
            minute.value > 59 || hour.digits > 2 || minute.digits != 2)
            continue;
        if (between != ":" && between != "：" && between != "時" && between != "时" &&
            between != "点")
            continue;
        Clock out{hour.value * 60 + minute.value, at, at + 3};
        if (at + 4 < tokens.size() && tokens[at + 3].text == ":" &&
            tokens[at + 4].kind == Token::number)
            out.end = at + 5;
        std::string near;
        for (auto i = out.end; i < std::min(out.end + 4, tokens.size()); ++i) near += tokens[i].text;
        std::string before;
        for (auto i = at >= 2 ? at - 2 : 0; i < at; ++i) before += tokens[i].text;
        const auto says = [&](std::string_view sign) { return near.starts_with(sign); };
        const bool afternoon = says("pm") || says("p.m") || says("ب.ظ") || before.ends_with("下午") ||
                               before.ends_with("晚上");
        const bool morning = says("am") || says("a.m") || says("ق.ظ") || before.ends_with("上午");
        if (afternoon && hour.value < 12) out.minutes += 12 * 60;
        if (morning && hour.value == 12) out.minutes -= 12 * 60;
        return out;
    }
    return std::nullopt;
}

/// Minutes east of UTC that the sign at `at` begins: `+0330`, `-03:30`, `UTC+3`. A
/// dash before "12 comments" or "5 min" is none.
std::optional<int> offset_at(const Tokens& tokens, std::size_t at) {
    const bool plus = tokens[at].text == "+";
    if ((!plus && tokens[at].text != "-" && tokens[at].text != "−") || at + 1 >= tokens.size())
        return std::nullopt;
    const auto& number = tokens[at + 1];
    if (number.kind != Token::number || number.blank_before) return std::nullopt;
    const bool named = at > 0 && (tokens[at - 1].text == "utc" || tokens[at - 1].text == "gmt");
    if (number.digits != 4 && number.digits != 2 && !(named && number.digits == 1))
        return std::nullopt;
    auto end = at + 2;
    int minutes = number.digits == 4 ? number.value / 100 * 60 + number.value % 100
                                     : number.value * 60;
    if (number.digits <= 2 && end + 1 < tokens.size() && tokens[end].text == ":" &&
        tokens[end + 1].kind == Token::number) {
        minutes += tokens[end + 1].value;
        end += 2;
    }
    if (!named && end < tokens.size() && tokens[end].kind == Token::word) return std::nullopt;
    if (minutes > 14 * 60) return std::nullopt;
    return plus ? minutes : -minutes;
}

/// Minutes east of UTC, where the line says it. Summer time is not guessed.
int find_zone(const Tokens& tokens, std::size_t from) {
    struct Zone {
        std::string_view name;
        int minutes;
    };
    static constexpr std::array<Zone, 26> zones{
        {{"est", -300}, {"edt", -240}, {"cst", -360}, {"cdt", -300}, {"mst", -420}, {"mdt", -360},
         {"pst", -480}, {"pdt", -420}, {"cet", 60},   {"cest", 120}, {"eet", 120},  {"eest", 180},
         {"msk", 180},  {"мск", 180},  {"московскому", 180}, {"tsi", 180}, {"تهران", 210},
         {"مکه", 180},  {"کابل", 270}, {"北京时间", 480},    {"北京時間", 480}, {"jst", 540},
         {"hkt", 480},  {"sgt", 480},  {"mmt", 390},  {"trt", 180}}};
    std::string han;
    for (std::size_t at = 0; at < tokens.size(); ++at) {
        const auto& token = tokens[at];
        if (token.kind == Token::word) {
            han = token.text.size() == 3 && !token.text.empty() ? han + token.text : std::string();
            for (const auto& zone : zones)
                if (token.text == zone.name || han.ends_with(zone.name)) return zone.minutes;
        }
        if (at < from && token.text != "+") continue;
        if (const auto minutes = offset_at(tokens, at)) return *minutes;
    }
    return 0;
}

/// Days since 1970-01-01.
std::optional<std::int64_t> days_of(const Day& day) {
    if (!day.solar_hijri) {
        const std::chrono::year_month_day date{std::chrono::year(day.year),
                                               std::chrono::month(static_cast<unsigned>(day.month)),
                                               std::chrono::day(static_cast<unsigned>(day.day))};
        if (!date.ok()) return std::nullopt;
        return std::chrono::sys_days(date).time_since_epoch().count();
    }
    struct Close {
        void operator()(UCalendar* calendar) const { ucal_close(calendar); }
    };
    UErrorCode status = U_ZERO_ERROR;
    const std::unique_ptr<UCalendar, Close> calendar(
        ucal_open(u"Etc/UTC", -1, "fa_IR@calendar=persian", UCAL_DEFAULT, &status));
    if (U_FAILURE(status)) return std::nullopt;
    ucal_clear(calendar.get());
    ucal_setAttribute(calendar.get(), UCAL_LENIENT, false);
    ucal_set(calendar.get(), UCAL_EXTENDED_YEAR, day.year);
    ucal_set(calendar.get(), UCAL_MONTH, day.month - 1);
    ucal_set(calendar.get(), UCAL_DATE, day.day);
    const auto milliseconds = ucal_getMillis(calendar.get(), &status);
    if (U_FAILURE(status)) return std::nullopt;
    return static_cast<std::int64_t>(milliseconds) / 86'400'000;
}

/// What dates and clocks are written with: "18:05 по московскому времени".
bool is_of_date(const std::string& word) {
    static constexpr std::array<std::string_view, 41> known{
        "at",   "on",   "of",     "a",   "m",      "p",     "am",     "pm",    "time",
        "local", "utc", "gmt",    "в",   "о",      "по",    "г",      "р",     "года",
        "году", "року", "році",   "мск", "времени", "время", "московскому",    "киевскому",
        "минскому",     "به",     "وقت", "در",     "ساعت",  "تهران",  "الساعة", "بتوقيت",
        "de",   "del",  "las",    "saat", "uhr",   "um",    "à"};
    return std::find(known.begin(), known.end(), word) != known.end();
}

/// About how many words stand beside the date and its time. Chinese characters are
/// tokens of their own, two to a word; Burmese has few blanks.
std::size_t words_beside(const Tokens& tokens, const Day& day) {
    constexpr std::size_t long_word = 12;
    std::size_t words = 0;
    std::size_t han = 0;
    for (std::size_t i = 0; i < tokens.size(); ++i) {
        const auto& token = tokens[i];
        if (token.kind != Token::word || (i >= day.begin && i < day.end) || is_of_date(token.text))
            continue;
        std::size_t at = 0;
        const auto c = next_character(token.text, at);
        if (is_han(c)) ++han;
        else if (c >= 0xe00 && c < 0x10a0) words += 1 + characters_in(token.text) / long_word;
        else ++words;
    }
    return words + (han + 1) / 2;
}

/// Ends with a full stop that is not that of "2026 г." or "6:05 p.m.".
bool is_sentence(const Tokens& tokens) {
    const auto& last = tokens.back();
    if (last.kind != Token::sign || !ends_sentence(last.text)) return false;
    if (last.text != "." || tokens.size() < 2) return true;
    const auto& before = tokens[tokens.size() - 2];
    return before.text != "г" && before.text != "р" && before.text != "m";
}

}  // namespace

std::optional<Moment> parse_prose_date(std::string_view text) {
    const auto tokens = read_tokens(text);
    const auto day = find_day(tokens);
    if (!day) return std::nullopt;
    const auto days = days_of(*day);
    if (!days) return std::nullopt;
    const auto clock = find_clock(tokens, *day);
    const int zone = clock ? find_zone(tokens, clock->end) : 0;
    return Moment{*days * 86'400 + (clock ? clock->minutes : 0) * 60 - zone * 60, zone};
}

bool is_prose_date(std::string_view line) {
    constexpr std::size_t longest = 120;
    constexpr std::size_t most_words = 3;
    constexpr std::size_t whole_day = 10;   // a year alone may head a part of the text
    if (line.size() > longest) return false;
    if (line.size() >= whole_day && (parse_iso8601(line) || parse_asctime(line))) return true;
    const auto tokens = read_tokens(line);
    const auto day = find_day(tokens);
    if (!day) return false;
    const auto words = words_beside(tokens, *day);
    return words == 0 || (words <= most_words && !is_sentence(tokens));
}

}  // namespace colport
