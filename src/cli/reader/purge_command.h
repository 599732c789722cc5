#pragma once

#include <CLI/CLI.hpp>
#include <string>

namespace colport::cli {

/// `colport purge`: erases a feed, or all of a data directory and with it the daemon
/// that serves it.
void declare_purge_command(CLI::App& app, const std::string& data, int& exit_code);

}  // namespace colport::cli
