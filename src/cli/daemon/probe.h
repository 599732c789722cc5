#pragma once

#include <filesystem>
#include <string>

#include "core/result.h"

namespace colport::cli {

/// Is it IP:PORT? Errors: invalid.
Status check_address(const std::string& address);

/// Can "IP:PORT" be listened on now? Port 0 always can. Errors: invalid, exists
/// (in use), denied.
Status probe_port(const std::string& address);

/// Can a Unix socket stand there? Errors: invalid (too long), exists.
Status probe_socket(const std::filesystem::path& path);

}  // namespace colport::cli
