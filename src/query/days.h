#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

namespace colport::typed {

/// What a date names, the last day included.
struct Days {
    std::chrono::sys_days first, last;
};

/// 2026, 2026-03 or 2026-03-05, also with dots or slashes and in the digits of
/// any script; 7d 2w 3m 1y: one day, so long before `today`.
std::optional<Days> parse_days(std::u32string_view text, std::chrono::sys_days today);

/// As 2026-03-05.
std::string day_text(std::chrono::sys_days day);

}  // namespace colport::typed
