#include "peer/hour_limits.h"

#include <fmt/format.h>

#include <charconv>
#include <ctime>

#include "peer/peer.h"

namespace colport {
namespace {

constexpr std::int64_t most = std::int64_t{1} << 40;

/// Takes a number off the front of `text`. Negative: there is none.
std::int64_t take_number(std::string_view& text) {
    std::int64_t out = -1;
    const auto [stop, error] = std::from_chars(text.data(), text.data() + text.size(), out);
    if (error != std::errc() || out < 0 || out > most) return -1;
    text.remove_prefix(static_cast<std::size_t>(stop - text.data()));
    return out;
}

bool take(std::string_view& text, char c) {
    if (text.empty() || text.front() != c) return false;
    text.remove_prefix(1);
    return true;
}

std::int64_t take_size(std::string_view& text) {
    auto out = take_number(text);
    for (const auto& [letter, factor] : {std::pair{'K', 10}, {'M', 20}, {'G', 30}})
        if (out >= 0 && (take(text, letter) || take(text, static_cast<char>(letter + 32))))
            return out > (most >> factor) ? -1 : out << factor;
    return out;
}

}  // namespace

Result<HourLimits> parse_hour_limits(std::string_view text) {
    HourLimits out;
    auto rest = text;
    const auto from = take_number(rest);
    const bool dash = take(rest, '-');
    const auto to = take_number(rest);
    const bool equals = take(rest, '=');
    out.limits.upload = take_size(rest);
    const bool slash = take(rest, '/');
    out.limits.download = take_size(rest);
    const bool hours = from >= 0 && from < 24 && to >= 0 && to <= 24 && from != to;
    if (!hours || !dash || !equals || !slash || !rest.empty() || out.limits.upload < 0 ||
        out.limits.download < 0)
        return Error{Errc::invalid, fmt::format("no limits of some hours: {}", text),
                     "write FROM-TO=UPLOAD/DOWNLOAD, such as 23-7=0/2M"};
    out.from = static_cast<int>(from);
    out.to = static_cast<int>(to);
    return out;
}

RateLimits limits_at(const PeerSettings& settings, std::int64_t now) {
    const auto moment = static_cast<std::time_t>(now);
    std::tm local{};
    localtime_r(&moment, &local);
    for (const auto& hours : settings.hours)
        if (hours.covers(local.tm_hour)) return hours.limits;
    return {settings.swarm.upload_limit, settings.swarm.download_limit};
}

}  // namespace colport
