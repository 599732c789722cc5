#include "cli/daemon.h"
#include "cli/places.h"
#include "cli/run.h"
#include "cli/terminal.h"

int main(int argc, char** argv) {
    using namespace colport::cli;
    CLI::App app("Follows feeds over BitTorrent, keeps their archive and serves the reading page.",
                 "colportd");
    app.footer("Example: colportd --follow 'magnet:?xt=urn:btih:…'");
    DaemonOptions options;
    options.data = default_data_directory();
    app.set_config("--config", "", "read options from this file; the command line wins")
        ->envname("COLPORT_CONFIG");
    app.allow_config_extras(CLI::config_extras_mode::error);
    app.add_option("--data", options.data, "data directory")->envname("COLPORT_DATA")
        ->capture_default_str();
    app.add_option("--listen", options.listen, "IP:PORT for BitTorrent (port 0: any)");
    app.add_option("--http", options.http, "IP:PORT or unix:PATH of the reading page")
        ->capture_default_str();
    app.add_option("--mode", options.mode, "how far to reach: open, lan or offline")
        ->check(CLI::IsMember({"open", "lan", "offline"}))->capture_default_str();
    app.add_option("--peer", options.peers, "IP:PORT of a peer to ask first");
    app.add_option("--follow", options.follow, "subscription link or feed directory");
    app.add_option("--dht-router", options.dht_routers, "HOST:PORT to enter the DHT by");
    app.add_flag("--no-dht", options.no_dht, "stay out of the DHT");
    app.add_flag("--no-lsd", options.no_lsd, "do not look for peers on the local network");
    int exit_code = exit_done;
    app.callback([&] {
        const auto ran = run_daemon(options);
        if (!ran) exit_code = report("colportd", ran.error());
    });
    return run(app, argc, argv, exit_code);
}
