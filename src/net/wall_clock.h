#pragma once

#include <chrono>
#include <mutex>

namespace colport {

/// The timers of Debian's libtorrent go by the wall clock. A computer without a
/// clock of its own, or with a wrong one, sets it back once it has heard the time:
/// for as long as that is, no timer fires. Any thread.
class WallClock {
public:
    using Wall = std::chrono::system_clock::time_point;
    using Steady = std::chrono::steady_clock::time_point;

    /// Was it set back since the last look? A step within the tolerance is waited out.
    bool was_set_back(Wall wall = std::chrono::system_clock::now(),
                      Steady steady = std::chrono::steady_clock::now()) {
        const auto apart = wall.time_since_epoch() - steady.time_since_epoch();
        const std::lock_guard lock(mutex_);
        const bool back = apart < apart_ - tolerance;
        apart_ = apart;
        return back;
    }

    static constexpr std::chrono::seconds tolerance{2};

private:
    std::mutex mutex_;
    std::chrono::nanoseconds apart_ = std::chrono::system_clock::now().time_since_epoch() -
                                      std::chrono::steady_clock::now().time_since_epoch();
};

}  // namespace colport
