#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <unordered_map>
#include <vector>

#include "feed/directory.h"
#include "feed/door.h"
#include "feed/link.h"
#include "net/swarm.h"
#include "peer/dht_watch.h"
#include "peer/disk_space.h"
#include "peer/exchange.h"
#include "peer/holdings.h"
#include "peer/line_rate.h"
#include "peer/mirrors.h"
#include "peer/peer.h"
#include "peer/standing.h"
#include "peer/turns.h"
#include "peer/volume.h"
#include "storage/archive.h"

namespace colport {

class FollowedFeed;

/// Which feed put a torrent into the swarm.
using Owners = std::unordered_map<InfoHash, FollowedFeed*, FixedBytesHash>;

/// What every feed of a peer shares. Borrowed.
struct Surroundings {
    Archive& archive;
    Swarm& swarm;
    HttpClient& http;
    const Clock& clock;
    const PeerSettings& settings;
    Reach reach;
    Mirrors::Post post;
    const DiskSpace& disk;
    Owners& owners;
    std::function<bool()> go_on;   ///< false when all ends; ask it in what takes seconds
};

/// One feed on its way: know a head → verify it → have the info dictionaries →
/// add the torrents with what is held → files finish → verify and import the
/// bundles → commit the head → announce. Every step looks at what is already
/// there, so it can be repeated after a kill at any point. One thread.
class FollowedFeed final : private Inbox {
public:
    /// Errors: io, corrupt (what was remembered of it).
    static Result<std::unique_ptr<FollowedFeed>> open(Surroundings around, FeedRecord record);
    ~FollowedFeed() override;

    /// Joins the swarms; without a turn it calls nobody. Errors: io.
    Status start(bool has_turn);
    /// Leaves them.
    void stop();
    void add_link(const Link& link);
    /// Takes in what a feed directory elsewhere holds, a little at each work().
    /// Errors: those of the records in it; older ones are none.
    Status take_directory(const std::filesystem::path& root);
    /// What take_directory() is not through with.
    [[nodiscard]] const std::optional<FeedDirectory>& source() const noexcept { return source_; }
    /// Volumes that changed at or after this time are wanted from now on.
    Status want_since(std::int64_t time);
    /// The pictures that came with a bundle are wanted.
    void want_pictures(std::uint32_t volume, const std::string& bundle);
    /// Tries every carrier now.
    void look_soon();
    /// What turns::next() wants to know, and what it decides.
    [[nodiscard]] turns::DoorState door_state() const;
    /// Nothing is to be done for it but to hear what others say.
    [[nodiscard]] bool is_at_rest() const { return !has_work_ && !lacks_something(); }
    void begin_turn();
    void end_turn();
    /// Looks again at what is wanted.
    void settings_changed();
    /// What its volumes take or would take; nothing of a directory that is somebody else's.
    void add_sizes(std::vector<VolumeSize>& sizes) const;
    /// Volumes before this one go, from the archive and from the disk, and are fetched
    /// no more. Remembered.
    void keep_from(std::uint32_t number);

    void on(const PeerJoined& event);
    void on(const PeerLeft& event);
    void on(const PeerMessage& event);
    void on(const TorrentReady& event);
    void on(const FileCompleted& event);
    void on(const TorrentFailed& event);
    void on(const TrackerAnswered& event);
    void on(const TorrentStats& stats) { stats_[stats.torrent] = stats; }
    DhtWatch& dht() { return dht_; }
    void tick();

    /// Files wait to be hashed or imported. Each work() does a little of it, so
    /// that gossip and signals are never kept waiting for long.
    [[nodiscard]] bool has_work() const noexcept { return has_work_; }
    void work() { advance(); }

    [[nodiscard]] const PublicKey& key() const noexcept { return standing_.feed(); }
    [[nodiscard]] const std::string& name() const noexcept { return standing_.record().name; }
    [[nodiscard]] const std::filesystem::path& directory() const noexcept {
        return standing_.record().directory;
    }
    [[nodiscard]] bool in_place() const noexcept { return standing_.record().in_place; }
    [[nodiscard]] FeedStatus status() const;
    /// Traffic of torrents so far, and what there was before this object.
    [[nodiscard]] TorrentStats traffic() const;
    void add_traffic(const TorrentStats& before);
    [[nodiscard]] std::int64_t mirror_bytes() const { return mirrors_.bytes_received(); }

private:
    using FileKey = std::pair<std::uint32_t, std::string>;   ///< volume and name

    FollowedFeed(Surroundings around, Standing standing, Holdings holdings);

    // What carriers bring.
    Status take_keyring(const std::string& file) override;
    Status take_head(const std::string& file) override;
    void wake() override { advance(); }
    /// Another release is the newest one.
    void expect_release();

