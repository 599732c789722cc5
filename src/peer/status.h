#pragma once

#include <cstdint>
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

struct FeedStatus {
    PublicKey feed;
    std::string name;
    FeedState state = FeedState::waiting;
    std::uint64_t seq = 0;            ///< newest whole release
    std::uint64_t seen_seq = 0;       ///< newest release heard of
    std::string problem;              ///< what keeps it from going on; empty: nothing
    int peers = 0;                    ///< that speak the extension at its door
    std::int64_t bytes_received = 0;  ///< since the daemon started, by libtorrent's count
    std::int64_t bytes_sent = 0;
    std::int64_t payload_received = 0;
    std::int64_t payload_sent = 0;
    int pieces_total = 0;             ///< of the newest known release of each volume
    int pieces_have = 0;
};

struct PeerStatus {
    std::string mode;                 ///< open, lan or offline
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
