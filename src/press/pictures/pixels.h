#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace colport {

/// A picture unpacked: rows from the top, 0xAARRGGBB, in the colors of `profile`.
struct Pixels {
    std::uint32_t width = 0;
    std::uint32_t height = 0;
    std::vector<std::uint32_t> argb;   ///< width * height of them
    int orientation = 1;               ///< as EXIF counts, 1 to 8; not applied yet
    bool drawn = false;                ///< by a program rather than by a camera, as its format tells
    std::string profile;               ///< an ICC profile as it was found; empty: sRGB
    bool odd_profile = false;          ///< there was one that cannot be used
};

/// What a picture may hold at most, looked at before anything is unpacked. The
/// largest one, of 4 bytes a pixel, stays below 160 MiB.
namespace picture_limits {
inline constexpr std::uint64_t pixels = 40'000'000;
inline constexpr std::uint32_t side = 20'000;
// Cameras reach 200 megapixels. A JPEG of one scan is unpacked at a fraction of
// its size.
inline constexpr std::uint64_t jpeg_pixels = 250'000'000;
// Real progressive files have about ten; each costs a pass over the picture.
inline constexpr int jpeg_scans = 64;
}  // namespace picture_limits

}  // namespace colport
