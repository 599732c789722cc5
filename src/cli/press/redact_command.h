#pragma once

#include <CLI/CLI.hpp>

namespace colport::cli {

/// `colport-press redact`.
void declare_redact_command(CLI::App& app, int& exit_code);

}  // namespace colport::cli
