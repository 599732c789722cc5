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
    std::string profile;         ///< of colors, an ICC file; empty: none
    bool muted = false;          ///< 200 for 255 and 60 for 0, which other profiles show elsewhere
};

std::string made_jpeg(const MadePicture& picture = {});
std::string made_cmyk_jpeg(const MadePicture& picture = {});
std::string made_png(const MadePicture& picture = {});
/// The second frame is black.
std::string made_gif(const MadePicture& picture = {});
std::string made_webp(const MadePicture& picture = {});

/// ICC profiles: of newer screens, of cameras set for print, and of a press whose inks
/// are each of pure color but for cyan, which is half as strong.
std::string display_p3_profile();
std::string adobe_rgb_profile();
std::string srgb_profile();
std::string press_profile();

/// An EXIF block that asks for `orientation` and tells a place.
std::string made_exif(int orientation, Bytes place);

}  // namespace colport::test
