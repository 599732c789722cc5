#pragma once

#include <filesystem>
#include <functional>
#include <memory>
#include <string>

#include "core/bytes.h"
#include "core/result.h"
#include "net/swarm.h"
#include "peer/status.h"
#include "storage/archive.h"

/// The engine: follows feeds, joins the swarm to the archive.
///
/// One thread owns all state and the only writing database connection; it
/// drains one bounded queue of events from the swarm, the clock and the calls
/// below. The calls are thread-safe and wait for that thread.
namespace colport {

struct PeerSettings {
    std::filesystem::path data;        ///< the data directory, created when missing
    Reach reach = Reach::open;
    std::vector<std::string> peers;    ///< "IP:PORT", asked at every door
};

/// Seconds since 1970; tests bring their own.
using Clock = std::function<std::int64_t()>;
/// Makes the swarm once the engine can take its events.
using MakeSwarm = std::function<Result<std::unique_ptr<Swarm>>(SwarmSink)>;

class Peer {
public:
    /// Takes the data directory's lock, opens the archive and takes up where it
    /// left off. Errors: locked (another daemon), io, denied, unsupported, network.
    static Result<std::unique_ptr<Peer>> start(const PeerSettings& settings,
                                               const MakeSwarm& make_swarm, Clock clock);
    /// Stops the swarm and the thread. Returns within five seconds.
    ~Peer();

    /// Follows a subscription link or a feed directory (a path). Following twice
    /// adds the link's peers. Returns the feed's key. Errors: invalid, not_found,
    /// corrupt, forged.
    Result<PublicKey> follow(const std::string& link_or_directory);
    /// Forgets a feed; its files stay. Errors: not_found.
    Status unfollow(const PublicKey& feed);
    /// A second-old snapshot; does not wait.
    [[nodiscard]] PeerStatus status() const;

private:
    class Engine;
    explicit Peer(std::unique_ptr<Engine> engine);
    std::unique_ptr<Engine> engine_;
};

/// What following a link or a directory would remember, checked, with nothing
/// written. Errors: invalid, not_found, corrupt, forged.
Result<FeedRecord> record_to_follow(const std::string& link_or_directory,
                                    const std::filesystem::path& data, std::int64_t now);

/// Places in a data directory.
struct DataDirectory {
    std::filesystem::path root;
    [[nodiscard]] std::filesystem::path archive() const { return root / "archive.sqlite"; }
    [[nodiscard]] std::filesystem::path lock() const { return root / "lock"; }
    [[nodiscard]] std::filesystem::path control() const { return root / "control.sock"; }
    [[nodiscard]] std::filesystem::path feed(const PublicKey& key) const {
        return root / "feeds" / key.hex();
    }
};

}  // namespace colport
