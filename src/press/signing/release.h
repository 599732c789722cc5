#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "core/codec.h"
#include "core/crypto.h"
#include "core/limits.h"
#include "core/result.h"
#include "press/signing/next_release.h"
#include "press/workshop.h"

/// Turns drafts into signed releases of the feed directory.
namespace colport {

struct ReleaseOptions {
    std::uint64_t volume_bytes = limits::default_volume_bytes;
    std::size_t volume_files = limits::default_volume_files;
    int level = default_level;                ///< of compression, 1 to highest_level
    std::int64_t fresh_for = 7 * 24 * 3600;   ///< seconds of silence that are normal
    bool drafts = true;   ///< false: they wait; only what a new key must sign anew is
};

struct ReleaseReport {
    std::uint64_t seq = 0;         ///< of the newest release
    std::size_t releases = 0;      ///< made now; more than one when a volume filled up
    std::size_t articles = 0;
    std::size_t pictures = 0;
    std::uint64_t text_bytes = 0;  ///< of the articles before compression
    std::uint64_t picture_bytes = 0;
    std::uint64_t packed_bytes = 0;///< of all new files
    std::uint32_t volume = 0;
    bool dictionary = false;       ///< a compression dictionary was trained now
    bool signed_anew = false;      ///< the newest release was, since nothing else was to be published
    std::vector<std::string> warnings;  ///< for a person, one line each
};

using ReleaseProgress = std::function<void(std::size_t done, std::size_t total)>;

/// Publishes all drafts; with none, nothing changes and `releases` is 0, unless the
/// key of the newest release may sign no more, or half of the silence that it calls normal
/// is over: then that is signed anew.
///
/// The head is written last, so an interrupted release leaves the previous one
/// in force, and running it again finishes the work. Takes the workshop's lock.
/// Errors: those of the feed directory, locked, not_found (a picture), io, denied.
Result<ReleaseReport> release_drafts(const Workshop& workshop, const SigningKey& key,
                                     const ReleaseOptions& options, std::int64_t now,
                                     const ReleaseProgress& progress = {});

/// A release that waits for its signature (press/signing/signing.h).
struct PreparedRelease {
    std::string request;     ///< for sign_request(); empty: there was nothing to release
    ReleaseReport report;    ///< of what it would publish
    std::size_t left = 0;    ///< articles that wait for the release after
};

/// As release_drafts(), for a key that is on another machine: one release at most,
/// and nothing that readers see changes. Errors: as there.
Result<PreparedRelease> prepare_release(const Workshop& workshop, const ReleaseOptions& options,
                                        std::int64_t now, const ReleaseProgress& progress = {});

/// Not before the previous release, for readers sort by it; but one wrong clock
/// must not date every later release into a future that readers refuse.
std::int64_t release_time(const SignedRecords& state, std::int64_t now);

/// Writes the records of a release whose files are in place; the head last.
/// Errors: io, denied.
Status write_release(const FeedDirectory& directory, const SignedRelease& release);

}  // namespace colport