    // The way from a head to a whole release.
    void advance();
    [[nodiscard]] const Release* aim() const;
    /// Do its lists say what the feed holds: is it the newest, by a key that may sign?
    [[nodiscard]] bool governs(const Release& release) const;
    /// Nobody seems to have the pending release: the one in reserve has its turn.
    [[nodiscard]] bool waits_in_vain() const;
    /// The one in reserve. Null where something was made anew after it, by a list of the
    /// newest release: what vanished would come back by its lists.
    [[nodiscard]] const Release* reserve() const;
    [[nodiscard]] bool predates_redaction(const Release& release) const;
    /// The same while the feed is forked and nothing is whole here: older than either side.
    [[nodiscard]] const Release* before_fork() const;
    /// Gives the turn to the one in reserve, or back to the pending one, where nothing comes.
    void change_turns();
    /// Something came of this volume.
    void note_progress(std::uint32_t volume);
    [[nodiscard]] bool is_listed(const Release& release) const;
    /// Does a peer at the door say that it has this release or a later one?
    [[nodiscard]] bool is_at_door(std::uint64_t seq) const;
    /// There is nothing better to aim at than a release before the newest, or one by a key
    /// that was revoked since. It is served as far as it is here; nothing is asked for by
    /// its lists, or what vanished since would come back.
    [[nodiscard]] bool is_stale() const;
    /// Not to a full disk, not of a stale release, and not while the feed is forked, but for
    /// one from before that: then what is held is served.
    [[nodiscard]] bool may_fetch() const;
    /// Is something of the volume on the disk or in the archive, in whatever state?
    [[nodiscard]] bool is_here(const Volume& volume) const;
    /// Or asks for it no more, when it is here.
    void fetch_shelf(const Release& release);
    void take_shelf_of_source();
    void plan_volumes(const Release& release);
    void advance_volume(Volume& volume, const Release& release, bool room);
    bool look_for_info(Volume& volume);
    void fetch_info(Volume& volume);
    void accept_info(Volume& volume, InfoDictionary info, std::string bytes);
    /// On disk, while an older release is planned for.
    [[nodiscard]] bool has_newest_list(std::uint32_t volume) const;
    bool look_at_disk(Volume& volume);
    /// A dictionary that another volume carries too need not travel again.
    [[nodiscard]] bool may_be_copied(std::uint32_t volume, const VolumeFile& file) const;
    void copy_twin(std::uint32_t volume, const VolumeFile& file);
    void add_to_swarm(Volume& volume);
    void see_what_is_missing(Volume& volume);
    void confirm_completed();
    void import_files(Volume& volume);
    /// In the archive: which bundles the head that is planned for lists.
    void note_listing(Volume& volume);
    /// Who signed the head that is planned for.
    [[nodiscard]] PublicKey lister() const;
    bool is_settled(const Volume& volume, const VolumeFile& file);
    void import_once(const Volume& volume, const VolumeFile& file);
    Status import_file(const Volume& volume, const VolumeFile& file);
    void commit(const Release& release);
    /// What a thief may have published goes, and what he may have put something of his in
    /// the place of comes back: a step of it, of the first of these. True when all are gone.
    Result<bool> drop_files(std::uint32_t volume, const std::vector<std::string>& names);
    /// Likewise of volumes that the newest release does not know; after a thief, also folders
    /// of which nothing is known.
    Result<bool> drop_volumes_after(std::uint32_t newest);
    /// Its files and what is known of them; its bundles are out of the archive.
    Status forget_volume(std::uint32_t number);
    /// Sees to what is here of a volume that it does not list: serves it no longer, drops
    /// what may be a thief's, and notes the rest.
    Status find_unlisted(Volume& volume, const Release& release);
    /// Which release last made a file anew that this one lists, of a key that may sign.
    /// Remembered before anything goes. Who has the key gains no more by it than by signing
    /// the newest release: it keeps off older ones alone, and as long as the key counts.
    Status note_redaction(const InfoDictionary& info, const Head& head);
    /// Bundles and held files that `info` does not list with these bytes, in the order in
    /// which they may go.
    [[nodiscard]] Result<std::vector<std::string>> unlisted(const InfoDictionary& info) const;
    /// When a file was first seen to be listed no more. Remembered.
    Result<std::int64_t> unlisted_since(std::uint32_t volume, const std::string& name);
    /// Numbers that are remembered by names of this feed that begin so; `visit` gets the rest
    /// of a name, and its number.
    Status recall_numbers(std::string_view begin,
                          const std::function<void(std::string_view, std::uint64_t)>& visit) const;
    Status recall_unlisted();
    Status recall_redactions();
    /// Of a volume: when those of these names were first seen to be listed no more.
    void forget_unlisted(std::uint32_t volume,
                         const std::function<bool(const std::string&)>& is_one);
    /// They go, from the archive and from the disk: a step of it.
    void remove_unlisted_files(Volume& volume);
    /// The same for what has been listed no more for too long, whatever is planned: the
    /// list that took it away may be out of reach by now.
    void remove_overdue();
    /// A step of it, of the first that the disk lets go.
    void remove_one_of(const std::vector<FileKey>& files);
    /// The disk refused something of a file a moment ago.
    [[nodiscard]] bool is_stuck(const FileKey& file) const;
    void note_stuck(const FileKey& file);
    /// A step of it. True when it is gone. Errors: io, locked.
    Result<bool> remove_file(std::uint32_t volume, const std::string& name,
                             Archive::Beneath beneath);
    /// Articles and pictures that a bundle which goes stood in the place of are looked for.
    Status import_again();
    /// Which bundles the archive has taken in is asked anew.
    void look_for_imports();
    [[nodiscard]] bool is_overdue(std::int64_t since) const;
    /// Should a file stay until the one that takes its place is here?
    [[nodiscard]] static bool has_predecessor(const Volume& volume, const std::string& name);
    [[nodiscard]] bool waits_for_successor(const Volume& volume, const std::string& name) const;
    void tell_of_doubt();
    Status recall_retention();
    /// A step of it. True when it is gone.
    bool drop(Volume& volume);
    void retire_old_torrents();
    void retire(const InfoHash& torrent);
    void retire_where(const std::function<bool(const InfoDictionary&)>& goes);
    /// Its events are nobody's from now on.
    void disown_all();
    [[nodiscard]] bool is_wanted(const Volume& volume) const;
    /// Or is some of it here, so that the rest comes as well?
    [[nodiscard]] bool is_kept(const Volume& volume) const;
    [[nodiscard]] bool is_wanted(std::uint32_t volume, const VolumeFile& file) const;
    [[nodiscard]] IsWanted wanted_files() const;

