#pragma once

#include <nlohmann/json.hpp>

#include "core/bytes.h"

namespace colport {

/// Of what a site gives out, which may be large. Discarded where it is no JSON; comments
/// are none. Thread-safe.
nlohmann::json read_json(Bytes text);

}  // namespace colport
