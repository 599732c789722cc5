#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "core/result.h"

/// Feeds carried by hand.
namespace colport::cli {

struct CarryOptions {
    std::string feed;            ///< name or beginning of its key; empty: all
    std::string since;           ///< a day; empty: everything
    std::string article;         ///< of the bundle that is carried alone; empty: all
    bool with_peers = false;     ///< other readers' addresses too
};

struct CarryReport {
    std::size_t feeds = 0, files = 0, missing = 0;
    std::uint64_t bytes = 0;
};

/// Copies feeds of the data directory to `place`: a folder with one folder a
/// feed, or, when it ends in .tar, one file. Runs beside a daemon or without.
/// Errors: not_found, invalid, io.
Result<CarryReport> export_feeds(const std::string& data, const std::string& place,
                                 const CarryOptions& options);

/// Takes in feed directories, or such a file, by the daemon or without one, and
/// waits until all is taken in. Returns the feeds' status. Errors: those of
/// Peer::import and unpack().
Result<std::vector<nlohmann::json>> import_feeds(const std::string& data,
                                                 const std::string& place);

}  // namespace colport::cli