    // Conversation at the door.
    [[nodiscard]] bool serves(const InfoHash& torrent) const;
    /// What others may be told of, the newest first.
    [[nodiscard]] std::vector<const Release*> to_tell() const;
    /// Null when it is not served here.
    [[nodiscard]] const InfoDictionary* served_list(const pb::Subject& subject) const;
    [[nodiscard]] pb::Gossip announcement() const;
    void add_listing(pb::Announce& announce, const Exchange::DoorPeer& peer) const;
    using IsPeer = std::function<bool(const Exchange::DoorPeer&, const std::string& what)>;
    void announce_to(const IsPeer& goes);
    /// To whom something else was said last.
    void announce_to_all();
    void announce_again();
    void judge(PeerNumber number);
    void judge_all();
    void remember(const std::string& address);
    void handle_announce(PeerNumber peer, const pb::Announce& announce);
    void handle_get(PeerNumber peer, const pb::Get& get);
    void handle_received(PeerNumber peer, const Exchange::Received& received);
    Status take_asked_keyring(const Exchange::Received& received);
    Status take_asked_listing(const Exchange::Received& received);
    /// Is it known what becomes of the keyring of this hash?
    [[nodiscard]] bool is_judged(const std::string& keyring_sha256) const;
    /// Is it a true one but not ours, so that what its holders believe may look forged?
    [[nodiscard]] bool goes_by_another(const std::string& keyring_sha256) const;
    Status take_listing(const pb::Listing& listing);
    [[nodiscard]] pb::Subject listing_subject(const Volume& volume, std::uint32_t held) const;
    /// Connects a few of the peers that have the volume, if it misses something.
    void call_holders(Volume& volume);
    /// At peers that are not at the door.
    void knock();
    /// By the link and the command line.
    [[nodiscard]] std::vector<std::string> named_peers() const;
    /// Whom to call now: all that are named, and of those remembered the next few,
    /// where nobody is at the door or only who came by himself.
    [[nodiscard]] std::vector<std::string> absent_peers() const;
    /// Of the peers remembered. Where doors take turns each has few connections.
    [[nodiscard]] std::size_t called_at_once() const;

    // Mirrors, and directories elsewhere.
    void fetch_files();
    [[nodiscard]] bool needs_help(const Volume& volume) const;
    void fetch_from_mirror(const Volume& volume);
    Status take_part(std::uint32_t number, const VolumeFile& file, std::uint64_t first,
                     const std::string& body);
    /// False: it has nothing more of this volume.
    bool fetch_from_source(const Volume& volume);
    /// `bytes` begin at a piece, counted in the volume.
    void add_pieces(const Volume& volume, std::size_t piece, std::string bytes);
    /// The torrent that they were given to is gone.
    void forget_given(std::uint32_t volume);
    void read_directory();
    /// Verdict on a mirror whose shelf or torrent is not that of our release.
    static Status of_another_release(Status taken);
    Status load_records_of(const FeedDirectory& directory);

