#include <algorithm>
#include <catch2/catch.hpp>
#include <map>

#include "peer/turns.h"

using namespace colport;
using namespace colport::turns;

namespace {

PublicKey key(unsigned number) {
    PublicKey out;
    out.bytes[0] = static_cast<unsigned char>(number);
    out.bytes[1] = static_cast<unsigned char>(number >> 8);
    return out;
}

/// Feeds whose one peer answers at once; `seconds` go by.
struct Doors {
    std::map<PublicKey, DoorState> all;
    std::map<PublicKey, int> turns;
    std::size_t most = 0, begun = 0;
    std::int64_t now = 1000;

    Doors(unsigned count, bool needs) {
        for (unsigned i = 0; i < count; ++i) {
            DoorState door;
            door.feed = key(i);
            door.knows_peers = true;
            door.needs = needs;
            all[door.feed] = door;
        }
    }
    void pass(int seconds, bool served) {
        for (; seconds > 0; --seconds, ++now) {
            std::vector<DoorState> states;
            for (const auto& [feed, door] : all) states.push_back(door);
            const auto change = next(std::move(states), now);
            for (const auto& feed : change.begin) {
                auto& door = all.at(feed);
                door.has_turn = true;
                door.connections = 1;
                door.since = now;
                if (served) door.needs = false;
                ++turns[feed];
                ++begun;
            }
            for (const auto& feed : change.end) {
                auto& door = all.at(feed);
                door.has_turn = false;
                door.connections = 0;
                door.since = now;
            }
            std::size_t connected = 0;
            for (const auto& [feed, door] : all) connected += door.connections;
            most = std::max(most, connected);
        }
    }
};

}  // namespace

TEST_CASE("A thousand feeds that lack something all have a turn within two minutes",
          "[peer][turns]") {
    Doors doors(1000, true);
    doors.pass(120, true);
    CHECK(doors.turns.size() == 1000);
    CHECK(doors.most <= most_connections);
}

TEST_CASE("At rest turns change seldom, and everybody has one in time", "[peer][turns]") {
    Doors doors(1000, false);
    doors.pass(900, false);
    CHECK(doors.turns.size() == 1000);
    CHECK(doors.begun < 1200);
    CHECK(doors.most <= most_connections);
}

TEST_CASE("A feed in need takes the turn of one at rest", "[peer][turns]") {
    Doors doors(1000, false);
    doors.pass(30, false);
    auto waiting = std::find_if(doors.all.begin(), doors.all.end(),
                                [](const auto& door) { return !door.second.has_turn; });
    REQUIRE(waiting != doors.all.end());
    waiting->second.needs = true;
    doors.pass(8, true);
    CHECK(doors.turns.contains(waiting->first));
}

TEST_CASE("Feeds that wait for what nobody has do not keep others away", "[peer][turns]") {
    Doors doors(1000, true);
    doors.pass(1200, false);
    CHECK(doors.turns.size() == 1000);
}

TEST_CASE("Few feeds keep their turns", "[peer][turns]") {
    Doors doors(100, false);
    doors.pass(600, false);
    CHECK(doors.begun == 100);
}

TEST_CASE("Doors with too many callers part with those at rest", "[peer][turns]") {
    Doors doors(100, false);
    doors.pass(10, false);
    for (auto& [feed, door] : doors.all) door.connections = 4;
    doors.pass(100, false);
    std::size_t connected = 0;
    for (const auto& [feed, door] : doors.all) connected += door.connections;
    CHECK(connected <= most_connections);
}
