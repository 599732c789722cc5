#include "cli/daemon/daemon_options.h"

#include "cli/config_file.h"
#include "cli/option_text.h"
#include "cli/places.h"

namespace colport::cli {

void declare_daemon_options(CLI::App& app, DaemonOptions& options) {
    options.data = default_data_directory();
    const auto add = [&](const char* name, auto& value, const char* placeholder, const char* help) {
        return app.add_option(name, value, help)->option_text(placeholder)->capture_default_str();
    };
    const auto choice = [&](const char* name, std::string& value, const char* help,
                            const std::vector<std::string>& choices) {
        return app.add_option(name, value, help)->check(CLI::IsMember(choices))
            ->capture_default_str();
    };
    const auto size = [&](const char* name, std::int64_t& value, const char* help) {
        return app.add_option(name, value, help)->transform(CLI::AsSizeValue(false))
            ->check(CLI::NonNegativeNumber)->option_text("SIZE")->capture_default_str();
    };
    add("--data", options.data, "FOLDER", "data directory");
    add("--follow", options.follow, "LINK", "subscription link or feed directory");
    add("--follow-list", options.follow_lists, "FILE|URL",
        "links, one a line, to keep in step with");
    add("--listen", options.listen, "IP:PORT", "for BitTorrent; port 0: any")
        ->default_str("0.0.0.0:49737");
    add("--http", options.http, "ADDRESS", "IP:PORT or unix:PATH of the reading page");
    add("--page-password-file", options.page_password_file, "FILE",
        "the reading page asks for the password in it");
    choice("--mode", options.mode, "how far to reach; as colport mode set it last, else open",
           {"open", "proxy", "lan", "offline"})->default_str("");
    add("--proxy", options.proxy, "URL", "socks5://[USER:PASSWORD@]HOST:PORT");
    add("--proxy-password-file", options.proxy_password_file, "FILE",
        "the password of --proxy's user is the first line of it");
    choice("--pictures", options.pictures, "fetch them never, when opened, or always",
           {"never", "on-open", "always"});
    add("--history", options.history, "DAYS",
        "how far back to fetch: all, none (the newest volume), or days");
    size("--upload-limit", options.upload_limit, "bytes a second, such as 100K; 0: none");
    size("--download-limit", options.download_limit, "likewise");
    add("--limits-at", options.limits_at, "FROM-TO=UP/DOWN",
        "limits of some hours of the day instead, such as 23-7=0/2M");
    size("--monthly-budget", options.monthly_budget,
         "bytes a calendar month, both ways, such as 2G; spent, nothing moves; 0: none");
    size("--quota", options.quota,
         "bytes of volumes in all; the oldest go, never a feed's newest; 0: none");
    size("--feed-quota", options.feed_quota, "likewise, of each feed");
    size("--disk-reserve", options.disk_reserve, "free bytes at which fetching stops for a while");
    app.add_flag("--check-config", options.check_config, "say whether all options are good, and exit")
        ->configurable(false);

    choice("--encryption", options.encryption,
           "preferred, or forced: no peer is spoken to in the clear",
           {"preferred", "forced"})->group(more_group);
    choice("--log-level", options.log_level, "how much to say on standard error",
           {"error", "warning", "info", "debug"})->group(more_group);
    add("--peer", options.peers, "IP:PORT", "a peer to ask first")->group(more_group);
    add("--dht-router", options.dht_routers, "HOST:PORT", "where to enter the DHT")
        ->group(more_group);
    app.add_flag("--no-dht", options.no_dht, "stay out of the DHT")->group(more_group);
    app.add_flag("--no-lsd", options.no_lsd, "do not look for peers on the local network")
        ->group(more_group);
    add("--poll", options.poll, "SECONDS", "between looks at mirrors and the DHT")
        ->check(CLI::Range(1, 86400))->group(more_group);
    take_config(app, default_config_file("colportd.conf"), "COLPORT");
}

}  // namespace colport::cli
