#pragma once

#include <chrono>
#include <cstdint>
#include <libtorrent/fwd.hpp>
#include <map>
#include <memory>
#include <unordered_map>

#include "core/bytes.h"
#include "net/swarm.h"

/// Private to this floor: the BEP 10 extension "colport_1" (SPEC "Door").
namespace colport {

/// What a peer may send before it is cut off. The level falls by the cost of a
/// message and rises with time; below zero messages are dropped, and far below
/// the peer means harm.
class TokenBucket {
public:
    using Time = std::chrono::steady_clock::time_point;
    enum class Verdict { pass, drop, flood };

    TokenBucket(double burst, double per_second, Time now)
        : burst_(burst), per_second_(per_second), level_(burst), last_(now) {}
    Verdict take(double cost, Time now);

private:
    double burst_;
    double per_second_;
    double level_;
    Time last_;
};

class DoorPeer;

/// The peers of all doors of a swarm that speak the extension. Network thread
/// only. The plugins that it makes share its ownership.
class DoorPeers : public std::enable_shared_from_this<DoorPeers> {
public:
    explicit DoorPeers(SwarmSink sink);
    ~DoorPeers();

    std::shared_ptr<lt::torrent_plugin> open(const InfoHash& door);
    void send(PeerNumber peer, const std::string& message);
    void ban(PeerNumber peer);

private:
    friend class DoorPeer;
    SwarmSink sink_;
    PeerNumber last_number_ = 0;
    std::unordered_map<PeerNumber, DoorPeer*> peers_;
};

}  // namespace colport
