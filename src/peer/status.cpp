#include "peer/status.h"

#include "feed/head.h"

namespace colport {

const char* name_of(FeedState state) {
    switch (state) {
        case FeedState::waiting: return "waiting";
        case FeedState::fetching: return "fetching";
        case FeedState::current: return "current";
        case FeedState::stale: return "stale";
        case FeedState::forked: return "forked";
    }
    return "waiting";
}

const char* name_of(CarrierState state) {
    switch (state) {
        case CarrierState::off: return "off";
        case CarrierState::trying: return "trying";
        case CarrierState::works: return "works";
        case CarrierState::fails: return "fails";
    }
    return "off";
}

std::optional<std::int64_t> FetchStatus::seconds_left() const {
    if (bytes_left == 0 || rate == 0) return std::nullopt;
    return bytes_left / rate + 1;
}

FeedState state_of(Bytes head, bool fetching, bool forked, std::int64_t now) {
    if (forked) return FeedState::forked;
    if (fetching) return FeedState::fetching;
    if (head.empty()) return FeedState::waiting;
    const auto known = read_trusted_head(head);
    if (!known) return FeedState::waiting;
    return known->stale_at(now) ? FeedState::stale : FeedState::current;
}

}  // namespace colport
