#pragma once

#include <CLI/CLI.hpp>

namespace colport::cli {

/// `colport-press add`.
void declare_add_command(CLI::App& app, int& exit_code);

}  // namespace colport::cli
