#pragma once

#include <filesystem>

#include "core/result.h"

namespace colport {

/// Held by the one process that writes in a data directory; the kernel lets go
/// when it ends, however it ends.
class LockFile {
public:
    /// Errors: locked, io, denied.
    static Result<LockFile> take(const std::filesystem::path& path);
    LockFile(LockFile&& other) noexcept;
    LockFile& operator=(LockFile&&) = delete;
    ~LockFile();

private:
    explicit LockFile(int file) : file_(file) {}
    int file_;
};

}  // namespace colport