    [[nodiscard]] std::vector<CarrierStatus> carriers() const;
    [[nodiscard]] bool is_reached() const;
    /// A release, or something of one, is not here yet.
    [[nodiscard]] bool lacks_something() const;
    void watch_door();
    void set_problem(std::string problem);
    void tell_of_fork();
    /// The gravest.
    [[nodiscard]] std::string problem() const;
    /// Empty while there is no fork.
    [[nodiscard]] std::string fork_problem() const;
    /// Seconds of a clock that nobody sets.
    [[nodiscard]] static std::int64_t steady_now();

    Surroundings around_;
    Standing standing_;
    FeedDirectory directory_;
    Door door_;
    Link link_;
    Exchange exchange_;
    Mirrors mirrors_;
    DhtWatch dht_;
    Holdings holdings_;
    Health door_health_, directory_health_;
    std::map<std::string, Health> trackers_;
    std::optional<FeedDirectory> source_;   ///< elsewhere, being taken in

    std::map<std::uint32_t, Volume> volumes_;
    std::vector<InfoHash> torrents_;      ///< in the swarm, oldest first, without the door
    struct Served {
        InfoDictionary info;              ///< for listings
        bool ready = false;               ///< the swarm hands out its pieces
    };
    std::map<InfoHash, Served> served_;   ///< of torrents_
    /// The list asked for last, with the files left out, and what was sent of it.
    std::pair<std::pair<const InfoDictionary*, std::uint32_t>, std::string> listed_;
    std::map<InfoHash, TorrentStats> stats_;
    TorrentStats gone_;                   ///< sum of torrents that were retired
    LineRate line_rate_;                  ///< of payload
    enum class Import { taken_in, refused };
    std::map<FileKey, Import> imports_;
    std::map<FileKey, std::int64_t> unlisted_;  ///< remembered: since when they are
    /// Remembered, by who signed the head that said so: the newest release that made a
    /// file anew. What a thief said counts as long as his key does.
    std::map<PublicKey, std::uint64_t> redacted_;
    std::map<FileKey, VolumeFile> awaited_;  ///< the dictionary that a bundle cannot be read without
    LastDictionary dictionary_;
    std::set<FileKey> unconfirmed_;       ///< fetched, not yet checked
    struct Given {
        std::uint64_t bytes = 0;
        std::int64_t at = 0;              ///< when the last of them came
    };
    std::map<FileKey, Given> parts_;      ///< given to the swarm by mirrors, not yet confirmed
    std::optional<FileKey> copied_;       ///< given from source_, not yet confirmed
    std::int64_t copied_at_ = 0;
    std::set<FileKey> not_in_source_;     ///< or not right there
    std::set<std::pair<std::uint32_t, std::uint64_t>> wanted_pictures_;  ///< volume, release
    std::uint32_t kept_from_ = 0;         ///< the first volume that is not to go
    std::set<std::uint32_t> dropped_;     ///< that are gone
    std::string planned_;                 ///< the head that volumes_ follow
    std::int64_t pending_since_ = 0;
    bool on_reserve_ = false;
    int turns_in_vain_ = 0;               ///< since the newest release is known
    std::int64_t progress_at_ = 0;        ///< something came of what is aimed at, or its turn
    std::set<std::string> remembered_;    ///< addresses, since the start
    std::vector<std::string> unsaved_keyrings_;  ///< true ones, for the next tick
    /// Hashes of files that peers gave, and of what is kept of each; empty: forged.
    std::map<std::string, std::string> judged_keyrings_;
    std::vector<std::string> known_peers_;  ///< from earlier runs
    std::optional<std::pair<std::int64_t, std::int64_t>> directory_seen_;
    std::uint64_t directory_seq_ = 0;
    std::int64_t directory_retry_ = 0;
    std::int64_t started_ = 0;
    std::int64_t retry_at_ = 0;           ///< after a torrent failed
    std::map<FileKey, std::int64_t> stuck_;  ///< not removed, or not read: when to try again
    std::int64_t look_for_imports_at_ = 0;   ///< 0: no need to
    bool has_turn_ = true, takes_turns_ = false;
    int vain_turns_ = 0;                  ///< since anybody was at the door
    int turns_in_need_ = 0;               ///< since anything came that is needed
    bool was_called_ = false;             ///< before its turn began
    std::size_t called_ = 0;              ///< of the peers remembered, before the last knock
    std::int64_t turn_changed_ = 0;
    std::int64_t knock_at_ = 0;
    std::int64_t knock_pause_ = 1;
    bool knock_at_volumes_ = false;       ///< next, after the door
    std::string problem_;
    bool is_outdated_ = false;            ///< there is a keyring that only a newer version reads
    bool starting_ = false;
    bool has_work_ = false;
};

}  // namespace colport
