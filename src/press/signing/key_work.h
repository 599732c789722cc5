#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "feed/directory.h"

/// What keys signed, for a newsroom that must tell its own releases from a thief's.
namespace colport {

/// One release, as far as given keys signed its articles. All of it is as the signer wrote
/// it: a thief may have numbered and dated his as old.
struct KeyWork {
    std::uint64_t seq = 0;
    std::int64_t time = 0;
    std::vector<std::string> titles;   ///< of some articles
    std::size_t articles = 0;
};

/// The newest `count` releases of which any of `keys` signed articles, the newest first,
/// with at most `titles` titles of each. Errors: those of the feed directory.
Result<std::vector<KeyWork>> work_of_keys(const FeedDirectory& feed, const SignedRecords& state,
                                          const std::vector<PublicKey>& keys, std::size_t count,
                                          std::size_t titles);

}  // namespace colport
