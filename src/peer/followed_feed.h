#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "feed/directory.h"
#include "feed/door.h"
#include "feed/link.h"
#include "net/swarm.h"
#include "peer/exchange.h"
#include "peer/holdings.h"
#include "peer/peer.h"
#include "storage/archive.h"

namespace colport {

/// What every feed of a peer shares. Borrowed.
struct Surroundings {
    Archive& archive;
    Swarm& swarm;
    const Clock& clock;
    const PeerSettings& settings;
};

/// One feed on its way: know a head → verify it → have the info dictionaries →
/// add the torrents with what is held → files finish → verify and import the
/// bundles → commit the head → announce. Every step looks at what is already
/// there, so it can be repeated after a kill at any point. One thread.
class FollowedFeed {
public:
    /// Errors: io, corrupt (what was remembered of it).
    static Result<std::unique_ptr<FollowedFeed>> open(Surroundings around, FeedRecord record);
    ~FollowedFeed();

    /// Joins the swarms. Errors: io.
    Status start();
    /// Leaves them.
    void stop();
    void add_link(const Link& link);

    void on_joined(const PeerJoined& event);
    void on_left(const PeerLeft& event);
    void on_message(const PeerMessage& event);
    void on_file_completed(const FileCompleted& event);
    void on_torrent_failed(const TorrentFailed& event);
    void on_stats(const SwarmStats& stats);
    void tick();

    /// Files wait to be hashed or imported. Each work() does a little of it, so
    /// that gossip and signals are never kept waiting for long.
    [[nodiscard]] bool has_work() const noexcept { return has_work_; }
    void work() { advance(); }

    [[nodiscard]] const PublicKey& key() const noexcept { return record_.feed; }
    [[nodiscard]] const std::string& name() const noexcept { return record_.name; }
    [[nodiscard]] const std::filesystem::path& directory() const noexcept {
        return record_.directory;
    }
    [[nodiscard]] bool owns(const InfoHash& torrent) const;
    [[nodiscard]] FeedStatus status() const;

private:
    /// A volume of the release that is being reached or was reached.
    struct Volume {
        SignedVolume signed_volume;
        std::optional<InfoDictionary> info;
        std::string info_bytes;
        std::size_t looked_at = 0;  ///< files of it that were looked for on disk
        bool looked_for_info = false;  ///< on disk
        bool added = false;         ///< the swarm has this release of it
        bool imported = false;      ///< every file is held and taken into the archive
    };

    FollowedFeed(Surroundings around, FeedRecord record, Holdings holdings);
    Status restore();

    // Heads and keyrings, whoever brought them.
    Status consider_keyring(const std::string& file);
    Status consider_head(const std::string& file);
    Status note_fork(const Head& other);
    void judge(PeerNumber number);
    void judge_all();

    // The way from a head to a whole release.
    void advance();
    void serve_held();
    bool have_shelf(const Head& target);
    void plan_volumes(const Head& target);
    bool have_info(Volume& volume);
    bool look_for_info(Volume& volume);
    void accept_info(Volume& volume, InfoDictionary info, std::string bytes);
    void add_to_swarm(Volume& volume);
    bool look_at_disk(Volume& volume);
    void confirm_completed();
    bool import_files(Volume& volume);
    void import_once(const Volume& volume, const VolumeFile& file);
    Status import_file(const Volume& volume, const VolumeFile& file);
    void commit(const Head& target);
    void retire_old_torrents();
    void retire(const InfoHash& torrent);

    // Conversation.
    [[nodiscard]] pb::Gossip announcement() const;
    void announce_to_all();
    void handle_announce(PeerNumber peer, const pb::Announce& announce);
    void handle_get(PeerNumber peer, const pb::Get& get);
    void handle_received(PeerNumber peer, const Exchange::Received& received);
    Status take_keyring(PeerNumber peer, const std::string& file);
    Status take_listing(const pb::Subject& subject, const std::string& bytes);
    [[nodiscard]] pb::Subject listing_subject(const Volume& volume, std::uint32_t held) const;
    void connect_door_peers(const Volume& volume);
    void knock();

    void read_directory();
    Status load_from_directory();
    void set_problem(std::string problem);
    Status save();
    [[nodiscard]] const Head* target() const;
    /// Seconds of a clock that nobody sets.
    [[nodiscard]] static std::int64_t steady_now();
    [[nodiscard]] std::uint64_t seq_of(const SignedVolume& volume) const;

    Surroundings around_;
    FeedRecord record_;
    FeedDirectory directory_;
    Door door_;
    Link link_;
    Exchange exchange_;
    Holdings holdings_;
    std::optional<Keyring> keyring_;
    std::optional<Head> head_;            ///< of the newest whole release
    std::optional<Head> pending_;         ///< of the release being fetched
    std::string shelf_file_;              ///< of target()
    pb::Shelf shelf_;
    std::map<std::uint32_t, Volume> volumes_;
    std::vector<InfoHash> torrents_;      ///< in the swarm, oldest first, without the door
    enum class Import { taken_in, refused };
    std::map<std::pair<std::uint32_t, std::string>, Import> imports_;  ///< by volume and file
    bool has_work_ = false;
    std::set<std::pair<std::uint32_t, std::string>> unconfirmed_;  ///< fetched, not yet checked
    std::map<InfoHash, InfoDictionary> served_;   ///< of torrents_, for listings
    std::string planned_;                 ///< the head that volumes_ follow
    std::optional<std::pair<std::int64_t, std::int64_t>> directory_seen_;
    std::int64_t directory_retry_ = 0;
    std::uint64_t directory_seq_ = 0;
    std::string problem_;
    TorrentStats gone_;                   ///< sum of torrents that were retired
    std::int64_t retry_at_ = 0;           ///< after a torrent failed
    std::int64_t knock_at_ = 0;
    std::int64_t knock_pause_ = 1;
    std::string announced_;               ///< the last announcement to everybody
    std::map<InfoHash, TorrentStats> stats_;
};

}  // namespace colport
