#pragma once

#include <cstdint>
#include <string>

#include "core/bytes.h"
#include "core/result.h"

namespace colport {

/// A picture without what cameras and editors write into it: EXIF, XMP, IPTC,
/// comments, thumbnails, times, and whatever follows the picture.
struct PictureFile {
    std::string media_type;      ///< image/jpeg, image/png, image/gif or image/webp
    std::string bytes;
    std::uint32_t width = 0;
    std::uint32_t height = 0;
    bool lost_rotation = false;  ///< EXIF asked viewers to turn it
};

/// Walks the container without decoding; the pixels are copied as they are.
/// Errors: unsupported (no picture known here), corrupt (broken structure).
Result<PictureFile> strip_picture(Bytes file);

}  // namespace colport
