#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "feed/directory.h"
#include "net/swarm.h"
#include "peer/calls.h"
#include "peer/holdings.h"

namespace colport {

/// A volume of the release that is being reached or was reached.
struct Volume {
    SignedVolume signed_volume;
    std::optional<InfoDictionary> info;
    std::string info_bytes;         ///< may be of the release before, to build on
    std::size_t looked_at = 0;      ///< files of it that were looked for on disk
    bool looked_for_info = false;   ///< on disk
    bool was_here = false;          ///< something of it was, before its listing
    bool added = false;             ///< the swarm has this release of it
    std::int64_t added_at = 0;      ///< of a clock that nobody sets
    Calls calls;                    ///< of peers that may have it
    bool held = false;              ///< every wanted file is on disk and right
    std::uint64_t missing = 0;      ///< bytes of those that are not, once looked at
    bool imported = false;          ///< and in the archive
    bool noted = false;             ///< there: who listed it last
    /// Has what is here that it does not list been looked for? Partly: what may be of the
    /// newest release stays while another one is planned for.
    enum class Swept { no, partly, wholly } swept = Swept::no;
    /// Files held or in the archive that it lists no more, and since when, in seconds since
    /// 1970.
    std::map<std::string, std::int64_t> unlisted;
    std::vector<Urgency> urgency;   ///< as the swarm was told

    [[nodiscard]] std::uint32_t number() const { return signed_volume.number; }
};

/// Is a file of the volume wanted?
using IsWanted = std::function<bool(std::uint32_t volume, const VolumeFile& file)>;

/// Wanted files that are not held.
struct Missing {
    std::size_t files = 0;
    std::uint64_t bytes = 0;
    std::vector<Urgency> urgency;   ///< by file of the volume
};

/// The newest files that are missing come first, a few MiB of them at a time, text
/// before pictures, and dictionaries before all, since nothing is read without them.
/// Precondition: volume.info.
Missing missing_of(const Volume& volume, const Holdings& holdings, const IsWanted& wanted);

/// The file that a mirror should send next: the newest that is missing, or with
/// `from_the_end` the oldest, out of the way of peers. Nothing when all is held.
const VolumeFile* next_missing(const Volume& volume, const Holdings& holdings,
                               const IsWanted& wanted, bool from_the_end);

}  // namespace colport
