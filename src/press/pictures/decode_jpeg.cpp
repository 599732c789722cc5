#include <cstdio>

#include <jerror.h>
#include <jpeglib.h>

#include <bit>
#include <csetjmp>
#include <cstdlib>
#include <limits>
#include <memory>

#include "press/pictures/colors.h"
#include "press/pictures/picture_decoders.h"

namespace colport {
namespace {

static_assert(std::endian::native == std::endian::little, "JCS_EXT_BGRA is 0xAARRGGBB here");

constexpr Bytes exif_start("Exif\0\0", 6);

/// Other warnings are about what surrounds the picture.
bool loses_pixels(int warning) {
    return warning == JWRN_HIT_MARKER || warning == JWRN_JPEG_EOF ||
           warning == JWRN_HUFF_BAD_CODE;
}

/// libjpeg leaves by longjmp: nothing with a destructor may live in the frames
/// that it leaves, so all of it is here.
struct Job {
    jpeg_decompress_struct reader{};
    jpeg_error_mgr errors{};
    jpeg_progress_mgr progress{};
    std::jmp_buf failed{};
    Bytes file;
    std::uint32_t wanted = 0;
    Status size = done();
    Pixels out;
    std::vector<std::uint8_t> inks;   ///< one row of CMYK
    std::unique_ptr<ColorTransform> of_inks;
    JOCTET* profile = nullptr;

    Job() {
        reader.err = jpeg_std_error(&errors);
        errors.error_exit = [](j_common_ptr common) {
            std::longjmp(static_cast<Job*>(common->client_data)->failed, 1);
        };
        errors.output_message = [](j_common_ptr) {};
        errors.emit_message = [](j_common_ptr common, int level) {
            // What is missing would be grey: half a picture passes for a whole one.
            if (level < 0 && loses_pixels(common->err->msg_code))
                std::longjmp(static_cast<Job*>(common->client_data)->failed, 1);
        };
        progress.progress_monitor = [](j_common_ptr common) {
            const auto* decoder = reinterpret_cast<j_decompress_ptr>(common);
            if (decoder->input_scan_number > picture_limits::jpeg_scans)
                std::longjmp(static_cast<Job*>(common->client_data)->failed, 1);
        };
    }
    ~Job() {
        std::free(profile);
        jpeg_destroy_decompress(&reader);
    }
    Job(const Job&) = delete;
    Job& operator=(const Job&) = delete;
};

void read_orientation(Job& job) {
    for (const auto* marker = job.reader.marker_list; marker; marker = marker->next) {
        const Bytes data(reinterpret_cast<const char*>(marker->data), marker->data_length);
        if (data.starts_with(exif_start))
            job.out.orientation = exif_orientation(data.substr(exif_start.size()));
    }
}

void read_profile(Job& job, bool inks) {
    unsigned int size = 0;
    if (!jpeg_read_icc_profile(&job.reader, &job.profile, &size)) return;
    const Bytes profile(reinterpret_cast<const char*>(job.profile), size);
    if (!inks) {
        if (size > max_color_profile) job.out.odd_profile = true;
        else job.out.profile = profile;
        return;
    }
    using From = ColorTransform::From;
    auto opened = ColorTransform::open(
        profile, job.reader.saw_Adobe_marker ? From::inverted_inks : From::inks);
    if (opened) job.of_inks = std::move(*opened);
    else job.out.odd_profile = true;
}

/// The smallest eighths that still give `wanted` pixels.
void choose_scale(Job& job) {
    auto& reader = job.reader;
    const auto longest = std::max(reader.image_width, reader.image_height);
    reader.scale_denom = 8;
    reader.scale_num = 8;
    for (const unsigned eighths : {4U, 2U, 1U})
        if (std::uint64_t{longest} * eighths / 8 >= job.wanted) reader.scale_num = eighths;
}

/// Adobe's programs write inks upside down, and nobody else writes any.
void row_from_inks(const Job& job, std::uint32_t* row) {
    if (job.of_inks) return job.of_inks->apply(job.inks.data(), row, job.out.width);
    const bool inverted = job.reader.saw_Adobe_marker;
    for (std::uint32_t x = 0; x < job.out.width; ++x) {
        const auto ink = [&](std::size_t i) -> std::uint32_t {
            const std::uint32_t value = job.inks[x * 4 + i];
            return inverted ? value : 255 - value;
        };
        const auto key = ink(3);
        row[x] = 0xff000000U | (ink(0) * key / 255) << 16 | (ink(1) * key / 255) << 8 |
                 ink(2) * key / 255;
    }
}

/// False when libjpeg gave up.
bool run(Job& job) {
    auto& reader = job.reader;
    reader.client_data = &job;
    if (setjmp(job.failed)) return false;
    jpeg_create_decompress(&reader);
    reader.client_data = &job;
    reader.progress = &job.progress;
    jpeg_save_markers(&reader, JPEG_APP0 + 1, 0xffff);
    jpeg_save_markers(&reader, JPEG_APP0 + 2, 0xffff);
    jpeg_mem_src(&reader, reinterpret_cast<const unsigned char*>(job.file.data()),
                 static_cast<unsigned long>(job.file.size()));
    jpeg_read_header(&reader, TRUE);
    // All coefficients of a progressive file are held at once.
    const bool one_scan = !jpeg_has_multiple_scans(&reader);
    job.size = check_picture_size(reader.image_width, reader.image_height,
                                  one_scan ? picture_limits::jpeg_pixels : picture_limits::pixels);
    if (!job.size) return true;
    read_orientation(job);
    choose_scale(job);
    const bool inks = reader.jpeg_color_space == JCS_CMYK || reader.jpeg_color_space == JCS_YCCK;
    read_profile(job, inks);
    reader.out_color_space = inks ? JCS_CMYK : JCS_EXT_BGRA;
    reader.do_fancy_upsampling = TRUE;
    reader.dct_method = JDCT_ISLOW;
    jpeg_start_decompress(&reader);
    job.size = check_picture_size(reader.output_width, reader.output_height);
    if (!job.size) return true;
    job.out.width = reader.output_width;
    job.out.height = reader.output_height;
    job.out.argb.resize(std::size_t{job.out.width} * job.out.height);
    if (inks) job.inks.resize(std::size_t{job.out.width} * 4);
    while (reader.output_scanline < reader.output_height) {
        auto* row = job.out.argb.data() + std::size_t{reader.output_scanline} * job.out.width;
        auto* bytes = inks ? job.inks.data() : reinterpret_cast<JSAMPLE*>(row);
        if (jpeg_read_scanlines(&reader, &bytes, 1) != 1) return false;
        if (inks) row_from_inks(job, row);
    }
    jpeg_finish_decompress(&reader);
    return true;
}

}  // namespace

Result<Pixels> decode_jpeg(Bytes file, std::uint32_t wanted) {
    Job job;
    job.file = file;
    job.wanted = wanted;
    if (!run(job)) return Error{Errc::corrupt, "broken JPEG file"};
    if (!job.size) return job.size.error();
    return std::move(job.out);
}

}  // namespace colport
