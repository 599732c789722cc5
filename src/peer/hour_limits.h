#pragma once

#include <cstdint>
#include <string_view>

#include "core/result.h"

/// Bandwidth by the hour of the day, where the computer stands.
namespace colport {

struct PeerSettings;

/// In bytes a second; 0: none.
struct RateLimits {
    std::int64_t upload = 0, download = 0;
    bool operator==(const RateLimits&) const = default;
};

/// From the beginning of hour `from` to the beginning of hour `to`, which may be on
/// the next day.
struct HourLimits {
    int from = 0, to = 0;
    RateLimits limits;
    [[nodiscard]] bool covers(int hour) const {
        return from < to ? from <= hour && hour < to : hour >= from || hour < to;
    }
};

/// "23-7=0/2M": upload and download in bytes, or with K, M, G behind them. Errors:
/// invalid.
Result<HourLimits> parse_hour_limits(std::string_view text);

/// Those of a moment, in seconds since 1970.
RateLimits limits_at(const PeerSettings& settings, std::int64_t now);

}  // namespace colport
