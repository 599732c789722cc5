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

std::vector<Urgency> urgency_of(const Volume& volume, const Holdings& holdings,
                                const IsWanted& wanted) {
    const auto& files = volume.info->files;
    std::vector<Urgency> out(files.size(), Urgency::later);
    const bool text_is_missing =
        std::any_of(files.begin(), files.end(), [&](const VolumeFile& file) {
            return !is_media(file) && wanted(volume.number(), file) &&
                   !holdings.holds(volume.number(), file);
        });
    std::uint64_t urgent = 0;
    for (std::size_t i = files.size(); i-- > 0;) {
        const auto& file = files[i];
        if (holdings.holds(volume.number(), file)) continue;
        if (!wanted(volume.number(), file)) {
            out[i] = Urgency::never;
        } else if (is_dictionary(file)) {
            out[i] = Urgency::now;
        } else if (is_media(file) ? !text_is_missing && urgent < urgent_media
                                  : urgent < urgent_text) {
            out[i] = Urgency::now;
            urgent += file.size;
        }
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
