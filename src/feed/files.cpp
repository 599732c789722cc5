#include "feed/files.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>

#include "core/crypto.h"

namespace colport {
namespace {

namespace fs = std::filesystem;

Error failed(std::string_view doing, const fs::path& path, int number = errno) {
    const auto code = number == ENOENT                      ? Errc::not_found
                      : number == EACCES || number == EROFS ? Errc::denied
                                                            : Errc::io;
    return {code, fmt::format("cannot {} {}: {}", doing, path.string(), strerror(number)),
            number == ENOSPC ? "free some disk space and try again" : ""};
}

class Descriptor {
public:
    explicit Descriptor(int number) : number_(number) {}
    Descriptor(const Descriptor&) = delete;
    ~Descriptor() {
        if (number_ >= 0) ::close(number_);
    }
    explicit operator bool() const { return number_ >= 0; }
    [[nodiscard]] int get() const { return number_; }

private:
    int number_;
};

/// Opens a regular file, and nothing that could keep the reader waiting, such as
/// a named pipe on somebody's USB stick.
Result<int> open_regular(const fs::path& path) {
    const int file = ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
    if (file < 0) return failed("read", path);
    struct stat info{};
    const bool known = ::fstat(file, &info) == 0;
    if (known && S_ISREG(info.st_mode)) return file;
    auto error = known ? Error{Errc::io, fmt::format("{} is not a regular file", path.string())}
                       : failed("read", path);
    ::close(file);
    return error;
}

Status write_all(int file, Bytes content, const fs::path& path) {
    while (!content.empty()) {
        const auto written = ::write(file, content.data(), content.size());
        if (written < 0 && errno == EINTR) continue;
        if (written < 0) return failed("write", path);
        content.remove_prefix(static_cast<std::size_t>(written));
    }
    if (::fsync(file) != 0) return failed("write", path);
    return done();
}

}  // namespace

Result<std::string> read_file(const fs::path& path, std::size_t limit) {
    const Descriptor file(COLPORT_TRY(open_regular(path)));
    std::string out;
    char buffer[65536];
    while (true) {
        const auto got = ::read(file.get(), buffer, sizeof buffer);
        if (got < 0 && errno == EINTR) continue;
        if (got < 0) return failed("read", path);
        if (got == 0) return out;
        out.append(buffer, static_cast<std::size_t>(got));
        if (out.size() > limit)
            return Error{Errc::too_large,
                         fmt::format("{} is over {} bytes", path.string(), limit)};
    }
}

Status write_file(const fs::path& path, Bytes content, int mode) {
    const fs::path temporary = path.string() + ".tmp";
    ::unlink(temporary.c_str());
    {
        const Descriptor file(::open(temporary.c_str(),
                                     O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW,
                                     static_cast<mode_t>(mode)));
        if (!file) return failed("write", temporary);
        if (auto written = write_all(file.get(), content, temporary); !written) {
            ::unlink(temporary.c_str());
            return written;
        }
    }
    if (::rename(temporary.c_str(), path.c_str()) != 0) {
        auto error = failed("write", path);
        ::unlink(temporary.c_str());
        return error;
    }
    return sync_file(path.has_parent_path() ? path.parent_path() : fs::path("."));
}

Status make_directory(const fs::path& path, int mode) {
    fs::path made;
    for (const auto& part : path) {
        made /= part;
        if (::mkdir(made.c_str(), static_cast<mode_t>(mode)) != 0 && errno != EEXIST &&
            !(errno == EROFS && fs::exists(made)) && !(errno == EACCES && fs::exists(made)))
            return failed("make directory", made);
    }
    std::error_code error;
    if (!fs::is_directory(path, error)) return failed("make directory", path, ENOTDIR);
    return done();
}

Status sync_file(const fs::path& path) {
    const Descriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
    if (!file || ::fsync(file.get()) != 0) return failed("sync", path);
    return done();
}

Result<Sha256> hash_file(const fs::path& path, std::uint64_t size) {
    const auto corrupt = [&] {
        return Error{Errc::corrupt, fmt::format("{} is not {} bytes long", path.string(), size)};
    };
    const Descriptor file(COLPORT_TRY(open_regular(path)));
    Sha256Hasher hasher;
    std::uint64_t total = 0;
    char buffer[65536];
    while (true) {
        const auto got = ::read(file.get(), buffer, sizeof buffer);
        if (got < 0 && errno == EINTR) continue;
        if (got < 0) return failed("read", path);
        if (got == 0) break;
        total += static_cast<std::uint64_t>(got);
        if (total > size) return corrupt();
        hasher.update({buffer, static_cast<std::size_t>(got)});
    }
    if (total != size) return corrupt();
    return hasher.finish();
}

Result<FileStamp> stamp_of(const fs::path& path) {
    struct stat info{};
    if (::stat(path.c_str(), &info) != 0) return failed("read", path);
    return FileStamp{static_cast<std::uint64_t>(info.st_size),
                     info.st_mtim.tv_sec * 1'000'000'000LL + info.st_mtim.tv_nsec};
}

Result<MappedFile> MappedFile::open(const fs::path& path, std::size_t limit) {
    const Descriptor file(COLPORT_TRY(open_regular(path)));
    struct stat info{};
    if (::fstat(file.get(), &info) != 0) return failed("read", path);
    const auto size = static_cast<std::size_t>(info.st_size);
    if (size > limit)
        return Error{Errc::too_large, fmt::format("{} is over {} bytes", path.string(), limit)};
    if (size == 0) return MappedFile("", 0);
    void* data = ::mmap(nullptr, size, PROT_READ, MAP_SHARED, file.get(), 0);
    if (data == MAP_FAILED) return failed("read", path);
    return MappedFile(static_cast<const char*>(data), size);
}

MappedFile::MappedFile(MappedFile&& other) noexcept
    : data_(std::exchange(other.data_, nullptr)), size_(std::exchange(other.size_, 0)) {}

MappedFile& MappedFile::operator=(MappedFile&& other) noexcept {
    std::swap(data_, other.data_);
    std::swap(size_, other.size_);
    return *this;
}

MappedFile::~MappedFile() {
    if (size_ != 0) ::munmap(const_cast<char*>(data_), size_);
}

Result<int> mode_of(const fs::path& path) {
    struct stat info{};
    if (::stat(path.c_str(), &info) != 0) return failed("read", path);
    return static_cast<int>(info.st_mode & 07777);
}

}  // namespace colport
