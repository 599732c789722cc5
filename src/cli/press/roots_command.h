#pragma once

#include <CLI/CLI.hpp>

namespace colport::cli {

/// `colport-press key roots`, below `key`.
void declare_roots_command(CLI::App& key, int& exit_code);

}  // namespace colport::cli
