#pragma once

#include <CLI/CLI.hpp>
#include <string>

#include "cli/terminal.h"

namespace colport::cli {

/// Runs `action` when the command is given; its error is reported in the name of
/// `program` and becomes the exit code.
template <class Action>
void on_call(CLI::App* command, const char* program, int& exit_code, Action action) {
    command->callback([program, &exit_code, action] {
        if (const auto result = action(); !result) exit_code = report(program, result.error());
    });
}

/// A command of `colport` that takes --json. `options` must outlive the app.
template <class Options>
CLI::App* add_reader_command(CLI::App& app, const char* name, const char* help, Options& options,
                             Status (*action)(const Options&), int& exit_code) {
    auto* command = app.add_subcommand(name, help);
    command->add_flag("--json", options.as_json, "print JSON");
    on_call(command, "colport", exit_code, [action, &options] { return action(options); });
    return command;
}

}  // namespace colport::cli
