#pragma once

#include <CLI/CLI.hpp>
#include <string>

namespace colport::cli {

/// `colport verify`: says whose articles somebody handed on, and takes nothing in.
void declare_verify_command(CLI::App& app, const std::string& data, int& exit_code);

}  // namespace colport::cli
