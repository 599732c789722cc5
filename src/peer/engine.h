#pragma once

#include <atomic>
#include <future>
#include <map>
#include <memory>
#include <mutex>
#include <stop_token>
#include <thread>
#include <variant>

#include "feed/lock_file.h"
#include "peer/budget.h"
#include "peer/event_queue.h"
#include "peer/follow_lists.h"
#include "peer/followed_feed.h"
#include "peer/peer.h"

namespace colport {

/// Of a clock that nobody sets.
std::int64_t seconds_up();

/// The thread behind Peer, and all that it owns.
class Peer::Engine {
public:
    static Result<std::unique_ptr<Engine>> start(const PeerSettings& settings,
                                                 const MakeSwarm& make_swarm, Clock clock);
    ~Engine();

    /// Runs `work` on the engine's thread and waits for what it returns.
    template <class Value>
    Value call(std::function<Value(Engine&)> work) {
        auto promise = std::make_shared<std::promise<Value>>();
        auto answer = promise->get_future();
        post([promise, work = std::move(work), this] {
            auto value = work(*this);
            refresh_status();
            promise->set_value(std::move(value));
        });
        return answer.get();
    }
    /// Runs `work` there and does not wait.
    void post(std::function<void()> work) { queue_.push(std::move(work)); }

    [[nodiscard]] PeerStatus status() const;

    // On the engine's thread.
    Result<PublicKey> follow(const std::string& what);
    /// Followed, or about to be once its removal is through.
    [[nodiscard]] bool follows(const PublicKey& feed) const;
    /// Its articles leave bit by bit; `gone`, unless null, hears when they have.
    using Gone = std::shared_ptr<std::promise<Status>>;
    Status unfollow(const PublicKey& feed, const Gone& gone);
    Result<std::vector<PublicKey>> import(const std::filesystem::path& folder);
    /// All that can wait in the archive is done now.
    Status tidy_archive();
    Status fetch(const PublicKey& feed, std::int64_t since);
    void want_pictures(const PublicKey& feed, std::uint32_t volume, const std::string& bundle,
                       bool asked);
    Status set_mode(Reach reach, const std::optional<Proxy>& proxy);
    void look_soon();
    Status reload(const PeerSettings& settings);
    FollowLists& lists() { return *lists_; }

    [[nodiscard]] std::int64_t silent_seconds() const;

private:
    /// A swarm's events are worth nothing once another has taken its place.
    struct FromSwarm {
        unsigned generation;
        SwarmEvent event;
    };
    using Event = std::variant<FromSwarm, std::function<void()>>;

    Engine(PeerSettings settings, MakeSwarm make_swarm, Clock clock, LockFile lock,
           Archive archive);

    Status open_lists();
    Status recall_mode();
    [[nodiscard]] Reach reach() const;
    Status connect();
    void disconnect();
    /// As connect(), from the start; without a network when it errs.
    Status reconnect();
    Status join(FeedRecord record);
    Result<PublicKey> import_one(const std::filesystem::path& root);
    Status take_dht_nodes(const std::filesystem::path& root);
    Result<bool> remembers(const PublicKey& feed);

    void run(const std::stop_token& stop);
    void tick();
    /// Some of what feeds have to do, each in its turn. True when something is left.
    bool work();
    void handle(Event& event);
    /// A step of removing a feed. True when something is left.
    bool leave();
    void has_left(const PublicKey& feed);
    /// A feed that is leaving is followed once it has gone. Remembered.
    Status come_back(const FeedRecord& record);
    /// What the archive remembers of a removal that was broken off. True when there was one.
    Result<bool> recall_leaving(const PublicKey& feed);
    /// True while the engine is to run; says that it does.
    bool go_on();
    /// One step of what the archive needs, when nothing else is to be done.
    void tend_archive();
    void on(const PeerJoined& event) { for_owner(event.door, event); }
    void on(const PeerLeft& event) { for_owner(event.door, event); }
    void on(const PeerMessage& event) { for_owner(event.door, event); }
    void on(const TorrentReady& event) { for_owner(event.torrent, event); }
    void on(const FileCompleted& event) { for_owner(event.torrent, event); }
    void on(const TorrentFailed& event) { for_owner(event.torrent, event); }
    void on(const TrackerAnswered& event) { for_owner(event.torrent, event); }
    void on(const ItemFound& event);
    void on(const ItemLookedUp& event);
    void on(const ItemPut& event);
    void on(const DhtNodes& event);
    void on(const Listening& event);
    void on(const ListenFailed& event);
    void on(const ClockTurnedBack& event);
    void on(const SwarmStats& event);
    template <class Event>
    void for_owner(const InfoHash& torrent, const Event& event) {
        if (const auto owner = owners_.find(torrent); owner != owners_.end())
            owner->second->on(event);
    }
    /// The feed whose item this is; null when it is nobody's any more.
    DhtWatch* items_of(const PublicKey& key, const std::string& salt);
    /// Those of the hour.
    void limit_rates();
    /// Who may call peers, when there are many feeds.
    void take_turns();
    /// Quotas, and a disk that is full or has room again.
    void keep_room();
    /// Of feeds that are looked at in this second, or all.
    void refresh_status(bool all = true);
    /// Where there are many feeds, those at rest are looked at by turns.
    [[nodiscard]] bool is_due(std::size_t place, const FollowedFeed& feed) const;
    void add_problem(std::string problem);

    PeerSettings settings_;
    const MakeSwarm make_swarm_;
    const Clock clock_;
    EventQueue<Event> queue_;
    LockFile lock_;
    Archive archive_;
    bool archive_has_work_ = true;                ///< as far as is known
    std::optional<Budget> budget_;
    Reach wanted_reach_;
    std::optional<Proxy> proxy_;
    unsigned generation_ = 0;
    Reach connected_reach_ = Reach::offline;
    std::unique_ptr<HttpClient> http_;
    std::unique_ptr<Swarm> swarm_;
    std::optional<RateLimits> limits_;            ///< as the swarm was told
    std::optional<FollowLists> lists_;
    DiskSpace disk_;
    std::atomic<std::int64_t> alive_at_ = 0;      ///< of a clock that nobody sets
    std::atomic<bool> stopping_ = false;
    Owners owners_;
    std::map<PublicKey, std::unique_ptr<FollowedFeed>> feeds_;
    struct Leaving {
        std::vector<Gone> waiting;
        std::string comes_back;                   ///< what to follow then; empty when nothing
    };
    std::map<PublicKey, Leaving> leaving_;
    PublicKey left_;                              ///< who had the last step
    bool leave_later_ = false;                    ///< it failed: not before the next tick
    std::size_t ticks_ = 0;
    PublicKey worked_;                            ///< whose turn was the last
    std::map<PublicKey, TorrentStats> traffic_;   ///< of swarms before this one
    std::map<PublicKey, std::filesystem::path> sources_;  ///< still being taken in, likewise
    bool enter_dht_again_ = false;                ///< nodes of it were brought by hand
    SwarmStats counted_;                          ///< likewise
    SwarmStats latest_;
    std::int64_t mirror_bytes_ = 0;               ///< likewise
    std::int64_t nodes_asked_ = 0;                ///< of a clock that nobody sets
    int nodes_known_ = 0;
    mutable std::mutex status_mutex_;
    PeerStatus status_;
    std::jthread thread_;
};

}  // namespace colport
