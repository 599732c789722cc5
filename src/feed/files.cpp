#include "feed/files.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>

#include <cstring>

#include "core/crypto.h"
#include "feed/descriptor.h"

namespace colport {

namespace fs = std::filesystem;

Error file_error(std::string_view doing, const fs::path& path, int number) {
    const auto code = number == ENOENT                      ? Errc::not_found
                      : number == EACCES || number == EROFS ? Errc::denied
                                                            : Errc::io;
    return {code, fmt::format("cannot {} {}: {}", doing, path.string(), strerror(number)),
            number == ENOSPC ? "free some disk space and try again" : ""};
}

Result<Descriptor> open_regular(const fs::path& path) {
    Descriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY));
    struct stat info{};
    if (!file || ::fstat(file.get(), &info) != 0) return file_error("read", path);
    if (!S_ISREG(info.st_mode))
        return Error{Errc::io, fmt::format("{} is not a regular file", path.string())};
    return file;
}

Result<Descriptor> open_new(const fs::path& path, int mode) {
    Descriptor file(::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW,
                           static_cast<mode_t>(mode)));
    if (!file) return file_error("write", path);
    return file;
}

Status write_all(int file, Bytes content, const fs::path& path) {
    while (!content.empty()) {
        const auto written = ::write(file, content.data(), content.size());
        if (written < 0 && errno == EINTR) continue;
        if (written < 0) return file_error("write", path);
        content.remove_prefix(static_cast<std::size_t>(written));
    }
    return done();
}

Status read_parts(int file, const fs::path& path, const std::function<Status(Bytes)>& take) {
    char buffer[65536];
    while (true) {
        const auto got = ::read(file, buffer, sizeof buffer);
        if (got < 0 && errno == EINTR) continue;
        if (got < 0) return file_error("read", path);
        if (got == 0) return done();
        COLPORT_TRY(take(Bytes(buffer, static_cast<std::size_t>(got))));
    }
}

Status replace_file(const fs::path& path, int mode, const std::function<Status(int)>& fill) {
    const fs::path temporary = path.string() + ".tmp";
    ::unlink(temporary.c_str());
    Status written = done();
    {
        const auto file = COLPORT_TRY(open_new(temporary, mode));
        written = fill(file.get());
        if (written && ::fsync(file.get()) != 0) written = file_error("write", path);
    }
    if (written && ::rename(temporary.c_str(), path.c_str()) != 0)
        written = file_error("write", path);
    if (!written) {
        ::unlink(temporary.c_str());
        return written;
    }
    return sync_file(path.has_parent_path() ? path.parent_path() : fs::path("."));
}

Result<std::string> read_file(const fs::path& path, std::size_t limit) {
    const auto file = COLPORT_TRY(open_regular(path));
    std::string out;
    COLPORT_TRY(read_parts(file.get(), path, [&](Bytes part) -> Status {
        out += part;
        if (out.size() <= limit) return done();
        return Error{Errc::too_large, fmt::format("{} is over {} bytes", path.string(), limit)};
    }));
    return out;
}

Status write_file(const fs::path& path, Bytes content, int mode) {
    return replace_file(path, mode, [&](int file) { return write_all(file, content, path); });
}

Result<bool> copy_whole(const fs::path& from, const fs::path& to, std::uint64_t size,
                        const Sha256& sha256) {
    const auto stamp = stamp_of(from);
    if (!stamp || stamp->size != size) return false;
    const auto source = open_regular(from);
    if (!source) return false;
    const Error not_whole{Errc::corrupt, fmt::format("{} is not whole", from.string())};
    const auto copied = replace_file(to, 0644, [&](int file) -> Status {
        Sha256Hasher hasher;
        std::uint64_t total = 0;
        Status written = done();
        const auto read = read_parts(source->get(), from, [&](Bytes part) -> Status {
            hasher.update(part);
            total += part.size();
            if (total > size) return not_whole;
            written = write_all(file, part, to);
            return written;
        });
        if (!written) return written;
        if (!read || total != size || hasher.finish() != sha256) return not_whole;
        return done();
    });
    if (copied) return true;
    if (copied.error().code == Errc::corrupt) return false;
    return copied.error();
}

Status make_directory(const fs::path& path, int mode) {
    fs::path made;
    for (const auto& part : path) {
        made /= part;
        if (::mkdir(made.c_str(), static_cast<mode_t>(mode)) != 0 && errno != EEXIST &&
            !(errno == EROFS && fs::exists(made)) && !(errno == EACCES && fs::exists(made)))
            return file_error("make directory", made);
    }
    std::error_code error;
    if (!fs::is_directory(path, error)) return file_error("make directory", path, ENOTDIR);
    return done();
}

Status remove_path(const fs::path& path) {
    std::error_code error;
    fs::remove_all(path, error);
    if (error)
        return Error{Errc::io, fmt::format("cannot remove {}: {}", path.string(), error.message())};
    return done();
}

Status sync_file(const fs::path& path) {
    const Descriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
    if (!file || ::fsync(file.get()) != 0) return file_error("sync", path);
    return done();
}

Result<Sha256> hash_file(const fs::path& path, std::uint64_t size) {
    const Error corrupt{Errc::corrupt, fmt::format("{} is not {} bytes long", path.string(), size)};
    const auto file = COLPORT_TRY(open_regular(path));
    Sha256Hasher hasher;
    std::uint64_t total = 0;
    COLPORT_TRY(read_parts(file.get(), path, [&](Bytes part) -> Status {
        hasher.update(part);
        total += part.size();
        if (total > size) return corrupt;
        return done();
    }));
    if (total != size) return corrupt;
    return hasher.finish();
}

Result<FileStamp> stamp_of(const fs::path& path) {
    struct stat info{};
    if (::stat(path.c_str(), &info) != 0) return file_error("read", path);
    return FileStamp{static_cast<std::uint64_t>(info.st_size),
                     info.st_mtim.tv_sec * 1'000'000'000LL + info.st_mtim.tv_nsec};
}

Result<int> mode_of(const fs::path& path) {
    struct stat info{};
    if (::stat(path.c_str(), &info) != 0) return file_error("read", path);
    return static_cast<int>(info.st_mode & 07777);
}

}  // namespace colport
