#pragma once

#include <cstdint>
#include <string>

#include "core/bytes.h"

/// Picture files made by the formats' own libraries. Their left upper quarter is
/// red, the right one green, the left lower one blue, the right one white.
namespace colport::test {

struct MadePicture {
    std::uint32_t width = 48;
    std::uint32_t height = 32;
    std::string exif;            ///< a TIFF header and what follows; empty: none
    bool progressive = false;    ///< JPEG, PNG, GIF: in several passes
    bool noise = false;          ///< instead of the quarters: hard to pack
};

std::string made_jpeg(const MadePicture& picture = {});
std::string made_cmyk_jpeg(const MadePicture& picture = {});
std::string made_png(const MadePicture& picture = {});
/// The second frame is black.
std::string made_gif(const MadePicture& picture = {});
std::string made_webp(const MadePicture& picture = {});

/// An EXIF block that asks for `orientation` and tells a place.
std::string made_exif(int orientation, Bytes place);

}  // namespace colport::test
