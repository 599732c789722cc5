#include <catch2/catch.hpp>
#include <set>

#include "peer/calls.h"

using namespace colport;

namespace {

std::vector<Calls::Peer> peers(int count, int holders) {
    std::vector<Calls::Peer> out;
    for (int i = 0; i < count; ++i) out.push_back({"10.0.0." + std::to_string(i), i < holders});
    return out;
}

}  // namespace

TEST_CASE("a few of many holders are called, each once in a round", "[peer]") {
    Calls calls;
    const auto called = calls.next(peers(20, 20), false, 100);
    CHECK(called.size() == Calls::most_at_once);
    CHECK(std::set(called.begin(), called.end()).size() == Calls::most_at_once);
    CHECK(calls.next(peers(20, 20), false, 101).empty());

    SECTION("others while nothing comes, until all were called") {
        std::set<std::string> all(called.begin(), called.end());
        std::size_t calls_made = called.size();
        for (std::int64_t now = 102; now < 100 + Calls::round_seconds; ++now)
            for (const auto& address : calls.next(peers(20, 20), false, now)) {
                all.insert(address);
                ++calls_made;
            }
        CHECK(all.size() == 20);
        CHECK(calls_made == 20);
    }
    SECTION("nobody else while something comes") {
        for (std::int64_t now = 102; now < 100 + Calls::round_seconds; ++now)
            CHECK(calls.next(peers(20, 20), true, now).empty());
        CHECK(calls.next(peers(20, 20), true, 100 + Calls::round_seconds).size() ==
              Calls::most_at_once);
    }
}

TEST_CASE("few peers are called as they come to have it", "[peer]") {
    Calls calls;
    CHECK(calls.next(peers(3, 0), false, 100).empty());
    CHECK(calls.next(peers(3, 1), false, 100) == std::vector<std::string>{"10.0.0.0"});
    CHECK(calls.next(peers(4, 2), false, 101) == std::vector<std::string>{"10.0.0.1"});
    CHECK(calls.next(peers(4, 4), false, 101).size() == 2);
}

TEST_CASE("not everybody calls the only one who has it, unless nobody else comes to", "[peer]") {
    int at_once = 0, later = 0;
    constexpr int readers = 400;
    for (int i = 0; i < readers; ++i) {
        Calls calls;
        if (!calls.next(peers(20, 1), false, 100).empty()) {
            ++at_once;
            continue;
        }
        later += !calls.next(peers(20, 1), false, 100 + Calls::patience_seconds).empty();
    }
    CHECK(at_once + later == readers);
    // Six of twenty pick it: 120 on average, and outside these bounds once in 10^9.
    CHECK(at_once > 60);
    CHECK(at_once < 180);
}

TEST_CASE("who waits calls those that were picked when they have it", "[peer]") {
    Calls calls;
    auto called = calls.next(peers(20, 1), false, 100);
    for (const auto& more : {calls.next(peers(20, 20), true, 100), calls.next(peers(20, 20), true, 103)})
        called.insert(called.end(), more.begin(), more.end());
    CHECK(called.size() == Calls::most_at_once);
}
