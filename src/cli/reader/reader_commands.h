#pragma once

#include <CLI/CLI.hpp>

/// The commands of colport.
namespace colport::cli {

/// Declares every command on `app`; the chosen one runs as a callback and sets
/// `exit_code`. Both outlive the parse.
void declare_reader_commands(CLI::App& app, int& exit_code);

}  // namespace colport::cli
