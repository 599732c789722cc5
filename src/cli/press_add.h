#pragma once

#include <CLI/CLI.hpp>
#include <nlohmann/json_fwd.hpp>

namespace colport::cli {

/// `colport-press add`.
void declare_add_command(CLI::App& app, int& exit_code);

/// One object on stdout. Paths and titles need not be UTF-8: what is not is
/// replaced, never thrown at.
void print_json(const nlohmann::json& value);

}  // namespace colport::cli
