#include <algorithm>
#include <catch2/catch.hpp>
#include <map>
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
    const auto called = calls.next(peers(20, 20), 100);
    CHECK(called.size() == Calls::most);
    CHECK(std::set(called.begin(), called.end()).size() == Calls::most);
    CHECK(calls.next(peers(20, 20), 101).empty());
    CHECK(calls.next(peers(20, 20), 100 + Calls::round_seconds).size() == Calls::most);
}

TEST_CASE("few peers are called as they come to have it", "[peer]") {
    Calls calls;
    CHECK(calls.next(peers(3, 0), 100).empty());
    CHECK(calls.next(peers(3, 1), 100) == std::vector<std::string>{"10.0.0.0"});
    CHECK(calls.next(peers(4, 2), 101) == std::vector<std::string>{"10.0.0.1"});
    CHECK(calls.next(peers(4, 4), 101).size() == 2);
}

TEST_CASE("not everybody calls the only one who has it, unless nobody else comes to", "[peer]") {
    int at_once = 0, later = 0;
    constexpr int readers = 400;
    for (int i = 0; i < readers; ++i) {
        Calls calls;
        if (!calls.next(peers(20, 1), 100).empty()) {
            ++at_once;
            continue;
        }
        later += !calls.next(peers(20, 1), 100 + Calls::patience_seconds).empty();
    }
    CHECK(at_once + later == readers);
    // Six of twenty pick it: 120 on average, and outside these bounds once in 10^9.
    CHECK(at_once > 60);
    CHECK(at_once < 180);
}

TEST_CASE("who waits calls those that were picked when they have it", "[peer]") {
    Calls calls;
    auto called = calls.next(peers(20, 1), 100);
    for (const auto& more : {calls.next(peers(20, 20), 100), calls.next(peers(20, 20), 103)})
        called.insert(called.end(), more.begin(), more.end());
    CHECK(called.size() == Calls::most);
}
