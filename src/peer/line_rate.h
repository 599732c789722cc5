#pragma once

#include <algorithm>
#include <chrono>
#include <cstdint>

namespace colport {

/// How fast bytes arrive, over the last second or so. libtorrent's own figures take
/// five seconds to follow, and volumes come and go faster.
class LineRate {
public:
    using Clock = std::chrono::steady_clock;

    /// `total`: since some beginning.
    void count(std::int64_t total, Clock::time_point now = Clock::now()) {
        const std::chrono::duration<double> time = now - at_;
        if (time < shortest) return;
        if (at_ != Clock::time_point())
            bytes_a_second_ =
                static_cast<double>(std::max<std::int64_t>(0, total - total_)) / time.count();
        total_ = total;
        at_ = now;
    }

    [[nodiscard]] std::uint64_t bytes_a_second() const {
        return static_cast<std::uint64_t>(bytes_a_second_);
    }

private:
    static constexpr std::chrono::milliseconds shortest{500};
    Clock::time_point at_;
    std::int64_t total_ = 0;
    double bytes_a_second_ = 0;
};

}  // namespace colport
