#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "press/signing/next_release.h"
#include "press/signing/signing.h"

/// The files of a request for a release: what they are, and what becomes of those that
/// they replace. Nothing that a request says of itself is believed.
namespace colport {

Error damaged_request(const char* what);

/// What makes a file of the request one of the release: its signature.
using Seal = std::function<Status(std::string& bundle, int index)>;

/// The files that a release replaces: shown beside those that take their place, to who
/// signs, and known to who asked.
enum class Replaced { are_shown, are_known };

/// A file as it comes into the feed directory.
struct MadeFile {
    std::uint32_t volume = 0;
    std::string name, content;
    std::optional<Sha256> dictionary;   ///< that a bundle of articles names
};

/// Puts the files of the request into `next`, each sealed and then read whole, and adds
/// to `out` what becomes of articles and pictures. Errors: corrupt, forged (also where a
/// bundle would be left without its dictionary), invalid (what is replaced is not shown,
/// as in a request that was signed already).
Result<std::vector<MadeFile>> add_requested_files(const pb::ReleaseRequest& release,
                                                  NextRelease& next, Replaced replaced,
                                                  const Seal& seal, RequestSummary& out);

}  // namespace colport
