#pragma once

#include <CLI/CLI.hpp>

namespace colport::cli {

/// `watch`: looks at sources on a timer and releases what is new.
void declare_watch_command(CLI::App& app, int& exit_code);

}  // namespace colport::cli
