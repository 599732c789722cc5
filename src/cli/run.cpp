#include "cli/run.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <iostream>

#include "cli/generate.h"
#include "cli/help.h"
#include "cli/terminal.h"

#ifndef COLPORT_VERSION
#error "the build names the version"
#endif

namespace colport::cli {
namespace {

/// A stream that is closed would be the number of the next file that is opened,
/// and that file would get our messages. Writing to such a stdout still fails.
void occupy_closed_streams() {
    for (const int descriptor : {0, 1, 2}) {
        if (::fcntl(descriptor, F_GETFD) >= 0 || errno != EBADF) continue;
        [[maybe_unused]] const int made =
            ::open("/dev/null", descriptor == 2 ? O_WRONLY : O_RDONLY);
    }
}

/// Whoever read our output has gone, as head(1) does: nobody to tell.
bool nobody_reads() {
    pollfd out{1, POLLOUT, 0};
    return ::poll(&out, 1, 0) == 1 && (out.revents & POLLERR) != 0;
}

bool wrote_everything() {
    const bool streams = std::cout.flush().good();
    const bool flushed = std::fflush(stdout) == 0;
    return streams && flushed && std::ferror(stdout) == 0;
}

int parse_and_run(CLI::App& app, int argc, char** argv, const int& exit_code) {
    try {
        app.parse(argc, argv);
    } catch (const CLI::ParseError& error) {
        if (error.get_exit_code() == static_cast<int>(CLI::ExitCodes::Success))
            return app.exit(error);
        say(fmt::format("{}: error: {}\nhint: {}\n", app.get_name(), one_line(error.what()),
                        one_line(usage_hint(app, error))));
        return exit_usage;
    }
    return exit_code;
}

}  // namespace

int run(CLI::App& app, int argc, char** argv, int& exit_code) {
    occupy_closed_streams();
    std::signal(SIGPIPE, SIG_IGN);
    app.set_version_flag("--version", app.get_name() + " " COLPORT_VERSION, "print the version and exit");
    use_help(app);
    if (wants_pages(argc, argv)) return write_pages(app, argv[2], argv[3]);
    int out = exit_failed;
    try {
        out = parse_and_run(app, argc, argv, exit_code);
    } catch (const std::exception& error) {
        // Printing to a stdout that fails throws too, and is reported below.
        if (std::ferror(stdout) == 0)
            return report(app.get_name(), Error{Errc::io, error.what()});
    }
    if (wrote_everything()) return out;
    if (!nobody_reads()) report(app.get_name(), Error{Errc::io, "cannot write the output"});
    return out == exit_done ? exit_failed : out;
}

}  // namespace colport::cli
