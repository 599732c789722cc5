#pragma once

#include <cstddef>
#include <filesystem>
#include <string>

#include "feed/descriptor.h"

namespace colport {

/// A regular file of which parts are read when they are asked for. It is not mapped: there a
/// file that others shorten, a stick that is pulled out or a bad sector ends the process.
/// Const calls are thread-safe.
class FileParts {
public:
    /// Errors name the file: not_found, denied, io, too_large (over `limit` bytes).
    static Result<FileParts> open(const std::filesystem::path& path, std::size_t limit);

    /// When it was opened.
    [[nodiscard]] std::size_t size() const noexcept { return size_; }
    /// Of `buffer`, which becomes as large. Errors name the file: io, corrupt (it ends before).
    Result<Bytes> read(std::size_t offset, std::size_t size, std::string& buffer) const;

private:
    FileParts(Descriptor file, std::size_t size, std::filesystem::path path)
        : file_(std::move(file)), size_(size), path_(std::move(path)) {}
    Descriptor file_;
    std::size_t size_;
    std::filesystem::path path_;
};

}  // namespace colport
