#pragma once

#include <string>

#include "core/result.h"

namespace colport::cli {

/// Can "IP:PORT" be listened on now? Port 0 always can. Errors: invalid, exists
/// (in use), denied.
Status probe_port(const std::string& address);

}  // namespace colport::cli
