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
// Connections more for those in need, where callers have taken all.
constexpr std::size_t most_beside = 60;
// What nobody had the last time is hardly there at once; a few hundred dead feeds then
// take a seventh of the turns.
constexpr std::int64_t least_pause_seconds = 10, most_pause_seconds = 120;
constexpr int most_doublings = 4;
// A caller must not keep us for good from calling others.
constexpr std::int64_t called_seconds = 900;

std::size_t cost_of(const DoorState& door) {
    const bool calls = door.has_turn && door.knows_peers;
    return std::max<std::size_t>(door.connections, calls ? 1 : 0);
}

bool is_in_need(const DoorState& door, std::int64_t now) {
    if (!door.needs || door.in_vain == 0) return door.needs;
    const auto pause = std::min(least_pause_seconds << std::min(door.in_vain - 1, most_doublings),
                                most_pause_seconds);
    return !door.has_turn && now - door.since >= pause;
}

/// Who was called by somebody waits for nothing, for a while.
bool waits(const DoorState& door, std::int64_t now) {
    return !door.has_turn && (door.connections == 0 || now - door.since > called_seconds);
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
    for (auto& door : doors) {
        door.needs = is_in_need(door, now);
        cost += cost_of(door);
        if (!waits(door, now) || !door.knows_peers) continue;
        ++waiting;
        if (door.needs) ++in_need;
    }
    const bool hurry = in_need > 0 || std::any_of(doors.begin(), doors.end(),
                                                  [](const auto& door) { return door.needs; });
    // Longest first, and among those in need of a turn the needy.
    std::sort(doors.begin(), doors.end(), [](const DoorState& one, const DoorState& other) {
        return std::tuple(!one.needs, one.since) < std::tuple(!other.needs, other.since);
    });
    // But one at rest each second, or the needy of many feeds would leave it none.
    const auto rests = std::find_if(doors.begin(), doors.end(), [now](const DoorState& door) {
        return !door.needs && door.knows_peers && waits(door, now);
    });
    if (rests != doors.end()) std::rotate(doors.begin(), rests, std::next(rests));
    std::size_t begun = 0;
    for (const auto& door : doors) {
        if (!waits(door, now)) continue;
        if (door.knows_peers) {
            // Others may call at all doors that there is room for, again and again: who
            // is in need begins beside them, and takes the place of one that ends now.
            // So does the first at rest.
            const bool beside = door.needs || begun == 0;
            const auto room = most_connections + (beside ? most_beside : 0);
            if (cost >= room || begun >= most_begun_in_a_second) continue;
            if (door.connections == 0) ++cost;
            ++begun;
        }
        out.begin.push_back(door.feed);
    }
    auto excess = cost > most_connections ? cost - most_connections : 0;
    // However many are in need, those at rest go on changing.
    const auto wanted = (waiting > begun ? most_ended_at_rest : 0) +
                        (in_need > begun ? in_need - begun : 0);
    // A door that many came to is the last to close on them.
    std::stable_sort(doors.begin(), doors.end(), [](const DoorState& one, const DoorState& other) {
        return one.connections < other.connections;
    });
    for (int gladly = 3; gladly > 0; --gladly)
        for (const auto& door : doors) {
            const auto ended = out.end.size();
            if (ended == most_ended_in_a_second || (ended >= wanted && excess == 0)) return out;
            if (readiness(door, now, hurry) != gladly) continue;
            out.end.push_back(door.feed);
            excess -= std::min(excess, cost_of(door));
        }
    return out;
}

}  // namespace colport::turns
