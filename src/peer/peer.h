#pragma once

#include <filesystem>
#include <functional>
#include <future>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/bytes.h"
#include "core/result.h"
#include "net/swarm.h"
#include "peer/hour_limits.h"
#include "peer/retention.h"
#include "peer/standing.h"
#include "peer/status.h"
#include "storage/archive.h"

/// The engine: follows feeds, joins the swarm to the archive.
///
/// One thread owns all state and the only writing database connection; it
/// drains one bounded queue of events from the swarm, the clock and the calls
/// below. The calls are thread-safe and wait for that thread.
namespace colport {

/// When pictures are fetched (SPEC "Volumes": they travel in bundles of their own).
enum class FetchPictures {
    never,
    on_open,  ///< with the release of the article that is opened
    always,
};

struct PeerSettings {
    std::filesystem::path data;        ///< the data directory, created when missing
    SwarmSettings swarm;               ///< its nodes of the DHT are added to by memory
    /// The mode was asked for now; else the one that was set last counts.
    bool reach_given = false;
    std::vector<std::string> peers;    ///< "IP:PORT", asked at every door
    FetchPictures pictures = FetchPictures::always;
    /// How far back volumes are fetched; 0: the newest alone; nothing: all.
    std::optional<std::int64_t> history_days;
    std::int64_t poll = 900;           ///< seconds between looks at mirrors and the DHT
    /// Seconds after which what nobody seems to have is looked for elsewhere, and what
    /// failed on the disk is tried again.
    std::int64_t patience = 30;
    std::int64_t monthly_budget = 0;   ///< bytes, both ways; 0: no limit
    std::vector<std::string> follow_lists;  ///< beside those of Peer::follow_list()
    Quota quota;
    std::uint64_t disk_reserve = 0;    ///< free bytes at which fetching stops
    /// When to limit otherwise than `swarm` says; of several, the first that covers
    /// the hour.
    std::vector<HourLimits> hours;
};

/// Makes a swarm whenever the mode changes.
using MakeSwarm =
    std::function<Result<std::unique_ptr<Swarm>>(const SwarmSettings&, SwarmSink)>;

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
    /// Follows what a list holds, in a file (an absolute path) or at a web address, and
    /// keeps in step with it; see FollowLists. Does not wait for it. Errors: invalid, io.
    Status follow_list(const std::string& source);
    /// Forgets the list; its feeds stay. Errors: not_found, io.
    Status unfollow_list(const std::string& source);
    /// Forgets a feed; its files stay. The articles of a large one may need longer to
    /// go than it waits, also beyond a restart. Errors: not_found.
    Status unfollow(const PublicKey& feed);
    /// The same to its end, and nothing of its words stays in the archive's free space:
    /// minutes for a large one. Errors: as above.
    Status erase(const PublicKey& feed);
    /// Takes in feed directories, one or a folder of them, following what is not
    /// followed yet. Records are judged before it returns; files follow, see
    /// FeedStatus::complete. Returns the feeds. Errors: not_found, forged, corrupt.
    Result<std::vector<PublicKey>> import(const std::filesystem::path& folder);
    /// Fetches volumes that changed at or after `since`, however old.
    /// Errors: not_found.
    Status fetch(const PublicKey& feed, std::int64_t since);
    /// Fetches the pictures that came with a bundle, when they are fetched on
    /// opening or were `asked` for. Does not wait.
    void want_pictures(const PublicKey& feed, std::uint32_t volume, const std::string& bundle,
                       bool asked = false);
    /// Switches while running, and remembers it. No connection of the mode before is
    /// left when it returns; a name lookup that hangs in the system may still end
    /// later. Errors: invalid (no proxy), network.
    Status set_mode(Reach reach, const std::optional<Proxy>& proxy);
    /// Takes over what can change while running: limits, peers, pictures, history,
    /// and the mode if reach_given. No peer is dropped for it, but by the mode. The
    /// rest waits for the next start. Errors: as set_mode().
    Status reload(const PeerSettings& settings);
    /// Seconds since the engine was last seen to be alive: more than some is a
    /// hang. Any thread; does not wait.
    [[nodiscard]] std::int64_t silent_seconds() const;
    /// Tries every carrier now; see the carriers of status() a few seconds later.
    void look_soon();
    /// A second-old snapshot; does not wait.
    [[nodiscard]] PeerStatus status() const;

private:
    class Engine;
    explicit Peer(std::unique_ptr<Engine> engine);
    /// Hears when it is gone.
    Result<std::future<Status>> leave(const PublicKey& feed);
    std::unique_ptr<Engine> engine_;
};

const char* name_of(Reach reach);
/// Nothing for an unknown name.
std::optional<Reach> reach_named(std::string_view name);
const char* name_of(FetchPictures pictures);
std::optional<FetchPictures> pictures_named(std::string_view name);

/// What the archive's memory calls the nodes of the DHT, as write_dht_nodes() has them.
inline constexpr const char* dht_nodes_memory = "dht nodes";

/// What the archive's memory calls a feed that was unfollowed and is not gone yet.
std::string leaving_memory(const PublicKey& feed);

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
    /// The reading page's address, as long as a daemon runs.
    [[nodiscard]] std::filesystem::path page() const { return root / "page.address"; }
    [[nodiscard]] std::filesystem::path feed(const PublicKey& key) const {
        return root / "feeds" / key.hex();
    }
};

}  // namespace colport
