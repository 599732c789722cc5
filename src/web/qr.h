#pragma once

#include <string>
#include <string_view>

#include "core/result.h"

namespace colport::web {

/// A QR code as an SVG picture, black on white with its margin. Errors: too_large
/// (over some 2,900 bytes).
Result<std::string> qr_svg(std::string_view text);

}  // namespace colport::web
