#pragma once

#include <cstdint>
#include <memory>

#include "core/bytes.h"
#include "core/result.h"

namespace colport {

/// From a picture's own colors to sRGB, as its ICC profile tells, by Little CMS. The
/// profile is anybody's: use it where a fault in the library costs nothing. One thread.
class ColorTransform {
public:
    enum class From {
        rgb,
        inks,            ///< cyan, magenta, yellow, black: 255 is all of it
        inverted_inks,   ///< 255 is none of it, as Adobe's programs write them
    };

    /// Null where there is nothing to do: the profile is sRGB, or of grey alone.
    /// Errors: corrupt (no profile, or none of such pixels).
    static Result<std::unique_ptr<ColorTransform>> open(Bytes profile, From from);
    ~ColorTransform();
    ColorTransform(const ColorTransform&) = delete;
    ColorTransform& operator=(const ColorTransform&) = delete;

    /// 0xAARRGGBB, in place; how opaque a pixel is stays.
    void apply(std::uint32_t* pixels, std::size_t count) const;
    /// Four bytes a pixel, to 0xffRRGGBB.
    void apply(const std::uint8_t* inks, std::uint32_t* pixels, std::size_t count) const;

private:
    explicit ColorTransform(void* transform) : transform_(transform) {}
    void* transform_;
};

/// Larger ones are not looked at: those of printing presses have 3 MiB.
inline constexpr std::size_t max_color_profile = std::size_t{8} << 20;

}  // namespace colport
