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

    /// Was it set back since the last look? A step within the tolerance is waited out,
    /// and a clock that is set to and fro is told of once in a while.
    bool was_set_back(Wall wall = std::chrono::system_clock::now(),
                      Steady steady = std::chrono::steady_clock::now()) {
        const auto apart = wall.time_since_epoch() - steady.time_since_epoch();
        const std::lock_guard lock(mutex_);
        const bool back = apart < apart_ - tolerance;
        if (back && steady < told_ + pause) return false;
        if (back) told_ = steady;
        apart_ = apart;
        return back;
    }

    /// For so long no timer fires, which peers and trackers take for a slow line.
    static constexpr std::chrono::seconds tolerance{30};
    static constexpr std::chrono::seconds pause{120};

private:
    std::mutex mutex_;
    Steady told_ = Steady::min() + pause;
    std::chrono::nanoseconds apart_ = std::chrono::system_clock::now().time_since_epoch() -
                                      std::chrono::steady_clock::now().time_since_epoch();
};

}  // namespace colport
