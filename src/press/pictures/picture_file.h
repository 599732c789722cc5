#pragma once

#include <cstdint>
#include <string>

#include "core/bytes.h"
#include "core/result.h"

namespace colport {

/// A file as a camera wrote it; what becomes of it is far smaller.
inline constexpr std::size_t max_picture_file = std::size_t{64} << 20;

/// How large a picture may become.
struct PictureSize {
    std::uint32_t side = 1280;     ///< pixels of the longer one
    std::size_t bytes = 80'000;    ///< aimed at; a busy picture may exceed it by a little
    bool operator==(const PictureSize&) const = default;
};

/// A picture as articles carry it.
struct PictureFile {
    std::string media_type;        ///< image/webp
    std::string bytes;
    std::uint32_t width = 0;
    std::uint32_t height = 0;
    std::string warning;           ///< what was wrong with it all the same; else empty
};

/// By its first bytes alone.
bool is_webp(Bytes file);
/// As is_webp(), of all kinds that shrink_picture() reads or has a word to say about.
bool begins_as_picture(Bytes file);

/// Unpacks a JPEG, PNG, GIF or WebP file, turns it as its EXIF data asks, makes it
/// smaller where it must be, and packs the pixels anew: nothing else of the file
/// is left, so no place, time, name, camera, thumbnail or hidden part. Colors of
/// another profile, those of inks too, become sRGB; a profile that cannot be used is
/// as if it was not there, which is warned of.
/// Of an animation the first frame stays. Fully transparent pixels lose the color
/// that editors keep in them.
///
/// A pure function: the same bytes give the same picture. Errors: unsupported,
/// corrupt, too_large (picture_limits).
Result<PictureFile> shrink_picture(Bytes file, const PictureSize& size = {});

}  // namespace colport
