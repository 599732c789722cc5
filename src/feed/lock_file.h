#pragma once

#include <filesystem>

#include "core/result.h"

namespace colport {

/// Held by the one process that writes in a folder; the kernel lets go when it
/// ends, however it ends.
class LockFile {
public:
    /// Does not wait: while another holds the file, the error is `locked` with
    /// the words of `busy` and `hint`. Errors: locked, io, denied.
    static Result<LockFile> take(const std::filesystem::path& path, const std::string& busy,
                                 const std::string& hint);
    LockFile(LockFile&& other) noexcept;
    LockFile& operator=(LockFile&&) = delete;
    ~LockFile();

private:
    explicit LockFile(int file) : file_(file) {}
    int file_;
};

}  // namespace colport
