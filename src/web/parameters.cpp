#include "web/parameters.h"

#include <fmt/format.h>
#include <unicode/utf8.h>

#include <charconv>
#include <chrono>

#include "web/language.h"
#include "web/reply.h"

namespace colport::web {
namespace {

// Nobody types more; longer ones only cost work.
constexpr std::size_t longest_text = 1000;
constexpr std::size_t most_rows = std::size_t{1} << 62;

const std::string* find(const Request& request, const char* name) {
    const auto found = request.query.find(name);
    return found == request.query.end() || found->second.empty() ? nullptr : &found->second;
}

std::optional<int> digits(std::string_view text, std::size_t at, std::size_t size) {
    if (text.size() < at + size) return std::nullopt;
    int out = 0;
    for (const char c : text.substr(at, size)) {
        if (c < '0' || c > '9') return std::nullopt;
        out = out * 10 + (c - '0');
    }
    return out;
}

bool has(std::string_view text, std::size_t at, std::string_view any_of) {
    return at < text.size() && any_of.find(text[at]) != any_of.npos;
}

/// Seconds of "2026-03-14" at its beginning in UTC.
std::optional<std::int64_t> parse_day(std::string_view text) {
    const auto year = digits(text, 0, 4), month = digits(text, 5, 2), day = digits(text, 8, 2);
    if (!year || !month || !day || text[4] != '-' || text[7] != '-') return std::nullopt;
    const std::chrono::year_month_day date{std::chrono::year{*year},
                                           std::chrono::month{static_cast<unsigned>(*month)},
                                           std::chrono::day{static_cast<unsigned>(*day)}};
    if (!date.ok()) return std::nullopt;
    return std::chrono::sys_seconds{std::chrono::sys_days{date}}.time_since_epoch().count();
}

/// Seconds east of UTC of "Z" or "+02:00".
std::optional<std::int64_t> parse_zone(std::string_view text) {
    if (text == "Z" || text == "z") return 0;
    const auto hours = digits(text, 1, 2), minutes = digits(text, 4, 2);
    if (text.size() != 6 || !has(text, 0, "+-") || text[3] != ':' || !hours || !minutes ||
        *hours > 23 || *minutes > 59)
        return std::nullopt;
    const std::int64_t seconds = *hours * 3600 + *minutes * 60;
    return text[0] == '-' ? -seconds : seconds;
}

Result<std::optional<std::int64_t>> time_parameter(const Request& request, const char* name,
                                                   bool whole_day) {
    const auto* text = find(request, name);
    if (text == nullptr) return std::optional<std::int64_t>{};
    const auto time = parse_time(*text, whole_day);
    if (!time)
        return bad_parameter(name, "not a time; write 2026-03-14 or 2026-03-14T09:30:00Z");
    return time;
}

/// A field of a form, as it would be typed.
void add_words(std::string& words, const char* filter, std::string value) {
    std::erase(value, '"');
    if (value.find_first_not_of(' ') == value.npos) return;
    words += fmt::format("{}{}:\"{}\"", words.empty() ? "" : " ", filter, value);
}

Result<Sort> sort_parameter(const Request& request) {
    const auto* text = find(request, "sort");
    if (text == nullptr || *text == "rank") return Sort::rank;
    if (*text == "date") return Sort::date;
    return bad_parameter("sort", "rank or date");
}

}  // namespace

std::optional<std::int64_t> parse_time(std::string_view text, bool whole_day) {
    const auto day = parse_day(text);
    if (!day) return std::nullopt;
    if (text.size() == 10) return *day + (whole_day ? 24 * 3600 : 0);
    const auto hour = digits(text, 11, 2), minute = digits(text, 14, 2),
               second = digits(text, 17, 2);
    if (!hour || !minute || !second || !has(text, 10, "Tt ") || text[13] != ':' ||
        text[16] != ':' || *hour > 23 || *minute > 59 || *second > 60)
        return std::nullopt;
    std::size_t end = 19;
    if (has(text, end, ".")) {
        ++end;
        if (!digits(text, end, 1)) return std::nullopt;
        while (digits(text, end, 1)) ++end;
    }
    const auto zone = parse_zone(text.substr(end));
    if (!zone) return std::nullopt;
    return *day + *hour * 3600 + *minute * 60 + *second - *zone;
}

Result<std::size_t> number_parameter(const Request& request, const char* name,
                                     std::size_t fallback, std::size_t least, std::size_t most) {
    const auto* text = find(request, name);
    if (text == nullptr) return fallback;
    std::size_t out = 0;
    const auto [end, error] = std::from_chars(text->data(), text->data() + text->size(), out);
    if (error != std::errc{} || end != text->data() + text->size() || out < least || out > most)
        return bad_parameter(name, fmt::format("a number from {} to {}", least, most));
    return out;
}

std::string typed_text(std::string_view text) {
    std::string out;
    for (std::size_t at = 0; at < text.size();) {
        const auto begin = at;
        UChar32 c = 0;
        U8_NEXT(text.data(), at, text.size(), c);
        const auto shown = c <= 0 ? std::string_view(" ") : text.substr(begin, at - begin);
        if (out.size() + shown.size() > longest_text) break;
        out += shown;
    }
    return out;
}

std::string text_parameter(const Request& request, const char* name) {
    const auto* text = find(request, name);
    return text == nullptr ? std::string{} : typed_text(*text);
}

Result<std::optional<PublicKey>> feed_parameter(const Context& context) {
    const auto typed = text_parameter(context.request, "feed");
    if (typed.empty()) return std::optional<PublicKey>{};
    auto found = find_feed(context, typed);
    if (!found) return std::move(found).error().in("parameter feed");
    return std::optional<PublicKey>{*found};
}

Result<Query> filter_parameters(const Context& context) {
    Query out;
    out.feed = COLPORT_TRY(feed_parameter(context));
    out.language = text_parameter(context.request, "language");
    out.since = COLPORT_TRY(time_parameter(context.request, "since", false));
    out.until = COLPORT_TRY(time_parameter(context.request, "until", true));
    return out;
}

Result<Query> query_parameters(const Context& context) {
    auto out = COLPORT_TRY(filter_parameters(context));
    out.words = text_parameter(context.request, "q");
    for (const char* name : {"author", "tag"})
        add_words(out.words, name, text_parameter(context.request, name));
    out.interface_language = spoken().code;
    out.sort = COLPORT_TRY(sort_parameter(context.request));
    if (!text_parameter(context.request, "before").empty())
        out.before = static_cast<std::int64_t>(
            COLPORT_TRY(number_parameter(context.request, "before", 0, 0, most_rows)));
    return out;
}

std::string escape_query(std::string_view text) {
    std::string out;
    for (const char c : text) {
        if (std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '-' || c == '_' || c == '.')
            out += c;
        else
            out += fmt::format("%{:02X}", static_cast<unsigned char>(c));
    }
    return out;
}

}  // namespace colport::web
