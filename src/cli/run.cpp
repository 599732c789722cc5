#include "cli/run.h"

#include <fmt/format.h>

#include <csignal>
#include <iostream>

#include "cli/terminal.h"

#ifndef COLPORT_VERSION
#error "the build names the version"
#endif

namespace colport::cli {

int run(CLI::App& app, int argc, char** argv, int& exit_code) {
    std::signal(SIGPIPE, SIG_IGN);
    app.set_version_flag("--version", app.get_name() + " " COLPORT_VERSION);
    app.get_formatter()->column_width(34);
    try {
        app.parse(argc, argv);
    } catch (const CLI::ParseError& error) {
        if (error.get_exit_code() == static_cast<int>(CLI::ExitCodes::Success))
            return app.exit(error);
        fmt::print(stderr, "{}: error: {}\nhint: {} --help\n", app.get_name(), error.what(),
                   app.get_name());
        return exit_usage;
    }
    std::cout.flush();
    if (std::fflush(stdout) != 0 && exit_code == exit_done) exit_code = exit_failed;
    return exit_code;
}

}  // namespace colport::cli
