#include "peer/lock_file.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <utility>

namespace colport {

Result<LockFile> LockFile::take(const std::filesystem::path& path) {
    const int file = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (file < 0)
        return Error{errno == EACCES || errno == EROFS ? Errc::denied : Errc::io,
                     fmt::format("cannot write {}: {}", path.string(), strerror(errno)),
                     "choose another folder with --data"};
    LockFile out(file);
    if (::flock(file, LOCK_EX | LOCK_NB) != 0)
        return Error{Errc::locked,
                     fmt::format("another colportd is using {}", path.parent_path().string()),
                     "stop it first, or choose another folder with --data"};
    return out;
}

LockFile::LockFile(LockFile&& other) noexcept : file_(std::exchange(other.file_, -1)) {}

LockFile::~LockFile() {
    if (file_ >= 0) ::close(file_);
}

}  // namespace colport
