#include "peer/peer.h"

#include <fmt/format.h>

#include <future>
#include <map>
#include <mutex>
#include <thread>

#include "core/limits.h"
#include "feed/directory.h"
#include "feed/files.h"
#include "feed/link.h"
#include "feed/lock_file.h"
#include "peer/event_queue.h"
#include "peer/followed_feed.h"
#include "storage/archive.h"

namespace colport {
namespace {

using Steady = std::chrono::steady_clock;

// Messages of peers beyond these are dropped: they say it again.
constexpr std::size_t queue_capacity = 4096;

FeedRecord record_of_link(const Link& link, const std::filesystem::path& data) {
    FeedRecord out;
    out.feed = link.feed;
    out.name = link.name;
    out.directory = std::filesystem::absolute(DataDirectory{data}.feed(link.feed));
    out.link = to_string(link);
    return out;
}

Result<FeedRecord> record_of_directory(const std::string& path, std::int64_t now) {
    std::error_code error;
    if (path.empty()) return Error{Errc::invalid, "neither a subscription link nor a folder: ''"};
    auto root = std::filesystem::absolute(path, error).lexically_normal();
    if (error) return Error{Errc::invalid, fmt::format("not a folder: {}", path)};
    if (!std::filesystem::exists(root / "feed.pub", error) &&
        std::filesystem::exists(root / "public" / "feed.pub", error))
        root /= "public";
    if (!std::filesystem::exists(root, error))
        return Error{Errc::invalid,
                     fmt::format("neither a subscription link nor a folder: {}", path),
                     "a link begins with magnet:?xt=urn:btih:"};
    const auto records = COLPORT_TRY(load_records({root}, now));
    if (!records.head)
        return Error{Errc::not_found, fmt::format("{} has no head", root.string()),
                     "nothing is released there yet: run colport-press release first"};
    FeedRecord out;
    out.feed = records.feed;
    out.name = records.keyring.message().name();
    out.directory = root;
    out.in_place = true;
    if (const auto text = read_file(FeedDirectory{root}.link(), limits::link))
        if (const auto link = parse_link(*text); link && link->feed == records.feed)
            out.link = to_string(*link);
    return out;
}

const char* name_of(Reach reach) {
    switch (reach) {
        case Reach::open: return "open";
        case Reach::lan: return "lan";
        case Reach::offline: return "offline";
    }
    return "open";
}

}  // namespace

class Peer::Engine {
public:
    using Command = std::function<void(Engine&)>;
    using Event = std::variant<SwarmEvent, Command>;

    static Result<std::unique_ptr<Engine>> start(const PeerSettings& settings,
                                                 const MakeSwarm& make_swarm, Clock clock) {
        const DataDirectory data{settings.data};
        COLPORT_TRY(make_directory(settings.data, 0700));
        auto lock = COLPORT_TRY(LockFile::take(
            data.lock(), fmt::format("another colportd is using {}", settings.data.string()),
            "stop it first, or choose another folder with --data"));
        auto archive = COLPORT_TRY(Archive::open(data.archive()));
        std::unique_ptr<Engine> out(
            new Engine(settings, std::move(lock), std::move(archive), std::move(clock)));
        auto& queue = out->queue_;
        out->swarm_ = COLPORT_TRY(make_swarm([&queue](SwarmEvent event) {
            if (std::holds_alternative<PeerMessage>(event))
                return queue.push_if_room(std::move(event));
            queue.push(std::move(event));
            return true;
        }));
        for (auto& record : COLPORT_TRY(out->archive_.feeds())) {
            const auto name = record.name;
            auto joined = out->join(std::move(record));
            // One feed that cannot be taken up must not keep the others away.
            if (!joined)
                out->status_.problems.push_back(
                    fmt::format("{}: {}", name, joined.error().message));
        }
        out->refresh_status();
        out->thread_ = std::jthread([engine = out.get()](std::stop_token stop) {
            engine->run(stop);
        });
        return out;
    }

    ~Engine() {
        thread_.request_stop();
        queue_.push(Command([](Engine&) {}));
        if (thread_.joinable()) thread_.join();
        feeds_.clear();
        swarm_.reset();
    }

    /// Runs `work` on the engine's thread and waits for what it returns.
    template <class Value>
    Value call(std::function<Value(Engine&)> work) {
        auto promise = std::make_shared<std::promise<Value>>();
        auto answer = promise->get_future();
        queue_.push(Command([promise, work = std::move(work)](Engine& engine) {
            auto value = work(engine);
            engine.refresh_status();
            promise->set_value(std::move(value));
        }));
        return answer.get();
    }

    Result<PublicKey> follow(const std::string& what) {
        auto record = COLPORT_TRY(record_to_follow(what, settings_.data, clock_()));
        const auto key = record.feed;
        if (const auto known = feeds_.find(key); known != feeds_.end()) {
            if (record.in_place && known->second->directory() != record.directory)
                return Error{Errc::exists,
                             fmt::format("{} is followed already, in {}", known->second->name(),
                                         known->second->directory().string()),
                             "to follow it from another folder: colport unfollow, then follow"};
            if (!record.link.empty()) known->second->add_link(COLPORT_TRY(parse_link(record.link)));
            return key;
        }
        COLPORT_TRY(archive_.save_feed(record));
        auto joined = join(std::move(record));
        if (joined) return key;
        static_cast<void>(archive_.remove_feed(key).ok());
        return std::move(joined).error();
    }

    Status unfollow(const PublicKey& feed) {
        const auto known = feeds_.find(feed);
        if (known == feeds_.end() && !COLPORT_TRY(remembers(feed)))
            return Error{Errc::not_found, "no such feed is followed", "list them: colport feeds"};
        COLPORT_TRY(archive_.remove_feed(feed));
        if (known == feeds_.end()) return done();
        known->second->stop();
        feeds_.erase(known);
        return done();
    }

