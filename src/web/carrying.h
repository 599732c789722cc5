#pragma once

#include <filesystem>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "core/result.h"
#include "feed/stick.h"

namespace colport::web {

/// A feed to be copied by hand.
struct Carried {
    std::filesystem::path directory;   ///< its feed directory
    std::string folder;                ///< name of its copy's folder
    ExportOptions options;
};

/// Copies feeds to a folder, such as a USB stick's, on a thread of its own; one
/// copy at a time. Thread-safe.
class Carrying {
public:
    Carrying() = default;
    /// Ends a copy between two files; what is there stays whole.
    ~Carrying();

    struct Progress {
        bool running = false;
        bool ended = false;                ///< a copy was made, or failed with `problem`
        std::size_t done = 0, total = 0;   ///< files, of the feed under way
        std::size_t files = 0;             ///< copied
        std::uint64_t bytes = 0;
        std::string problem;
    };
    [[nodiscard]] Progress progress() const;
    /// `folder` must be there: a stick that is not plugged in is no folder to be
    /// made. Errors: locked (a copy is under way), not_found, invalid.
    Status start(std::vector<Carried> feeds, const std::filesystem::path& folder,
                 std::int64_t now);

private:
    Status copy(const std::vector<Carried>& feeds, const std::filesystem::path& folder,
                std::int64_t now, const std::stop_token& stop);

    mutable std::mutex mutex_;
    Progress progress_;                    ///< under `mutex_`
    std::jthread thread_;                  ///< under `mutex_`, but for its end
};

}  // namespace colport::web
