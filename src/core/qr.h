#pragma once

#include <string>
#include <string_view>

#include "core/result.h"

/// Text as QR codes (ISO/IEC 18004).
namespace colport {

/// An SVG picture, black on white with its margin. Errors: too_large (over some 2,300
/// bytes).
Result<std::string> qr_svg(std::string_view text);

/// For a terminal that shows Unicode's blocks, dark on light whatever its colours:
/// two rows of the code a line. Errors: as above.
Result<std::string> qr_terminal(std::string_view text);

}  // namespace colport
