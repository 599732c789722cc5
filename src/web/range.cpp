#include "web/range.h"

#include <fmt/format.h>

#include <charconv>
#include <optional>

namespace colport::web {
namespace {

struct Range {
    std::size_t begin = 0, end = 0;  ///< empty: beyond the body
};

std::string_view trimmed(std::string_view text) {
    while (text.starts_with(' ') || text.starts_with('\t')) text.remove_prefix(1);
    while (text.ends_with(' ') || text.ends_with('\t')) text.remove_suffix(1);
    return text;
}

/// Of digits alone. What is too large for a number is larger than any body.
std::optional<std::size_t> number_of(std::string_view digits) {
    std::size_t out = 0;
    const auto [end, problem] = std::from_chars(digits.begin(), digits.end(), out);
    if (digits.empty() || end != digits.end()) return std::nullopt;
    return problem == std::errc::result_out_of_range ? static_cast<std::size_t>(-1) : out;
}

std::optional<Range> range_of(std::string_view header, std::size_t size) {
    constexpr std::string_view unit = "bytes=";
    if (!header.starts_with(unit)) return std::nullopt;
    const auto asked = trimmed(header.substr(unit.size()));
    const auto dash = asked.find('-');
    if (dash == asked.npos) return std::nullopt;
    const auto first = asked.substr(0, dash), last = asked.substr(dash + 1);
    const auto from = number_of(first), to = number_of(last);
    if ((!first.empty() && !from) || (!last.empty() && !to) || (!from && !to)) return std::nullopt;
    if (!from) return Range{size - std::min(*to, size), size};
    if (to && *to < *from) return std::nullopt;
    const auto begin = std::min(*from, size);
    return Range{begin, to && *to < size ? *to + 1 : size};
}

}  // namespace

bool names_tag(std::string_view list, std::string_view tag) {
    if (trimmed(list) == "*") return true;
    while (!list.empty()) {
        const auto comma = list.find(',');
        auto one = trimmed(list.substr(0, comma));
        if (one.starts_with("W/")) one.remove_prefix(2);
        if (one == tag) return true;
        list.remove_prefix(comma == list.npos ? list.size() : comma + 1);
    }
    return false;
}

Response wanted_part(const Request& request, Response whole) {
    const auto& tag = whole.headers["ETag"];
    if (names_tag(request.if_none_match, tag)) return {304, "", "", std::move(whole.headers)};
    whole.headers["Accept-Ranges"] = "bytes";
    if (request.method != "GET" || request.range.empty()) return whole;
    // Half of something else helps nobody.
    if (!request.if_range.empty() && request.if_range != tag) return whole;
    const auto size = whole.body.size();
    const auto range = range_of(request.range, size);
    if (!range) return whole;
    if (range->begin >= range->end) {
        whole.headers["Content-Range"] = fmt::format("bytes */{}", size);
        return {416, "", "", std::move(whole.headers)};
    }
    whole.headers["Content-Range"] =
        fmt::format("bytes {}-{}/{}", range->begin, range->end - 1, size);
    whole.status = 206;
    whole.body = whole.body.substr(range->begin, range->end - range->begin);
    return whole;
}

}  // namespace colport::web
