#pragma once

#include <CLI/CLI.hpp>
#include <cstdint>
#include <string>
#include <vector>

namespace colport::cli {

struct DaemonOptions {
    std::string data;
    std::vector<std::string> listen;
    std::string http = "127.0.0.1:8417";
    std::string page_password_file;    ///< its first line is the password; empty: none
    std::string mode;                  ///< empty: as set last, else open
    std::string proxy;
    std::string proxy_password_file;   ///< likewise of the proxy
    std::string encryption = "preferred";
    std::string pictures = "always";
    std::string history = "all";
    std::int64_t upload_limit = 0;     ///< bytes a second
    std::int64_t download_limit = 0;
    std::int64_t monthly_budget = 0;   ///< bytes
    std::int64_t quota = 0, feed_quota = 0;      ///< bytes of volumes
    std::int64_t disk_reserve = 100 << 20;       ///< bytes
    std::vector<std::string> limits_at;  ///< "23-7=0/2M"
    std::int64_t poll = 900;           ///< seconds
    std::vector<std::string> peers;
    std::vector<std::string> follow;
    std::vector<std::string> follow_lists;
    std::vector<std::string> dht_routers;
    std::string log_level = "info";
    bool no_dht = false;
    bool no_lsd = false;
    bool check_config = false;
};

/// The one table of what colportd takes: flag, key of the file, variable and help.
void declare_daemon_options(CLI::App& app, DaemonOptions& options);

}  // namespace colport::cli
