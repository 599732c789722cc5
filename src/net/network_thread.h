#pragma once

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <functional>
#include <future>
#include <libtorrent/io_context.hpp>
#include <libtorrent/session.hpp>
#include <memory>
#include <mutex>
#include <thread>

#include "net/swarm.h"

/// Private to this floor: how events leave the swarm and work enters it.
namespace colport {

/// Hands events on until it is closed; afterwards nothing reaches the owner.
class Gate {
public:
    explicit Gate(SwarmSink sink) : sink_(std::move(sink)) {}

    bool pass(SwarmEvent event) {
        const std::lock_guard lock(mutex_);
        return !sink_ || sink_(std::move(event));
    }
    void close() {
        const std::lock_guard lock(mutex_);
        sink_ = nullptr;
    }

private:
    std::mutex mutex_;
    SwarmSink sink_;
};

/// The network thread and what must outlive it. libtorrent runs on our
/// io_context, so that a message leaves when it is posted, not at the next tick.
class NetworkThread {
public:
    NetworkThread() : guard_(boost::asio::make_work_guard(context_)) {}

    lt::io_context& context() { return context_; }
    void post(std::function<void()> work) { boost::asio::post(context_, std::move(work)); }
    /// Has all timers looked at: a loop that saw them far away, while the wall clock was
    /// elsewhere, sleeps on for minutes when it is back.
    void look_at_timers() {
        post([this] {
            alarm_.expires_after(std::chrono::seconds(0));
            alarm_.async_wait([](const auto&) {});
        });
    }

    /// The thread shares ownership: one that hangs in a name lookup at the end
    /// is left behind with all that it uses.
    static std::future<void> start(const std::shared_ptr<NetworkThread>& self) {
        std::promise<void> ended;
        auto out = ended.get_future();
        std::thread([self = self, ended = std::move(ended)]() mutable {
            self->context_.run();
            self->last_of_session_ = {};
            self.reset();
            ended.set_value();
        }).detach();
        return out;
    }

    void end(lt::session_proxy last_of_session) {
        last_of_session_ = std::move(last_of_session);
        guard_.reset();
    }

private:
    lt::io_context context_{1};
    boost::asio::steady_timer alarm_{context_};
    boost::asio::executor_work_guard<lt::io_context::executor_type> guard_;
    lt::session_proxy last_of_session_;
};

}  // namespace colport
