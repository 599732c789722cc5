#pragma once

#include <CLI/CLI.hpp>

namespace colport::cli {

/// drafts, retract and correct: what the next release will say.
void declare_draft_commands(CLI::App& app, int& exit_code);

}  // namespace colport::cli
