#include "peer/turns.h"

#include <algorithm>
#include <tuple>

namespace colport::turns {
namespace {

// A connection costs milliseconds of key exchange, and gossip is done in one second:
// in a hurry turns are short, at rest they are long enough to cost next to nothing.
constexpr std::int64_t least_seconds = 5, least_seconds_at_rest = 60;
// Nobody answered by then.
constexpr std::int64_t vain_seconds = 20;
constexpr std::int64_t long_seconds = 120;
constexpr std::size_t most_begun_in_a_second = 20, most_ended_in_a_second = 20;
constexpr std::size_t most_ended_at_rest = 1;

std::size_t cost_of(const DoorState& door) {
    const bool calls = door.has_turn && door.knows_peers;
    return std::max<std::size_t>(door.connections, calls ? 1 : 0);
}

/// May its turn end, and how gladly: 0 not, 3 most.
int readiness(const DoorState& door, std::int64_t now, bool hurry) {
    const auto lasted = now - door.since;
    if (cost_of(door) == 0) return 0;
    if (door.connections == 0) return lasted >= vain_seconds ? 3 : 0;
    if (!door.needs) return lasted >= (hurry ? least_seconds : least_seconds_at_rest) ? 2 : 0;
    return lasted >= long_seconds ? 1 : 0;
}

}  // namespace

Change next(std::vector<DoorState> doors, std::int64_t now) {
    Change out;
    std::size_t cost = 0, waiting = 0, in_need = 0;
    for (const auto& door : doors) {
        cost += cost_of(door);
        // Who was called by somebody waits for nothing.
        if (door.has_turn || !door.knows_peers || door.connections > 0) continue;
        ++waiting;
        if (door.needs) ++in_need;
    }
    const bool crowded = cost > most_connections;
    const bool hurry = in_need > 0 || std::any_of(doors.begin(), doors.end(),
                                                  [](const auto& door) { return door.needs; });
    // Longest first, and among those in need of a turn the needy.
    std::sort(doors.begin(), doors.end(), [](const DoorState& one, const DoorState& other) {
        return std::tuple(!one.needs, one.since) < std::tuple(!other.needs, other.since);
    });
    std::size_t begun = 0;
    for (const auto& door : doors) {
        if (door.has_turn || door.connections > 0) continue;
        if (door.knows_peers) {
            if (cost >= most_connections || begun >= most_begun_in_a_second) continue;
            ++cost;
            ++begun;
        }
        out.begin.push_back(door.feed);
    }
    if (waiting == begun && !crowded) return out;
    auto wanted = in_need > begun || crowded ? most_ended_in_a_second : most_ended_at_rest;
    for (int gladly = 3; gladly > 0; --gladly)
        for (const auto& door : doors) {
            if (wanted == 0) return out;
            if (readiness(door, now, hurry) != gladly) continue;
            out.end.push_back(door.feed);
            --wanted;
        }
    return out;
}

}  // namespace colport::turns
