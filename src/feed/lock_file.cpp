#include "feed/lock_file.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <utility>

namespace colport {

Result<LockFile> LockFile::take(const std::filesystem::path& path, const std::string& busy,
                                const std::string& hint) {
    const int file = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (file < 0)
        return Error{errno == EACCES || errno == EROFS ? Errc::denied : Errc::io,
                     fmt::format("cannot write {}: {}", path.string(), strerror(errno))};
    LockFile out(file);
    if (::flock(file, LOCK_EX | LOCK_NB) == 0) return out;
    if (errno == EWOULDBLOCK) return Error{Errc::locked, busy, hint};
    return Error{Errc::io, fmt::format("cannot lock {}: {}", path.string(), strerror(errno))};
}

LockFile::LockFile(LockFile&& other) noexcept : file_(std::exchange(other.file_, -1)) {}

LockFile::~LockFile() {
    if (file_ >= 0) ::close(file_);
}

}  // namespace colport
