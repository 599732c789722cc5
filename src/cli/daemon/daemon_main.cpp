#include <fmt/format.h>
#include <malloc.h>

#include "cli/daemon/daemon.h"
#include "cli/run.h"
#include "cli/terminal.h"

namespace {

using namespace colport;
using namespace colport::cli;

/// The command line once more, with the file as it is now.
Result<DaemonOptions> parse_again(int argc, char** argv) {
    CLI::App app("", "colportd");
    DaemonOptions out;
    declare_daemon_options(app, out);
    try {
        app.parse(argc, argv);
    } catch (const CLI::ParseError& error) {
        return Error{Errc::invalid, one_line(error.what()), "the options from before still hold"};
    }
    return out;
}

}  // namespace

int main(int argc, char** argv) {
    // The C library would keep a heap for each thread, and none gives back what the
    // others could use.
    mallopt(M_ARENA_MAX, 2);
    CLI::App app("Follows feeds over BitTorrent, keeps their archive and serves the reading page.",
                 "colportd");
    app.footer("Example: colportd --follow 'magnet:?xt=urn:btih:…'");
    DaemonOptions options;
    declare_daemon_options(app, options);
    int exit_code = exit_done;
    app.callback([&] {
        const auto ran = options.check_config
                             ? check_options(options)
                             : run_daemon(options, [&] { return parse_again(argc, argv); });
        if (!ran) exit_code = report("colportd", ran.error());
        else if (options.check_config) fmt::print("the configuration is good\n");
    });
    return run(app, argc, argv, exit_code);
}
