#pragma once

#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <set>
#include <string>
#include <vector>

#include "net/swarm.h"

namespace colport::test {

class FakeSwarm;

/// A network without sockets: peers that know each other's address meet at the
/// doors they share, and files travel whole and at once; one DHT serves all. Calls
/// may come from any thread; events are delivered on the calling one.
class FakeNetwork {
public:
    /// A Swarm that listens on `address`, for Peer::start.
    std::unique_ptr<Swarm> make(const std::string& address, SwarmSink sink);

    bool dht = true;
    std::map<std::pair<PublicKey, std::string>, MutableItem> items;   ///< by key and salt
    /// Counts what tests ask about.
    std::size_t bans = 0;
    std::set<std::string> files_fetched;   ///< "address name"
    std::vector<std::string> fetch_order;  ///< likewise, as they came
    /// By address: as set_limits() had them last.
    std::map<std::string, std::pair<std::int64_t, std::int64_t>> limits;

    /// Empties fetch_order.
    void forget_fetches();

    /// From now on nobody hands out files of these names.
    void withhold_files(std::set<std::string> names);

    /// Changes a message on its way, or drops it by returning false.
    using Tamper = std::function<bool(const std::string& from, std::string& message)>;
    /// From now on; null: nothing is changed.
    void tamper_with(Tamper tamper);

    /// As a disk that is full would, at the peer of this address: every torrent but doors.
    void fail_torrents(const std::string& address);

    /// While it is held, whoever speaks to the network waits.
    std::unique_lock<std::recursive_mutex> keep_busy() {
        return std::unique_lock<std::recursive_mutex>(mutex_);
    }

private:
    friend class FakeSwarm;
    std::recursive_mutex mutex_;
    std::map<std::string, FakeSwarm*> swarms_;
    std::set<std::string> withheld_;
    Tamper tamper_;
    PeerNumber next_ = 1;
};

}  // namespace colport::test
