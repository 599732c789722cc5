#pragma once

#include <algorithm>
#include <catch2/catch.hpp>
#include <chrono>
#include <condition_variable>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <functional>
#include <iterator>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "net/swarm.h"
#include "support/folder.h"

/// For tests of the swarm: a real one on loopback, and folders for its files.
namespace colport::test {

using namespace std::chrono_literals;

using Clock = std::chrono::steady_clock;

inline double milliseconds_since(Clock::time_point start) {
    return std::chrono::duration<double, std::milli>(Clock::now() - start).count();
}

/// Real sockets on loopback, and what the swarm reported so far.
class Node {
public:
    explicit Node(Reach reach = Reach::open, const std::string& listen = "127.0.0.1:0")
        : Node(without_dht(reach, listen)) {}
    explicit Node(const SwarmSettings& settings) {
        auto made = make_libtorrent_swarm(settings, [this](SwarmEvent event) {
            const std::lock_guard lock(mutex_);
            events_.push_back(std::move(event));
            changed_.notify_all();
            return true;
        });
        REQUIRE(made.ok());
        swarm = std::move(made).value();
        address = wait<Listening>().address;
    }
    ~Node() { swarm.reset(); }

    /// The first event of the kind that fits and was not returned before.
    template <class Event>
    std::optional<Event> find(std::chrono::milliseconds patience,
                              const std::function<bool(const Event&)>& fits = {}) {
        std::unique_lock lock(mutex_);
        std::optional<Event> out;
        changed_.wait_for(lock, patience, [&] {
            for (auto at = events_.begin(); at != events_.end(); ++at) {
                const auto* event = std::get_if<Event>(&*at);
                if (event == nullptr || (fits && !fits(*event))) continue;
                out = *event;
                events_.erase(at);
                return true;
            }
            return false;
        });
        return out;
    }

    template <class Event>
    Event wait(const std::function<bool(const Event&)>& fits = {},
               std::chrono::milliseconds patience = 10s) {
        auto out = find<Event>(patience, fits);
        REQUIRE(out.has_value());
        return *out;
    }

    SwarmStats stats() {
        swarm->request_stats();
        return wait<SwarmStats>();
    }

    TorrentStats stats_of(const InfoHash& torrent) {
        for (const auto& one : stats().torrents)
            if (one.torrent == torrent) return one;
        FAIL("the torrent is not there");
        return {};
    }

    /// A torrent refuses connections in the milliseconds until its files are seen.
    void wait_until_seeding(const InfoHash& torrent) {
        const auto start = Clock::now();
        while (!stats_of(torrent).seeding) REQUIRE(milliseconds_since(start) < 5000);
    }

    std::unique_ptr<Swarm> swarm;
    std::string address;

private:
    static SwarmSettings without_dht(Reach reach, const std::string& listen) {
        SwarmSettings out;
        out.listen = {listen};
        out.reach = reach;
        out.dht = false;
        out.lsd = false;
        return out;
    }

    std::mutex mutex_;
    std::condition_variable changed_;
    std::vector<SwarmEvent> events_;
};

inline std::string content_of(const std::filesystem::path& file) {
    std::ifstream in(file, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
}

inline void write(const std::filesystem::path& file, const std::string& content) {
    std::filesystem::create_directories(file.parent_path());
    std::ofstream(file, std::ios::binary) << content;
}

inline const PublicKey test_feed = *PublicKey::from(std::string(32, 'k'));

}  // namespace colport::test
