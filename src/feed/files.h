#pragma once

#include <filesystem>
#include <string>

#include "core/bytes.h"
#include "core/result.h"

/// Files that are whole or absent, whatever happens. Every error names its file.
namespace colport {

/// Errors: not_found, io, too_large (over `limit` bytes).
Result<std::string> read_file(const std::filesystem::path& path, std::size_t limit);

/// Temporary name, fsync, rename, fsync of the folder. Errors: io, denied.
Status write_file(const std::filesystem::path& path, Bytes content, int mode = 0644);

/// Copies a file of exactly `size` bytes with this hash, as write_file() writes.
/// False, and `to` as it was, when `from` is not whole. Errors, all of `to`: not_found, io, denied.
Result<bool> copy_whole(const std::filesystem::path& from, const std::filesystem::path& to,
                        std::uint64_t size, const Sha256& sha256);

/// Like mkdir -p. Errors: io, denied.
Status make_directory(const std::filesystem::path& path, int mode = 0755);

/// Removes a file, or a folder with all that is in it, if it is there. Errors: io.
Status remove_path(const std::filesystem::path& path);

/// Makes what was written to a file by others survive a power cut. Errors: io.
Status sync_file(const std::filesystem::path& path);

/// SHA-256 of a file of exactly `size` bytes. Errors: not_found, io, corrupt (size).
Result<Sha256> hash_file(const std::filesystem::path& path, std::uint64_t size);

/// What changes when a file does.
struct FileStamp {
    std::uint64_t size = 0;
    std::int64_t modified = 0;  ///< nanoseconds since 1970
    bool operator==(const FileStamp&) const = default;
};
Result<FileStamp> stamp_of(const std::filesystem::path& path);

/// The permission bits of a file, for secrets that must be 0600.
Result<int> mode_of(const std::filesystem::path& path);

}  // namespace colport
