#pragma once

#include <nlohmann/json.hpp>
#include <string>

#include "feed/verify.h"

namespace colport::cli {

nlohmann::json json_of(const Verification& result);

/// Says what was found, on the terminal as `program`. True: all is well.
bool show(const char* program, const Verification& result);

}  // namespace colport::cli
