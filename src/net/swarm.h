#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "core/bytes.h"
#include "core/result.h"
#include "metainfo/mutable_item.h"
#include "net/proxy.h"

/// BitTorrent as the peer sees it: torrents whose info dictionary is already
/// verified, door swarms in which peers exchange messages (BEP 10), and signed
/// items in the DHT (BEP 44).
namespace colport {

/// How far the daemon may reach (DESIGN "Modes").
enum class Reach {
    open,     ///< the internet
    proxy,    ///< through a SOCKS5 proxy alone; no UDP
    lan,      ///< private and link-local addresses only; no DHT, no trackers
    offline,  ///< nothing but loopback is listened on and nobody is asked
};

struct SwarmSettings {
    std::vector<std::string> listen;   ///< "IP:PORT"; IPv6 in brackets; port 0: any
    Reach reach = Reach::open;
    bool dht = true;
    bool lsd = true;
    std::vector<std::string> dht_routers;  ///< "HOST:PORT"
    std::optional<Proxy> proxy;        ///< needed with Reach::proxy, unused otherwise
    bool encrypted_only = false;       ///< no peer is spoken to in the clear
    std::int64_t upload_limit = 0;     ///< bytes a second; 0: none
    std::int64_t download_limit = 0;
    std::vector<std::string> dht_nodes;    ///< "IP:PORT" known from before
};

/// When a file is wanted.
enum class Urgency : std::uint8_t { never, later, now };

struct TorrentRequest {
    std::string info;                  ///< bytes of the info dictionary, verified by the caller
    std::filesystem::path save_path;   ///< the folder that holds the torrent's folder or file
    std::vector<bool> have;            ///< by piece; empty: nothing is held
    std::vector<Urgency> files;        ///< by file, pads apart; empty: all `later`
    std::vector<std::string> trackers;
    std::vector<std::string> peers;    ///< "IP:PORT"
    bool door = false;                 ///< peers here may speak the extension
    bool quiet = false;                ///< told to no DHT and no local network
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
/// It can be asked for its pieces from now on.
struct TorrentReady {
    InfoHash torrent;
};
struct FileCompleted {
    InfoHash torrent;
    std::string name;                  ///< within the torrent's folder
};
/// `message` is empty when the tracker answered.
struct TrackerAnswered {
    InfoHash torrent;
    std::string tracker;
    std::string message;
};
struct TorrentFailed {
    InfoHash torrent;
    std::string message;
};
/// An item that a DHT node sent; its signature held, what it says is unchecked.
struct ItemFound {
    MutableItem item;
};
/// A lookup ended. `found`: some node had the item.
struct ItemLookedUp {
    PublicKey key;
    std::string salt;
    bool found = false;
};
/// An item was put; `nodes` stored it.
struct ItemPut {
    PublicKey key;
    std::string salt;
    std::uint64_t seq = 0;
    int nodes = 0;
};
/// DHT nodes known now, "IP:PORT", for the next start.
struct DhtNodes {
    std::vector<std::string> addresses;
};

struct Listening {
    std::string address;               ///< "IP:PORT" as bound
};
struct ListenFailed {
    std::string address;
    std::string message;
};

/// The wall clock went back, and the swarm would do nothing until it has caught up:
/// make another.
struct ClockTurnedBack {};

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
    std::int64_t wanted = 0;           ///< bytes of files that are wanted
    std::int64_t wanted_left = 0;      ///< of these, not yet here
    std::int64_t download_rate = 0;    ///< payload, bytes a second
    bool seeding = false;
};
/// Counters of the process.
struct SwarmStats {
    std::int64_t bytes_received = 0;
    std::int64_t bytes_sent = 0;
    std::int64_t payload_received = 0;
    std::int64_t blocks_read = 0;      ///< 16 KiB blocks read from disk, hashing included
    std::int64_t blocks_hashed = 0;    ///< of these, read in order to hash them
    std::int64_t wire_bytes = 0;       ///< both ways, with what TCP, UDP, IP and the DHT cost
    int dht_nodes = 0;
    /// Those in motion, and some of the others in turn.
    std::vector<TorrentStats> torrents;
};

using SwarmEvent = std::variant<PeerJoined, PeerLeft, PeerMessage, TorrentReady, FileCompleted,
                                TrackerAnswered, TorrentFailed, ItemFound, ItemLookedUp, ItemPut, DhtNodes,
                                Listening, ListenFailed, ClockTurnedBack, SwarmStats>;

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
    /// Tries the peer once more, however often it failed. A torrent tries by itself
    /// what it was given, but not for long.
    virtual void connect(const InfoHash& torrent, const std::string& address) = 0;
    /// Parts with all its peers, and calls nobody by itself until it is told of some.
    virtual void hang_up(const InfoHash& torrent) = 0;
    /// What is urgent comes first. By file, pads apart.
    virtual void set_urgency(const InfoHash& torrent, const std::vector<Urgency>& files) = 0;
    /// Pieces that came another way; each is checked against its hash. `bytes`
    /// are whole pieces, padding included.
    virtual void add_pieces(const InfoHash& torrent, std::size_t first, std::string bytes) = 0;

    /// Precondition: at most limits::gossip_message bytes. No effect when the
    /// peer has left.
    virtual void send(PeerNumber peer, std::string message) = 0;
    /// Disconnects the peer and refuses its address at this door for an hour.
    virtual void ban(PeerNumber peer, const std::string& reason) = 0;

    // Without a DHT nothing is found, and no node stores anything.
    /// Looks an item up in the DHT: any number of ItemFound, then one
    /// ItemLookedUp. Precondition: salt of at most 64 bytes.
    virtual void find_item(const PublicKey& key, const std::string& salt) = 0;
    /// Puts an item that anybody signed, unless the DHT has a newer one, which
    /// is then reported as ItemFound. Ends with one ItemPut.
    virtual void put_item(const MutableItem& item) = 0;
    /// Asks for one DhtNodes event.
    virtual void request_dht_nodes() = 0;

    /// Asks for one SwarmStats event; about once a second, since it looks at the clock.
    virtual void request_stats() = 0;

    /// From now on, in bytes a second; 0: none.
    virtual void set_limits(std::int64_t upload, std::int64_t download) = 0;
};

/// The swarm of libtorrent-rasterbar. Its destructor says goodbye to trackers
/// and returns within two seconds. Errors: invalid (an address), network.
Result<std::unique_ptr<Swarm>> make_libtorrent_swarm(const SwarmSettings& settings,
                                                     SwarmSink sink);

}  // namespace colport