    [[nodiscard]] PeerStatus status() const {
        const std::lock_guard lock(status_mutex_);
        return status_;
    }

private:
    Engine(PeerSettings settings, LockFile lock, Archive archive, Clock clock)
        : settings_(std::move(settings)), clock_(std::move(clock)), queue_(queue_capacity),
          lock_(std::move(lock)), archive_(std::move(archive)) {
        status_.mode = name_of(settings_.reach);
        status_.started = clock_();
    }

    void run(const std::stop_token& stop) {
        auto next_tick = Steady::now();
        while (!stop.stop_requested()) {
            bool work_left = false;
            for (const auto& [key, feed] : feeds_) {
                if (feed->has_work()) feed->work();
                work_left |= feed->has_work();
            }
            const auto event = queue_.pop(work_left ? Steady::now() : next_tick);
            if (event) std::visit([&](const auto& e) { handle(e); }, *event);
            if (Steady::now() < next_tick) continue;
            next_tick = Steady::now() + std::chrono::seconds(1);
            for (const auto& [key, feed] : feeds_) feed->tick();
            swarm_->request_stats();
            refresh_status();
        }
    }

    void handle(const Command& command) { command(*this); }
    void handle(const SwarmEvent& event) {
        std::visit([&](const auto& e) { on(e); }, event);
    }
    void on(const PeerJoined& e) { for_owner(e.door, [&](auto& feed) { feed.on_joined(e); }); }
    void on(const PeerLeft& e) { for_owner(e.door, [&](auto& feed) { feed.on_left(e); }); }
    void on(const PeerMessage& e) { for_owner(e.door, [&](auto& feed) { feed.on_message(e); }); }
    void on(const FileCompleted& e) {
        for_owner(e.torrent, [&](auto& feed) { feed.on_file_completed(e); });
    }
    void on(const TorrentFailed& e) {
        for_owner(e.torrent, [&](auto& feed) { feed.on_torrent_failed(e); });
    }
    void on(const Listening& e) {
        const std::lock_guard lock(status_mutex_);
        auto& known = status_.listening;
        if (std::find(known.begin(), known.end(), e.address) == known.end())
            known.push_back(e.address);
    }
    void on(const ListenFailed& e) {
        const std::lock_guard lock(status_mutex_);
        status_.problems.push_back(fmt::format("cannot listen on {}: {}", e.address, e.message));
    }
    void on(const SwarmStats& e) {
        for (const auto& [key, feed] : feeds_) feed->on_stats(e);
        const std::lock_guard lock(status_mutex_);
        status_.bytes_received = e.bytes_received;
        status_.bytes_sent = e.bytes_sent;
        status_.payload_received = e.payload_received;
        status_.blocks_read = e.blocks_read;
        status_.blocks_hashed = e.blocks_hashed;
    }

    template <class Action>
    void for_owner(const InfoHash& torrent, Action action) {
        for (const auto& [key, feed] : feeds_)
            if (feed->owns(torrent)) return action(*feed);
    }

    Result<bool> remembers(const PublicKey& feed) {
        for (const auto& record : COLPORT_TRY(archive_.feeds()))
            if (record.feed == feed) return true;
        return false;
    }

    Status join(FeedRecord record) {
        const auto key = record.feed;
        auto feed = COLPORT_TRY(
            FollowedFeed::open({archive_, *swarm_, clock_, settings_}, std::move(record)));
        auto& stored = feeds_[key] = std::move(feed);
        auto started = stored->start();
        if (!started) feeds_.erase(key);
        return started;
    }

    void refresh_status() {
        std::vector<FeedStatus> feeds;
        for (const auto& [key, feed] : feeds_) feeds.push_back(feed->status());
        const std::lock_guard lock(status_mutex_);
        status_.feeds = std::move(feeds);
    }

    const PeerSettings settings_;
    const Clock clock_;
    EventQueue<Event> queue_;
    LockFile lock_;
    Archive archive_;
    std::unique_ptr<Swarm> swarm_;
    std::map<PublicKey, std::unique_ptr<FollowedFeed>> feeds_;
    mutable std::mutex status_mutex_;
    PeerStatus status_;
    std::jthread thread_;
};

Peer::Peer(std::unique_ptr<Engine> engine) : engine_(std::move(engine)) {}
Peer::~Peer() = default;

Result<std::unique_ptr<Peer>> Peer::start(const PeerSettings& settings,
                                          const MakeSwarm& make_swarm, Clock clock) {
    auto engine = COLPORT_TRY(Engine::start(settings, make_swarm, std::move(clock)));
    return std::unique_ptr<Peer>(new Peer(std::move(engine)));
}

Result<PublicKey> Peer::follow(const std::string& link_or_directory) {
    return engine_->call<Result<PublicKey>>(
        [link_or_directory](Engine& engine) { return engine.follow(link_or_directory); });
}

Status Peer::unfollow(const PublicKey& feed) {
    return engine_->call<Status>([feed](Engine& engine) { return engine.unfollow(feed); });
}

PeerStatus Peer::status() const { return engine_->status(); }

Result<FeedRecord> record_to_follow(const std::string& link_or_directory,
                                    const std::filesystem::path& data, std::int64_t now) {
    const auto start = link_or_directory.find_first_not_of(" \t\r\n");
    if (start != std::string::npos && link_or_directory.compare(start, 7, "magnet:") == 0)
        return record_of_link(COLPORT_TRY(parse_link(link_or_directory)), data);
    return record_of_directory(link_or_directory, now);
}

}  // namespace colport
