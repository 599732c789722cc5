#include <png.h>

#include <bit>
#include <csetjmp>
#include <cstring>

#include "press/pictures/picture_decoders.h"

namespace colport {
namespace {

static_assert(std::endian::native == std::endian::little, "BGRA is 0xAARRGGBB here");

// For what is not pixels: profiles, texts, times. Nothing of it is used but EXIF and the
// profile.
constexpr png_alloc_size_t max_chunk = 1 << 20;
constexpr png_uint_32 max_chunks = 1000;

/// libpng leaves by longjmp: nothing with a destructor may live in the frames
/// that it leaves, so all of it is here.
struct Job {
    png_structp reader = nullptr;
    png_infop info = nullptr;
    Bytes rest;
    Status size = done();
    Pixels out;
    std::vector<png_bytep> rows;

    Job() = default;
    ~Job() { png_destroy_read_struct(&reader, &info, nullptr); }
    Job(const Job&) = delete;
    Job& operator=(const Job&) = delete;
};

void read_bytes(png_structp reader, png_bytep to, std::size_t size) {
    auto& rest = static_cast<Job*>(png_get_io_ptr(reader))->rest;
    if (size > rest.size()) png_error(reader, "cut off");
    std::memcpy(to, rest.data(), size);
    rest.remove_prefix(size);
}

void read_orientation(Job& job) {
    png_bytep exif = nullptr;
    png_uint_32 size = 0;
    if (png_get_eXIf_1(job.reader, job.info, &size, &exif) && exif)
        job.out.orientation = exif_orientation({reinterpret_cast<const char*>(exif), size});
}

void read_profile(Job& job) {
    png_charp name = nullptr;
    png_bytep profile = nullptr;
    png_uint_32 size = 0;
    int compression = 0;
    if (png_get_iCCP(job.reader, job.info, &name, &compression, &profile, &size) && profile)
        job.out.profile.assign(reinterpret_cast<const char*>(profile), size);
}

/// False when libpng gave up.
bool run(Job& job) {
    if (setjmp(png_jmpbuf(job.reader))) return false;
    auto* reader = job.reader;
    png_set_read_fn(reader, &job, read_bytes);
    png_set_user_limits(reader, picture_limits::side, picture_limits::side);
    png_set_chunk_malloc_max(reader, max_chunk);
    png_set_chunk_cache_max(reader, max_chunks);
    png_read_info(reader, job.info);
    const auto width = png_get_image_width(reader, job.info);
    const auto height = png_get_image_height(reader, job.info);
    job.size = check_picture_size(width, height);
    if (!job.size) return true;
    read_orientation(job);
    read_profile(job);
    png_set_expand(reader);
    png_set_scale_16(reader);
    png_set_gray_to_rgb(reader);
    png_set_bgr(reader);
    png_set_add_alpha(reader, 0xff, PNG_FILLER_AFTER);
    png_set_interlace_handling(reader);
    png_read_update_info(reader, job.info);
    if (png_get_rowbytes(reader, job.info) != std::size_t{width} * 4) return false;
    job.out.width = width;
    job.out.height = height;
    job.out.argb.resize(std::size_t{width} * height);
    for (std::uint32_t y = 0; y < height; ++y)
        job.rows.push_back(
            reinterpret_cast<png_bytep>(job.out.argb.data() + std::size_t{y} * width));
    png_read_image(reader, job.rows.data());
    png_read_end(reader, nullptr);
    return true;
}

}  // namespace

Result<Pixels> decode_png(Bytes file) {
    Job job;
    job.rest = file;
    job.out.drawn = true;
    job.reader = png_create_read_struct(
        PNG_LIBPNG_VER_STRING, &job,
        [](png_structp reader, png_const_charp) { png_longjmp(reader, 1); },
        [](png_structp reader, png_const_charp text) {
            // It leaves out a profile that it finds fault with.
            if (Bytes(text).starts_with("iCCP"))
                static_cast<Job*>(png_get_error_ptr(reader))->out.odd_profile = true;
        });
    job.info = job.reader ? png_create_info_struct(job.reader) : nullptr;
    if (!job.info || !run(job)) return Error{Errc::corrupt, "broken PNG file"};
    if (!job.size) return job.size.error();
    return std::move(job.out);
}

}  // namespace colport
