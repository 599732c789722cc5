#pragma once

#include <CLI/CLI.hpp>
#include <string>

#include "cli/terminal.h"
#include "press/signing/release.h"

namespace colport::cli {

/// `colport-press key …` and `colport-press sign`.
void declare_key_commands(CLI::App& app, int& exit_code);

/// --passphrase-file and --passphrase-fd, and --no-passphrase where a key is made.
/// All must outlive the app.
void add_passphrase_options(CLI::App* command, PassphraseSource& source, bool* none);

/// `release --prepare` and `release --finish`.
Status prepare_release(const Workshop& workshop, const ReleaseOptions& options,
                       const std::string& file, bool as_json, Progress& progress);
Status finish_release(const Workshop& workshop, const std::string& file, bool as_json);

}  // namespace colport::cli
