#include "feed/file_parts.h"

#include <fmt/format.h>
#include <sys/stat.h>

namespace colport {

Result<FileParts> FileParts::open(const std::filesystem::path& path, std::size_t limit) {
    auto file = COLPORT_TRY(open_regular(path));
    struct stat info{};
    if (::fstat(file.get(), &info) != 0) return file_error("read", path);
    const auto size = static_cast<std::size_t>(info.st_size);
    if (size > limit)
        return Error{Errc::too_large, fmt::format("{} is over {} bytes", path.string(), limit)};
    return FileParts(std::move(file), size, path);
}

Result<Bytes> FileParts::read(std::size_t offset, std::size_t size, std::string& buffer) const {
    const Error cut{Errc::corrupt, fmt::format("{} was cut short", path_.string())};
    if (offset > size_ || size > size_ - offset) return cut;
    buffer.resize(size);
    for (std::size_t at = 0; at < size;) {
        const auto got = ::pread(file_.get(), buffer.data() + at, size - at,
                                 static_cast<off_t>(offset + at));
        if (got < 0 && errno == EINTR) continue;
        if (got < 0) return file_error("read", path_);
        if (got == 0) return cut;
        at += static_cast<std::size_t>(got);
    }
    return Bytes(buffer);
}

}  // namespace colport
