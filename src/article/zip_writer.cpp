#include "article/zip_writer.h"

#include <zip.h>

#include <memory>

namespace colport {
namespace {

// The format's dates begin in 1980.
constexpr std::int64_t earliest = 315'532'800;

Error failure(zip_error_t* error) {
    Error out{Errc::io, std::string("cannot make an archive: ") + zip_error_strerror(error)};
    zip_error_fini(error);
    return out;
}

Status add(zip_t* archive, const ZipMember& member, std::int64_t time) {
    auto* source = zip_source_buffer(archive, member.content.data(), member.content.size(), 0);
    const auto index = source == nullptr
                           ? -1
                           : zip_file_add(archive, member.name.c_str(), source, ZIP_FL_ENC_UTF_8);
    if (index < 0) {
        if (source != nullptr) zip_source_free(source);
        return Error{Errc::io, std::string("cannot make an archive: ") + zip_strerror(archive)};
    }
    const auto place = static_cast<zip_uint64_t>(index);
    zip_set_file_compression(archive, place, member.compressed ? ZIP_CM_DEFLATE : ZIP_CM_STORE, 0);
    zip_file_set_mtime(archive, place, static_cast<time_t>(std::max(time, earliest)), 0);
    zip_file_set_external_attributes(archive, place, 0, ZIP_OPSYS_DOS, 0);
    return done();
}

Result<std::string> content_of(zip_source_t* source) {
    zip_stat_t about;
    if (zip_source_stat(source, &about) != 0 || (about.valid & ZIP_STAT_SIZE) == 0 ||
        zip_source_open(source) != 0)
        return Error{Errc::io, "cannot make an archive"};
    std::string out(about.size, '\0');
    const auto read = zip_source_read(source, out.data(), out.size());
    zip_source_close(source);
    if (read < 0 || static_cast<std::size_t>(read) != out.size())
        return Error{Errc::io, "cannot make an archive"};
    return out;
}

}  // namespace

Result<std::string> to_zip(const std::vector<ZipMember>& members, std::int64_t time) {
    zip_error_t error;
    zip_error_init(&error);
    const std::unique_ptr<zip_source_t, void (*)(zip_source_t*)> memory(
        zip_source_buffer_create(nullptr, 0, 0, &error), zip_source_free);
    if (!memory) return failure(&error);
    zip_t* opened = zip_open_from_source(memory.get(), ZIP_CREATE | ZIP_TRUNCATE, &error);
    if (opened == nullptr) return failure(&error);
    zip_source_keep(memory.get());
    std::unique_ptr<zip_t, void (*)(zip_t*)> archive(opened, zip_discard);
    for (const auto& member : members) COLPORT_TRY(add(archive.get(), member, time));
    if (zip_close(archive.get()) != 0)
        return Error{Errc::io,
                     std::string("cannot make an archive: ") + zip_strerror(archive.get())};
    static_cast<void>(archive.release());
    return content_of(memory.get());
}

}  // namespace colport
