#pragma once

#include <CLI/CLI.hpp>
#include <string>

namespace colport::cli {

/// Makes --help fit a screen, with the rest under --help-all; for all commands.
void use_help(CLI::App& app);

/// What to try after wrong usage: a word that was likely meant, else the help.
std::string usage_hint(const CLI::App& app, const CLI::ParseError& error);

}  // namespace colport::cli
