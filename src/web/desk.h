#pragma once

#include <string>

#include "web/carrying.h"

namespace colport::web {

std::string new_token();

/// What all sites of one server share. Thread-safe.
struct Desk {
    const std::string token = new_token();  ///< that forms must carry: nobody's to guess
    Carrying carrying;
};

}  // namespace colport::web
