#pragma once

#include <string>

#include "core/bytes.h"
#include "core/result.h"

namespace colport {

/// What a web server packed with zstd, in one frame or many, within the window that the
/// web may use (RFC 9659). Grows with what comes out, which `limit` bounds, whatever
/// the frames promise. Errors: corrupt, too_large.
Result<std::string> unpack_zstd(Bytes packed, std::size_t limit);

}  // namespace colport
