#pragma once

#include <CLI/CLI.hpp>

namespace colport::cli {

/// `colport-press key paper` and `key restore`, below `key`.
void declare_paper_commands(CLI::App& key, int& exit_code);

}  // namespace colport::cli
