#include <algorithm>
#include <catch2/catch.hpp>
#include <map>
#include <set>

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

/// Feeds whose one peer answers at once, or of which nobody is there; `seconds` go by.
struct Doors {
    std::map<PublicKey, DoorState> all;
    std::map<PublicKey, int> turns;
    std::set<PublicKey> dead;
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
                door.connections = dead.contains(feed) ? 0 : 1;
                door.since = now;
                if (served) door.needs = false;
                ++turns[feed];
                ++begun;
            }
            for (const auto& feed : change.end) {
                auto& door = all.at(feed);
                door.has_turn = false;
                door.connections = 0;
                door.in_vain = door.needs ? door.in_vain + 1 : 0;
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
    CHECK(doors.most <= most_connections + 60);
}

TEST_CASE("At rest turns change seldom, and everybody has one in time", "[peer][turns]") {
    Doors doors(1000, false);
    doors.pass(900, false);
    CHECK(doors.turns.size() == 1000);
    CHECK(doors.begun < 1200);
    CHECK(doors.most <= most_connections + 60);
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

TEST_CASE("Feeds of which nobody is left do not keep others away", "[peer][turns]") {
    const bool answers = GENERATE(false, true);
    Doors doors(1000, false);
    for (unsigned i = 0; i < 300; ++i) {
        doors.all.at(key(i)).needs = true;
        if (!answers) doors.dead.insert(key(i));
    }
    doors.pass(1200, false);
    CHECK(doors.turns.size() == 1000);
    const auto before = doors.begun;
    doors.pass(900, false);
    CHECK(doors.begun - before < 3600);
    CHECK(doors.most <= most_connections + 60);
}

TEST_CASE("As many are parted with as are too many", "[peer][turns]") {
    Doors doors(60, false);
    doors.pass(10, false);
    for (auto& [feed, door] : doors.all) door.connections = 4;
    doors.pass(60, false);
    CHECK(doors.begun == 60);
    doors.all.begin()->second.connections += 3;
    doors.pass(1, false);
    std::size_t connected = 0;
    for (const auto& [feed, door] : doors.all) connected += door.connections;
    CHECK(connected <= most_connections);
    CHECK(connected > most_connections - 10);
}

TEST_CASE("A caller keeps a feed from its turn for a while, not for good", "[peer][turns]") {
    std::vector<DoorState> doors(1);
    doors[0].feed = key(1);
    doors[0].knows_peers = true;
    doors[0].connections = 1;
    doors[0].since = 1000;
    CHECK(next(doors, 1100).begin.empty());
    CHECK(next(doors, 2000).begin.size() == 1);
}
