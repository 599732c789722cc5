#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "core/result.h"

namespace colport {

/// A source that is looked at again and again.
struct WatchedSource {
    std::string source;          ///< an address, or the absolute path of a file or folder
    bool full_text = false;      ///< each item's own page instead of a feed's teaser
    std::string problem;         ///< why the last look failed; empty: it did not
    unsigned failures = 0;       ///< in a row
    std::int64_t due = 0;        ///< not to be looked at before, seconds since 1970
    std::vector<std::string> hosts;   ///< whose pages and pictures are fetched beside its own
};

/// The sources of a newsroom, in private/watch.json, so that a restart or a timer
/// goes on where the last run was.
class WatchList {
public:
    /// An absent file is an empty list. Errors: corrupt, io.
    static Result<WatchList> load(const std::filesystem::path& path);
    /// Errors: io, denied.
    Status save(const std::filesystem::path& path) const;

    /// Loads it, changes it and saves it while no other process does. An error of
    /// `change` leaves the file as it is. Errors: locked, and those of all three.
    static Status update(const std::filesystem::path& path,
                         const std::function<Status(WatchList&)>& change);

    /// Errors: exists, invalid (neither an address nor a file).
    Status add(const std::string& source, bool full_text, const std::vector<std::string>& hosts = {});
    /// Errors: not_found.
    Status remove(const std::string& source);

    std::vector<WatchedSource> sources;
};

/// A time further off than next_look() ever says is of a clock that was ahead.
bool is_due(const WatchedSource& source, std::int64_t now, std::int64_t every);

/// When to look again: `every` seconds on, give or take a quarter so that a server
/// sees no clock, and up to eight times that after failures in a row. `chance` is
/// evenly drawn from 0 to 1.
std::int64_t next_look(std::int64_t now, std::int64_t every, unsigned failures, double chance);

}  // namespace colport
