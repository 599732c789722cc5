#pragma once

#include <algorithm>
#include <cstdint>

#include "core/limits.h"

/// When a feed gets a compression dictionary, how large, and from how much text.
namespace colport::training {

// 300 articles train nearly as good a dictionary as 3,000.
inline constexpr std::size_t enough_articles = 300;
inline constexpr std::size_t most_articles = 3000;
// Zstandard packs every sample to count what is frequent: 4 MiB a second.
inline constexpr std::size_t most_bytes = 6 * limits::mib;
// What a dictionary costs everybody once it must save in articles: a thirtieth of the
// text is near the best from 3 MB to 40, and what it is not worth growing beyond.
inline constexpr std::size_t smallest = 112'640;
inline constexpr std::size_t largest = limits::mib;
inline constexpr std::size_t text_for_a_byte = 32;
// Replacing one that is half as large as it should be makes three in a feed's life.
inline constexpr std::size_t grown_enough = 2;

/// The size of the dictionary of a feed with so much text.
inline std::size_t wanted_size(std::uint64_t text) {
    return std::clamp(static_cast<std::size_t>(text / text_for_a_byte), smallest, largest);
}

}  // namespace colport::training
