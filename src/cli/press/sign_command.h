#pragma once

#include <CLI/CLI.hpp>
#include <string>

#include "cli/terminal.h"
#include "press/signing/release.h"

namespace colport::cli {

/// `colport-press sign`.
void declare_sign_command(CLI::App& app, int& exit_code);

/// `release --prepare` and `release --finish`.
Status prepare_release(const Workshop& workshop, const ReleaseOptions& options,
                       const std::string& file, bool as_json, Progress& progress);
Status finish_release(const Workshop& workshop, const std::string& file, bool as_json);

}  // namespace colport::cli
