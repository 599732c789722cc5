#include <fmt/format.h>

#include "cli/daemon.h"
#include "cli/run.h"
#include "cli/terminal.h"

int main(int argc, char** argv) {
    using namespace colport::cli;
    CLI::App app("Follows feeds over BitTorrent, keeps their archive and serves the reading page.",
                 "colportd");
    app.footer("Example: colportd --follow 'magnet:?xt=urn:btih:…'");
    DaemonOptions options;
    declare_daemon_options(app, options);
    int exit_code = exit_done;
    app.callback([&] {
        const auto ran = options.check_config ? check_options(options) : run_daemon(options);
        if (!ran) exit_code = report("colportd", ran.error());
        else if (options.check_config) fmt::print("the configuration is good\n");
    });
    return run(app, argc, argv, exit_code);
}
