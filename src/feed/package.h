#pragma once

#include <atomic>
#include <cstdint>
#include <filesystem>

#include "core/result.h"

/// Feed directories as a single file, for a chat or a mail: an uncompressed tar
/// (SPEC "Feed directory"), since bundles are compressed already.
namespace colport {

/// Packs the feed directories that `folder` is or has as subfolders, written
/// whole or not at all. Only files that a feed directory has go along. The same
/// files give the same bytes. Errors: not_found (no feed), too_large (100,000
/// entries), io, denied.
Status pack(const std::filesystem::path& folder, const std::filesystem::path& file);

/// Unpacks what anybody may have made into `folder`, which is made, or empty,
/// and entered by its owner alone. Takes regular files and folders with the
/// names that pack() gives and nothing else: no links, devices, absolute paths,
/// "..", no name twice; each file within limits::bundle, at most `most_bytes`
/// in all, at most 100,000 entries. What breaks a rule is refused as a whole,
/// and then `folder` is gone.
///
/// Nothing is checked against signatures. Once `stop` is true it is refused too.
/// Errors: corrupt, too_large, not_found, exists (something is in `folder`), io, denied
/// (by `stop` too).
Status unpack(const std::filesystem::path& file, const std::filesystem::path& folder,
              std::uint64_t most_bytes, const std::atomic<bool>* stop = nullptr);

}  // namespace colport
