#pragma once

#include "core/bytes.h"
#include "core/result.h"
#include "press/pictures/pixels.h"

/// The decoders, each behind one source file. Pure functions of the bytes: no
/// thread, no file, no state; run them where a fault in a library costs nothing.
/// Of an animation the first frame counts.
///
/// Errors: corrupt (not to be read as that format, or cut off), too_large
/// (picture_limits; told before the pixels are unpacked).
namespace colport {

/// `wanted` is the longest side that is needed: far larger ones are unpacked at
/// a fraction of their size.
Result<Pixels> decode_jpeg(Bytes file, std::uint32_t wanted);
Result<Pixels> decode_png(Bytes file);
Result<Pixels> decode_gif(Bytes file);
Result<Pixels> decode_webp(Bytes file);

/// Errors: too_large.
Status check_picture_size(std::uint64_t width, std::uint64_t height,
                          std::uint64_t most = picture_limits::pixels);

/// The orientation that a TIFF header and what follows it ask for; 1 if none.
int exif_orientation(Bytes tiff);

}  // namespace colport
