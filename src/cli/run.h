#pragma once

#include <CLI/CLI.hpp>

namespace colport::cli {

/// Parses and runs what the command line asks for: the exit code of the process.
/// Wrong usage prints one line and a hint, and is 2. No exception leaves it, and
/// output that could not be written whole is a failure.
int run(CLI::App& app, int argc, char** argv, int& exit_code);

}  // namespace colport::cli
