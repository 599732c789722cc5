#include "peer/retention.h"

#include <algorithm>
#include <tuple>

namespace colport {

std::map<PublicKey, std::uint32_t> keep_from(std::vector<VolumeSize> volumes, const Quota& quota) {
    // Times are the word of whoever signs, whose clock may have been set back: of one feed a
    // volume stays no longer than those after it.
    std::sort(volumes.begin(), volumes.end(), [](const VolumeSize& a, const VolumeSize& b) {
        return std::tie(a.feed, b.number) < std::tie(b.feed, a.number);
    });
    for (std::size_t i = 1; i < volumes.size(); ++i)
        if (volumes[i].feed == volumes[i - 1].feed)
            volumes[i].time = std::min(volumes[i].time, volumes[i - 1].time);
    // The newest of every feed come first, then whatever changed last.
    std::sort(volumes.begin(), volumes.end(), [](const VolumeSize& a, const VolumeSize& b) {
        return std::tuple(b.newest, b.time, b.number, a.feed) <
               std::tuple(a.newest, a.time, a.number, b.feed);
    });
    struct Kept {
        std::uint32_t from = 0;
        std::uint64_t bytes = 0;
        bool full = false;
    };
    std::map<PublicKey, Kept> feeds;
    std::uint64_t all = 0;
    bool full = false;
    for (const auto& volume : volumes) {
        auto& kept = feeds[volume.feed];
        if (!volume.newest) {
            const bool too_much = quota.feed != 0 && kept.bytes + volume.bytes > quota.feed;
            const bool too_much_in_all = quota.all != 0 && all + volume.bytes > quota.all;
            kept.full = kept.full || too_much || full || too_much_in_all;
            full = full || (too_much_in_all && !too_much);
            if (kept.full) continue;
        }
        kept.from = volume.number;
        kept.bytes += volume.bytes;
        all += volume.bytes;
    }
    std::map<PublicKey, std::uint32_t> out;
    for (const auto& [feed, kept] : feeds) out[feed] = kept.full ? kept.from : 0;
    return out;
}

}  // namespace colport
