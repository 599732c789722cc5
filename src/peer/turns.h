#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "core/bytes.h"

/// Whose doors are open when there are more doors than connections for them. A feed
/// without a turn calls nobody; who calls it is welcome while there is room. Pure.
namespace colport::turns {

/// Connections at all doors together; the others are left to the volumes.
constexpr std::size_t most_connections = 240;
/// So many feeds need no turns: each may have some peers all the time.
constexpr std::size_t most_feeds_without = 120;

struct DoorState {
    PublicKey feed;
    bool has_turn = false;
    std::int64_t since = 0;        ///< when its turn began, or else ended; seconds of any clock
    std::size_t connections = 0;
    bool needs = false;            ///< something of the feed is not here yet
    int in_vain = 0;               ///< turns since it got something that it needs
    bool knows_peers = false;      ///< whom to call
};

struct Change {
    std::vector<PublicKey> begin;
    std::vector<PublicKey> end;    ///< also of those who have none, but too many callers
};

/// To be done now, when a second has passed. Those in need come first, whoever had
/// turns in vain after longer and longer pauses; among equals who has waited longest.
Change next(std::vector<DoorState> doors, std::int64_t now);

}  // namespace colport::turns
