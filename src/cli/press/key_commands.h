#pragma once

#include <CLI/CLI.hpp>

#include "cli/terminal.h"

namespace colport::cli {

/// `colport-press key …`.
void declare_key_commands(CLI::App& app, int& exit_code);

/// --passphrase-file and --passphrase-fd, and --no-passphrase where a key is made.
/// All must outlive the app.
void add_passphrase_options(CLI::App* command, PassphraseSource& source, bool* none);

}  // namespace colport::cli
