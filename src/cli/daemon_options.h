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
    std::string mode;                  ///< empty: as set last, else open
    std::string proxy;
    std::string encryption = "preferred";
    std::string pictures = "always";
    std::string history = "all";
    std::int64_t upload_limit = 0;     ///< bytes a second
    std::int64_t download_limit = 0;
    std::int64_t monthly_budget = 0;   ///< bytes
    std::int64_t poll = 900;           ///< seconds
    std::vector<std::string> peers;
    std::vector<std::string> follow;
    std::vector<std::string> dht_routers;
    bool no_dht = false;
    bool no_lsd = false;
    bool check_config = false;
};

/// The one table of what colportd takes: flag, key of the file, variable and help.
void declare_daemon_options(CLI::App& app, DaemonOptions& options);

}  // namespace colport::cli
