#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "core/bytes.h"
#include "core/result.h"

/// Checks what a publisher published as a stranger would: with nothing but the
/// files themselves.
namespace colport {

struct Verification {
    std::vector<std::string> errors;   ///< one line each; empty: all is well
    std::vector<std::string> warnings; ///< what nobody signed, such as stray files
    std::string name;                  ///< of the feed; empty: no keyring vouches for it
    std::optional<PublicKey> feed;     ///< as the files say it
    std::optional<PublicKey> signer;   ///< of the head, or of the bundle
    std::uint64_t seq = 0;
    std::size_t volumes = 0, files = 0, articles = 0, pictures = 0;
    std::size_t missing = 0;           ///< files and volumes that a part leaves out
    std::vector<std::string> titles;   ///< the first twenty, as they are: not for terminals
};

/// What lies there: all that the newest release lists, or what somebody handed on of it.
enum class Extent { whole, part };

/// Called before each file, for progress.
using VerifyProgress = std::function<void(std::size_t done, std::size_t total)>;

/// Everything in a feed directory: records, torrents, their minisign signatures
/// and keys where there are any, every file's hash and pieces, every bundle,
/// article and picture.
Verification verify_directory(const std::filesystem::path& root, std::int64_t now,
                              const VerifyProgress& progress = {},
                              Extent extent = Extent::whole);

/// One bundle. When it lies in a feed directory (two folders up), that feed's
/// keyring must know its signer; elsewhere it proves only to be whole, and a
/// warning says so.
/// Articles are read when no dictionary is needed or when it lies beside it.
Verification verify_bundle(const std::filesystem::path& file, std::int64_t now);

}  // namespace colport
