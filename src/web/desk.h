#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <string>

#include "web/carrying.h"
#include "web/openings.h"

namespace colport::web {

std::string new_token();

/// What all sites of one server share. Thread-safe.
struct Desk {
    const std::string token = new_token();  ///< that forms must carry: nobody's to guess
    Carrying carrying;
    Openings openings;
    /// Begins to erase all data, without waiting; set before any site answers. Empty:
    /// nobody can.
    std::function<void()> purge;
    /// When uploads were swept, in seconds since 1970.
    std::atomic<std::int64_t> swept_at = 0;
    /// From then on every address is the harmless page, and nothing else is touched.
    std::atomic<bool> closed = false;
};

}  // namespace colport::web
