#pragma once

#include <string>
#include <vector>

#include "core/result.h"
#include "peer/peer.h"

/// colportd: the peer and its reading page, until a signal ends it.
namespace colport::cli {

struct DaemonOptions {
    std::string data;
    std::vector<std::string> listen;
    std::string http = "127.0.0.1:8417";
    std::string page_password_file;    ///< its first line is the password; empty: none
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
};

/// Runs until SIGTERM or SIGINT; ready when it has printed the page's address.
/// Errors come before anything on disk has changed, as far as they can be known.
Status run_daemon(const DaemonOptions& options);

}  // namespace colport::cli
