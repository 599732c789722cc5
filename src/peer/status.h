#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/bytes.h"

/// What a peer tells of itself. Plain values, safe to keep.
namespace colport {

/// How a feed stands, as one word for scripts and pages.
enum class FeedState {
    waiting,   ///< followed, and nothing received yet
    fetching,  ///< a release is known and not yet whole
    current,   ///< the newest known release is here
    stale,     ///< nothing new for longer than the publisher promised
    forked,    ///< two heads at one seq: followed no further
};
const char* name_of(FeedState state);

/// The state of a feed from what is remembered of it. `head` may be empty.
/// `now` in seconds since 1970.
FeedState state_of(Bytes head, bool fetching, bool forked, std::int64_t now);

enum class CarrierState {
    off,      ///< not used: the mode, a setting, or nothing to use
    trying,   ///< no answer yet
    works,
    fails,
};
const char* name_of(CarrierState state);

/// One way by which a feed's releases may come.
struct CarrierStatus {
    std::string name;                 ///< door, dht, mirror, tracker or directory
    std::string where;                ///< address of a mirror or tracker; else empty
    CarrierState state = CarrierState::trying;
    std::string detail;               ///< for a person; may be empty
    std::int64_t worked = 0;          ///< when last, seconds since 1970; 0: never
};

/// What is on its way.
struct FetchStatus {
    std::int64_t bytes_total = 0;     ///< of the files that are wanted of the volumes being fetched
    std::int64_t bytes_left = 0;
    std::int64_t rate = 0;            ///< bytes a second, lately
    int files_left = 0;
    /// Nothing while nothing moves.
    [[nodiscard]] std::optional<std::int64_t> seconds_left() const;
};

struct FeedStatus {
    PublicKey feed;
    std::string name;
    FeedState state = FeedState::waiting;
    std::uint64_t seq = 0;            ///< newest whole release
    std::uint64_t seen_seq = 0;       ///< newest release heard of
    std::string problem;              ///< what keeps it from going on; empty: nothing
    std::int64_t released = 0;        ///< when the newest whole release was signed
    std::int64_t fresh_until = 0;     ///< silence is normal until then
    bool cut_off = false;             ///< no carrier works
    std::int64_t heard = 0;           ///< when any carrier last answered; 0: never
    std::vector<CarrierStatus> carriers;
    bool importing = false;           ///< files of a directory elsewhere are being taken in
    bool complete = false;            ///< every wanted file is in the archive, old volumes too
    int volumes_total = 0;
    int volumes_have = 0;             ///< of which every wanted file is in the archive
    std::uint64_t bytes_held = 0;     ///< of its volumes, on disk and right
    std::uint32_t kept_from = 0;      ///< older volumes than this one went for the quota
    FetchStatus fetching;
    int peers = 0;                    ///< that speak the extension at its door
    std::int64_t bytes_received = 0;  ///< since the daemon started, by libtorrent's count
    std::int64_t bytes_sent = 0;
    std::int64_t payload_received = 0;
    std::int64_t payload_sent = 0;
    int pieces_total = 0;             ///< of the newest known release of each volume
    int pieces_have = 0;
};

/// Bytes of a calendar month (UTC), both ways, everything counted.
struct BudgetStatus {
    std::string month;                ///< "2026-11"
    std::int64_t used = 0;
    std::int64_t limit = 0;           ///< 0: none
    bool spent = false;               ///< nothing is sent or fetched until the month ends
};

/// The disk that the data lie on, in bytes.
struct DiskStatus {
    std::uint64_t free = 0, reserve = 0;
    bool full = false;                ///< nothing is fetched until there is room
    std::uint64_t held = 0;           ///< of all volumes of ours
    std::uint64_t quota = 0, feed_quota = 0;  ///< 0: none
};

/// An index of the archive in the making, in articles; equal when none is.
struct IndexStatus {
    std::int64_t made = 0, all = 0;
    [[nodiscard]] bool is_whole() const { return made >= all; }
    /// Never 100 before it is whole.
    [[nodiscard]] int percent() const {
        return is_whole() ? 100 : static_cast<int>(made * 100 / all);
    }
};

struct PeerStatus {
    std::string mode;                 ///< open, proxy, lan or offline
    std::string proxy;                ///< in use, without its password; empty: none
    std::string pictures;             ///< never, on-open or always
    BudgetStatus budget;
    DiskStatus disk;
    IndexStatus index;
    int dht_nodes = 0;
    std::vector<std::string> listening;
    std::vector<std::string> problems;
    std::int64_t started = 0;         ///< seconds since 1970
    std::int64_t bytes_received = 0;  ///< of the process, since it started
    std::int64_t bytes_sent = 0;
    std::int64_t payload_received = 0;
    std::int64_t blocks_read = 0;
    std::int64_t blocks_hashed = 0;
    std::vector<FeedStatus> feeds;
};

}  // namespace colport
