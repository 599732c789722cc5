#pragma once

#include <CLI/CLI.hpp>

namespace colport::cli {

/// Declares `extract`: shows what a page yields, and changes nothing. Sets
/// `exit_code` when it runs; both outlive the parse.
void declare_extract_command(CLI::App& app, int& exit_code);

}  // namespace colport::cli
