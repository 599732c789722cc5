#pragma once

#include <CLI/CLI.hpp>
#include <string>

/// Options of a program from a file: one `key = value` a line, where a key is the
/// long name of an option; a key that takes several values is repeated. What is
/// asked for on the command line wins over the environment, that over the file.
namespace colport::cli {

/// Adds --config and a variable PREFIX_NAME for every option, so call it last.
/// The `usual` file is read where it exists; any other has to.
void take_config(CLI::App& app, const std::string& usual, const std::string& prefix);

/// A mistake, and what to do about it.
class UsageError : public CLI::ParseError {
public:
    UsageError(const std::string& message, std::string advice)
        : ParseError("UsageError", message, CLI::ExitCodes::ConfigError), hint(std::move(advice)) {}
    std::string hint;
};

/// Long names of what may stand in a file.
std::vector<std::string> config_keys(const CLI::App& app);

/// Commented lines of a file that changes nothing: every key with its help and
/// what holds without it.
std::string sample_config(const CLI::App& app);

}  // namespace colport::cli
