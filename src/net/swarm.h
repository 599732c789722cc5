#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <variant>
#include <vector>

#include "core/bytes.h"
#include "core/result.h"

/// BitTorrent as the peer sees it: torrents whose info dictionary is already
/// verified, and door swarms in which peers exchange messages (BEP 10).
namespace colport {

/// How far the daemon may reach (DESIGN "Modes").
enum class Reach {
    open,     ///< the internet
    lan,      ///< private and link-local addresses only; no DHT, no trackers
    offline,  ///< nothing but loopback is listened on and nobody is asked
};

struct SwarmSettings {
    std::vector<std::string> listen;   ///< "IP:PORT"; IPv6 in brackets; port 0: any
    Reach reach = Reach::open;
    bool dht = true;
    bool lsd = true;
    std::vector<std::string> dht_routers;  ///< "HOST:PORT"
};

struct TorrentRequest {
    std::string info;                  ///< bytes of the info dictionary, verified by the caller
    std::filesystem::path save_path;   ///< the folder that holds the torrent's folder or file
    std::vector<bool> have;            ///< by piece; empty: nothing is held
    std::vector<std::string> trackers;
    std::vector<std::string> web_seeds;
    std::vector<std::string> peers;    ///< "IP:PORT"
    bool door = false;                 ///< peers here may speak the extension
};

/// A connection at a door whose peer speaks the extension. Never used again.
using PeerNumber = std::uint64_t;

struct PeerJoined {
    InfoHash door;
    PeerNumber peer;
    std::string address;               ///< where it listens, "IP:PORT"
};
struct PeerLeft {
    InfoHash door;
    PeerNumber peer;
};
struct PeerMessage {
    InfoHash door;
    PeerNumber peer;
    std::string message;               ///< at most limits::gossip_message bytes
};
struct FileCompleted {
    InfoHash torrent;
    std::string name;                  ///< within the torrent's folder
};
struct TorrentFailed {
    InfoHash torrent;
    std::string message;
};
struct Listening {
    std::string address;               ///< "IP:PORT" as bound
};
struct ListenFailed {
    std::string address;
    std::string message;
};

/// Counters of one torrent since it was added, as libtorrent reports them.
struct TorrentStats {
    InfoHash torrent;
    int peers = 0;
    std::int64_t bytes_received = 0;   ///< payload and protocol
    std::int64_t bytes_sent = 0;
    std::int64_t payload_received = 0;
    std::int64_t payload_sent = 0;
    int pieces_total = 0;
    int pieces_have = 0;
    bool seeding = false;
};
/// Counters of the process.
struct SwarmStats {
    std::int64_t bytes_received = 0;
    std::int64_t bytes_sent = 0;
    std::int64_t payload_received = 0;
    std::int64_t blocks_read = 0;      ///< 16 KiB blocks read from disk, hashing included
    std::int64_t blocks_hashed = 0;    ///< of these, read in order to hash them
    std::vector<TorrentStats> torrents;
};

using SwarmEvent = std::variant<PeerJoined, PeerLeft, PeerMessage, FileCompleted, TorrentFailed,
                                Listening, ListenFailed, SwarmStats>;

/// Receives events on threads of the swarm: copy, enqueue, return. Returns false
/// when its queue is full: what a peer sent is then dropped.
using SwarmSink = std::function<bool(SwarmEvent)>;

/// Thread-safe; calls do not block on the network.
class Swarm {
public:
    virtual ~Swarm() = default;

    /// Errors: corrupt, exists.
    virtual Status add(const TorrentRequest& request) = 0;
    /// Stops serving it. Files stay.
    virtual void remove(const InfoHash& torrent) = 0;
    virtual void connect(const InfoHash& torrent, const std::string& address) = 0;

    /// Precondition: at most limits::gossip_message bytes. No effect when the
    /// peer has left.
    virtual void send(PeerNumber peer, std::string message) = 0;
    /// Disconnects the peer and refuses its address at this door for an hour.
    virtual void ban(PeerNumber peer, const std::string& reason) = 0;

    /// Asks for one SwarmStats event.
    virtual void request_stats() = 0;
};

/// The swarm of libtorrent-rasterbar. Its destructor says goodbye to trackers
/// and returns within two seconds. Errors: invalid (an address), network.
Result<std::unique_ptr<Swarm>> make_libtorrent_swarm(const SwarmSettings& settings,
                                                     SwarmSink sink);

}  // namespace colport
