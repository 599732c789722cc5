#pragma once

#include <chrono>
#include <condition_variable>
#include <deque>
#include <mutex>
#include <optional>

namespace colport {

/// A queue between threads. What must not be lost is pushed always; what a peer
/// can send without end only while there is room.
template <class Event>
class EventQueue {
public:
    explicit EventQueue(std::size_t capacity) : capacity_(capacity) {}

    bool push_if_room(Event event) {
        {
            const std::lock_guard lock(mutex_);
            if (events_.size() >= capacity_) return false;
            events_.push_back(std::move(event));
        }
        ready_.notify_one();
        return true;
    }

    void push(Event event) {
        {
            const std::lock_guard lock(mutex_);
            events_.push_back(std::move(event));
        }
        ready_.notify_one();
    }

    /// The next event, or nothing at `deadline`.
    std::optional<Event> pop(std::chrono::steady_clock::time_point deadline) {
        std::unique_lock lock(mutex_);
        if (!ready_.wait_until(lock, deadline, [&] { return !events_.empty(); }))
            return std::nullopt;
        Event out = std::move(events_.front());
        events_.pop_front();
        return out;
    }

private:
    const std::size_t capacity_;
    std::mutex mutex_;
    std::condition_variable ready_;
    std::deque<Event> events_;
};

}  // namespace colport
