#pragma once

#include <array>
#include <cstddef>

namespace colport::typed {

inline constexpr std::size_t key_count = 47;   ///< those that write something
inline constexpr std::size_t key_levels = 2;   ///< alone, and with Shift
inline constexpr std::size_t layout_count = 8;

/// What the keys of a keyboard write, in one order for all keyboards: first by
/// key, then by level. 0 is nothing, or no character of its own.
struct Layout {
    const char* name;  ///< as X names it: "us"
    std::array<char32_t, key_count * key_levels> characters;
};

/// Made by make_keyboards when the program is built.
extern const std::array<Layout, layout_count> layouts;

}  // namespace colport::typed
