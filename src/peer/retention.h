#pragma once

#include <cstdint>
#include <map>
#include <vector>

#include "core/bytes.h"

/// Which volumes a quota leaves room for. Pure.
namespace colport {

struct Quota {
    std::uint64_t all = 0, feed = 0;   ///< bytes of volumes; 0: no limit
    [[nodiscard]] bool is_set() const { return all != 0 || feed != 0; }
};

struct VolumeSize {
    PublicKey feed;
    std::uint32_t number = 0;
    std::uint64_t bytes = 0;
    std::int64_t time = 0;             ///< when it last changed
    bool newest = false;               ///< of its feed
};

/// By feed: the first volume to keep, 0 when all are. The newest are kept, whole volumes go, oldest
/// first, and the newest of a feed never does: quotas are exceeded for it. Of each
/// feed a run of volumes without gaps stays.
std::map<PublicKey, std::uint32_t> keep_from(std::vector<VolumeSize> volumes, const Quota& quota);

}  // namespace colport
