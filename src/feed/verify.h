#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "core/bytes.h"
#include "core/result.h"

/// Checks what a publisher published as a stranger would: with nothing but the
/// files themselves.
namespace colport {

struct Verification {
    std::vector<std::string> errors;   ///< one line each; empty: all is well
    std::string name;                  ///< of the feed
    std::uint64_t seq = 0;
    std::size_t volumes = 0, files = 0, articles = 0, pictures = 0;
};

/// Called before each file, for progress.
using VerifyProgress = std::function<void(std::size_t done, std::size_t total)>;

/// Everything in a feed directory: records, torrents, their minisign signatures
/// and keys where there are any, every file's hash and pieces, every bundle,
/// article and picture.
Verification verify_directory(const std::filesystem::path& root, std::int64_t now,
                              const VerifyProgress& progress = {});

/// One bundle. Its signature is checked against its own key, and against the
/// feed's keyring when the bundle lies in a feed directory (two folders up).
/// Articles are read when no dictionary is needed or when it lies beside it.
Verification verify_bundle(const std::filesystem::path& file, std::int64_t now);

}  // namespace colport
