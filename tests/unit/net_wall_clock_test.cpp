#include <catch2/catch.hpp>

#include "net/wall_clock.h"

using namespace colport;
using namespace std::chrono_literals;

TEST_CASE("a wall clock is seen to be set back, and only then", "[net]") {
    WallClock clock;
    const auto wall = std::chrono::system_clock::now();
    const auto steady = std::chrono::steady_clock::now();
    CHECK_FALSE(clock.was_set_back(wall, steady));
    CHECK_FALSE(clock.was_set_back(wall + 1h, steady + 1h));
    CHECK_FALSE(clock.was_set_back(wall + 72h, steady + 1h));
    CHECK_FALSE(clock.was_set_back(wall + 72h, steady + 1h + 1s));
    CHECK(clock.was_set_back(wall + 3h, steady + 2h));
    CHECK_FALSE(clock.was_set_back(wall + 3h + 1s, steady + 2h + 1s));
    // Timers wait for twenty seconds then, which is less than to connect anew costs.
    CHECK_FALSE(clock.was_set_back(wall + 3h - 10s, steady + 2h + 10s));
    // Set to and fro, it is told of once, and again if it stays back.
    CHECK(clock.was_set_back(wall + 1h, steady + 3h));
    CHECK_FALSE(clock.was_set_back(wall + 5h, steady + 3h + 10s));
    CHECK_FALSE(clock.was_set_back(wall + 1h, steady + 3h + 20s));
    CHECK(clock.was_set_back(wall + 1h + 2min, steady + 3h + 140s));
}
