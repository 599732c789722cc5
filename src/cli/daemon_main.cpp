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
    app.add_option("--page-password-file", options.page_password_file,
                   "the reading page asks for the password in this file");
    app.add_option("--mode", options.mode,
                   "how far to reach: open, proxy, lan or offline (default: as colport mode set "
                   "it last, else open)")
        ->check(CLI::IsMember({"open", "proxy", "lan", "offline"}));
    app.add_option("--proxy", options.proxy, "SOCKS5 proxy, socks5://[USER:PASSWORD@]HOST:PORT");
    app.add_option("--encryption", options.encryption,
                   "preferred, or forced: no peer is spoken to in the clear")
        ->check(CLI::IsMember({"preferred", "forced"}))->capture_default_str();
    app.add_option("--peer", options.peers, "IP:PORT of a peer to ask first");
    app.add_option("--follow", options.follow, "subscription link or feed directory");
    app.add_option("--dht-router", options.dht_routers, "HOST:PORT to enter the DHT by");
    app.add_flag("--no-dht", options.no_dht, "stay out of the DHT");
    const auto size = [&](const char* name, std::int64_t& value, const char* help) {
        app.add_option(name, value, help)->transform(CLI::AsSizeValue(false));
    };
    size("--upload-limit", options.upload_limit, "bytes a second, such as 100K (0: no limit)");
    size("--download-limit", options.download_limit, "likewise");
    size("--monthly-budget", options.monthly_budget,
         "bytes a calendar month, both ways, such as 2G; spent, nothing moves (0: no limit)");
    app.add_option("--pictures", options.pictures, "fetch them never, on-open or always")
        ->check(CLI::IsMember({"never", "on-open", "always"}))->capture_default_str();
    app.add_option("--history", options.history,
                   "how far back to fetch: all, none (the newest volume), or a number of days")
        ->capture_default_str();
    app.add_option("--poll", options.poll, "seconds between looks at mirrors and the DHT")
        ->check(CLI::Range(1, 86400))->capture_default_str();
    app.add_flag("--no-lsd", options.no_lsd, "do not look for peers on the local network");
    int exit_code = exit_done;
    app.callback([&] {
        const auto ran = run_daemon(options);
        if (!ran) exit_code = report("colportd", ran.error());
    });
    return run(app, argc, argv, exit_code);
}
