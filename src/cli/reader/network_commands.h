#pragma once

#include <CLI/CLI.hpp>

/// How the reader's command speaks of networks: status, mode, doctor, fetch,
/// export, import.
namespace colport::cli {

/// `data` is where the option --data is read into; it must outlive the app.
void declare_network_commands(CLI::App& app, const std::string& data, int& exit_code);

}  // namespace colport::cli
