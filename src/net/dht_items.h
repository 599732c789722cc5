#pragma once

#include <atomic>
#include <chrono>
#include <libtorrent/fwd.hpp>
#include <list>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "net/network_thread.h"
#include "net/swarm.h"

/// Private to this floor: mutable items in the DHT, and its nodes.
namespace colport {

/// The lookups and puts of a session, in the order in which they were asked for.
///
/// libtorrent reports what became of them by key and salt alone, and forgets
/// some: so one of a kind runs at a time for each item, and each has a deadline.
class DhtItems {
public:
    /// Borrows `session`.
    DhtItems(lt::session& session, std::shared_ptr<Gate> gate, const SwarmSettings& settings);

    // Any thread. The owner sees to it that work() is called soon.
    void find(const PublicKey& key, const std::string& salt);
    /// Ends at once where the item is not one that DHT nodes would store.
    void put(const MutableItem& item);
    void request_nodes();

    // One thread, that of the alerts.
    /// Returns false when the alert is not of the DHT alone.
    bool handle(const lt::alert& alert);
    /// Starts what can start and ends what took too long. Returns whether it is
    /// to be called again within a second.
    bool work();

private:
    using Clock = std::chrono::steady_clock;

    struct Task {
        bool put = false;
        MutableItem item;                             ///< of a lookup key and salt alone
        std::optional<Clock::time_point> deadline{};  ///< once it runs
        std::vector<Signature> reported{};            ///< items that a lookup found
        /// Whether a put met a newer item; set on the network thread.
        std::shared_ptr<std::atomic<bool>> outdone = std::make_shared<std::atomic<bool>>(false);
    };
    using Tasks = std::list<Task>;

    void enter();
    void ask(Task task);
    Tasks::iterator running(bool put, Bytes key, Bytes salt);
    void start(Task& task);
    /// `nodes`: that stored the item, if it was a put.
    Tasks::iterator end(Tasks::iterator task, int nodes);
    void on_item(const lt::dht_mutable_item_alert& alert);
    void on_put(const lt::dht_put_alert& alert);
    [[nodiscard]] DhtNodes nodes() const;

    lt::session& session_;
    const std::shared_ptr<Gate> gate_;
    const bool on_;
    const bool private_;                        ///< DHT of this machine
    const std::vector<std::string> nodes_before_;

    std::mutex asked_mutex_;
    Tasks asked_;
    bool nodes_asked_ = false;

    // Of the alert thread.
    bool entered_ = false;
    Tasks tasks_;
    std::optional<Clock::time_point> begin_;    ///< nothing is started before, nor after it
};

}  // namespace colport
