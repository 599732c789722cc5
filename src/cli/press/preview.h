#pragma once

#include <CLI/CLI.hpp>

namespace colport::cli {

/// `preview`: the drafts in the reading page, as readers will see them.
void declare_preview_command(CLI::App& app, int& exit_code);

}  // namespace colport::cli
