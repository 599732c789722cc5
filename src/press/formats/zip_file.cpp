#include "press/formats/zip_file.h"

#include <archive.h>
#include <archive_entry.h>
#include <fmt/format.h>

#include "core/limits.h"

namespace colport {
namespace {

constexpr std::size_t max_entries = 65'536;

struct FreeArchive {
    void operator()(archive* open) const noexcept { archive_read_free(open); }
};

Error damaged(archive* zip) {
    const char* why = archive_error_string(zip);
    return {Errc::corrupt, fmt::format("is damaged: {}", why ? why : "cannot be unpacked")};
}

class EntrySource : public ByteSource {
public:
    explicit EntrySource(archive* zip) : zip_(zip) {}
    Result<Bytes> next() override {
        const void* data = nullptr;
        std::size_t size = 0;
        la_int64_t offset = 0;
        while (size == 0) {
            const int status = archive_read_data_block(zip_, &data, &size, &offset);
            if (status == ARCHIVE_EOF) return Bytes();
            if (status < ARCHIVE_WARN) return damaged(zip_);
        }
        return Bytes(static_cast<const char*>(data), size);
    }

private:
    archive* zip_;
};

}  // namespace

bool looks_like_zip(Bytes beginning) { return beginning.starts_with("PK\x03\x04"); }

Status visit_zip(Bytes zip, const std::function<Status(ZipEntry&)>& visit) {
    const std::unique_ptr<archive, FreeArchive> reader(archive_read_new());
    archive_read_support_format_zip(reader.get());
    if (archive_read_open_memory(reader.get(), zip.data(), zip.size()) != ARCHIVE_OK)
        return damaged(reader.get());
    for (std::size_t count = 0;; ++count) {
        archive_entry* entry = nullptr;
        const int status = archive_read_next_header(reader.get(), &entry);
        if (status == ARCHIVE_EOF) return done();
        if (status < ARCHIVE_WARN) return damaged(reader.get());
        if (count >= max_entries)
            return Error{Errc::too_large, "holds more than 65,536 files"};
        const char* name = archive_entry_pathname(entry);
        if (!name || archive_entry_filetype(entry) != AE_IFREG) continue;
        EntrySource content(reader.get());
        ZipEntry file{name, content};
        COLPORT_TRY(visit(file));
    }
}

Result<std::string> read_all(ByteSource& source, std::size_t limit) {
    std::string out;
    while (true) {
        const auto bytes = COLPORT_TRY(source.next());
        if (bytes.empty()) return out;
        if (out.size() + bytes.size() > limit)
            return Error{Errc::too_large,
                         fmt::format("unpacks to more than {} MiB", limit / limits::mib)};
        out += bytes;
    }
}

}  // namespace colport
