#include "peer/volume.h"

#include <algorithm>

#include "core/limits.h"

namespace colport {
namespace {

// Large enough that several peers have something to send, small enough that the
// newest articles are there soon. Followers that all want the same few pictures
// all get them from the publisher: of those more.
constexpr std::uint64_t urgent_text = 4 * limits::mib, urgent_media = 64 * limits::mib;

bool is_dictionary(const VolumeFile& file) {
    return kind_of(file.name) == FileKind::dictionary;
}

bool is_media(const VolumeFile& file) { return kind_of(file.name) == FileKind::media; }

}  // namespace

Missing missing_of(const Volume& volume, const Holdings& holdings, const IsWanted& wanted) {
    const auto& files = volume.info->files;
    Missing out;
    out.urgency.assign(files.size(), Urgency::later);
    std::vector<std::size_t> media;
    std::uint64_t text = 0;
    for (std::size_t i = files.size(); i-- > 0;) {
        const auto& file = files[i];
        if (holdings.holds(volume.number(), file)) continue;
        if (!wanted(volume.number(), file)) {
            out.urgency[i] = Urgency::never;
            continue;
        }
        ++out.files;
        out.bytes += file.size;
        if (is_media(file)) {
            media.push_back(i);
        } else if (is_dictionary(file) || text < urgent_text) {
            out.urgency[i] = Urgency::now;
            if (!is_dictionary(file)) text += file.size;
        }
    }
    if (media.size() < out.files) return out;
    std::uint64_t pictures = 0;
    for (const auto i : media) {
        if (pictures >= urgent_media) break;
        out.urgency[i] = Urgency::now;
        pictures += files[i].size;
    }
    return out;
}

const VolumeFile* next_missing(const Volume& volume, const Holdings& holdings,
                               const IsWanted& wanted, bool from_the_end) {
    const auto& files = volume.info->files;
    const auto missing = [&](const VolumeFile& file) {
        return !holdings.holds(volume.number(), file) && wanted(volume.number(), file);
    };
    const auto dictionary = std::find_if(files.begin(), files.end(), [&](const VolumeFile& file) {
        return is_dictionary(file) && missing(file);
    });
    if (dictionary != files.end()) return &*dictionary;
    if (from_the_end) {
        const auto found = std::find_if(files.begin(), files.end(), missing);
        return found == files.end() ? nullptr : &*found;
    }
    const auto found = std::find_if(files.rbegin(), files.rend(), missing);
    return found == files.rend() ? nullptr : &*found;
}

}  // namespace colport
