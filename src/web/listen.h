#pragma once

#include <filesystem>
#include <string>
#include <utility>

#include "core/result.h"

/// Listening sockets.
namespace colport::web {

/// A socket that listens and does not block. Closing it takes its file away.
class Listener {
public:
    /// `where` is "IP:PORT", IPv6 in brackets, port 0 for any; or "unix:PATH",
    /// for this user alone. Errors: invalid, exists (in use), denied, io.
    static Result<Listener> open(const std::string& where);

    Listener(Listener&& other) noexcept
        : descriptor_(std::exchange(other.descriptor_, -1)), bound_(std::move(other.bound_)),
          file_(std::exchange(other.file_, {})), inode_(other.inode_) {}
    Listener& operator=(Listener&&) = delete;
    ~Listener();

    [[nodiscard]] int descriptor() const noexcept { return descriptor_; }
    [[nodiscard]] bool is_tcp() const noexcept { return file_.empty(); }
    /// "IP:PORT" as bound, or "unix:PATH".
    [[nodiscard]] const std::string& bound() const noexcept { return bound_; }

private:
    Listener(int descriptor, std::string bound)
        : descriptor_(descriptor), bound_(std::move(bound)) {}
    static Result<Listener> open_tcp(const std::string& where);
    static Result<Listener> open_unix(const std::filesystem::path& path);
    int descriptor_;
    std::string bound_;
    std::filesystem::path file_;
    unsigned long inode_ = 0;
};

}  // namespace colport::web
