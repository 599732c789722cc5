#include "support/made_pictures.h"

#include <cstdio>

#include <gif_lib.h>
#include <jpeglib.h>
#include <lcms2.h>
#include <png.h>
#include <webp/encode.h>

#include <array>
#include <cstdlib>
#include <random>
#include <vector>

namespace colport::test {
namespace {

struct Color {
    std::uint8_t red, green, blue;
};
constexpr std::array<Color, 4> quarters{
    {{255, 0, 0}, {0, 255, 0}, {0, 0, 255}, {255, 255, 255}}};

std::size_t quarter(const MadePicture& picture, std::uint32_t x, std::uint32_t y) {
    return (y >= picture.height / 2 ? 2U : 0U) + (x >= picture.width / 2 ? 1U : 0U);
}

std::vector<std::uint8_t> rgb(const MadePicture& picture) {
    std::vector<std::uint8_t> out;
    std::mt19937 random(7);
    for (std::uint32_t y = 0; y < picture.height; ++y)
        for (std::uint32_t x = 0; x < picture.width; ++x) {
            const auto& color = quarters[quarter(picture, x, y)];
            for (const auto part : {color.red, color.green, color.blue}) {
                const std::uint8_t drawn = !picture.muted ? part : part == 255 ? 200 : 60;
                out.push_back(picture.noise ? static_cast<std::uint8_t>(random()) : drawn);
            }
        }
    return out;
}

std::string pack_jpeg(const MadePicture& picture, std::vector<std::uint8_t> samples, int parts,
                      J_COLOR_SPACE space) {
    jpeg_compress_struct writer{};
    jpeg_error_mgr errors{};
    writer.err = jpeg_std_error(&errors);
    jpeg_create_compress(&writer);
    unsigned char* memory = nullptr;
    unsigned long size = 0;
    jpeg_mem_dest(&writer, &memory, &size);
    writer.image_width = picture.width;
    writer.image_height = picture.height;
    writer.input_components = parts;
    writer.in_color_space = space;
    jpeg_set_defaults(&writer);
    jpeg_set_quality(&writer, 95, TRUE);
    if (picture.progressive) jpeg_simple_progression(&writer);
    jpeg_start_compress(&writer, TRUE);
    if (!picture.exif.empty()) {
        const auto body = std::string("Exif\0\0", 6) + picture.exif;
        jpeg_write_marker(&writer, JPEG_APP0 + 1, reinterpret_cast<const JOCTET*>(body.data()),
                          static_cast<unsigned>(body.size()));
    }
    if (!picture.profile.empty())
        jpeg_write_icc_profile(&writer, reinterpret_cast<const JOCTET*>(picture.profile.data()),
                               static_cast<unsigned>(picture.profile.size()));
    while (writer.next_scanline < writer.image_height) {
        auto* row = samples.data() + std::size_t{writer.next_scanline} * picture.width *
                                         static_cast<std::size_t>(parts);
        jpeg_write_scanlines(&writer, &row, 1);
    }
    jpeg_finish_compress(&writer);
    std::string out(reinterpret_cast<const char*>(memory), size);
    jpeg_destroy_compress(&writer);
    std::free(memory);
    return out;
}

void append_little(std::string& out, std::uint32_t value, int size) {
    for (int i = 0; i < size; ++i) out += static_cast<char>(value >> (8 * i) & 0xff);
}

std::string riff_chunk(const std::string& type, Bytes body) {
    std::string out = type;
    append_little(out, static_cast<std::uint32_t>(body.size()), 4);
    out += body;
    if (body.size() % 2) out += '\0';
    return out;
}

}  // namespace

std::string made_jpeg(const MadePicture& picture) {
    return pack_jpeg(picture, rgb(picture), 3, JCS_RGB);
}

std::string made_cmyk_jpeg(const MadePicture& picture) {
    // Adobe's way round: 255 is no ink.
    std::vector<std::uint8_t> inks;
    const auto colors = rgb(picture);
    for (std::size_t i = 0; i < colors.size(); i += 3) {
        inks.insert(inks.end(), colors.begin() + static_cast<std::ptrdiff_t>(i),
                    colors.begin() + static_cast<std::ptrdiff_t>(i) + 3);
        inks.push_back(255);
    }
    return pack_jpeg(picture, std::move(inks), 4, JCS_CMYK);
}

std::string made_png(const MadePicture& picture) {
    auto samples = rgb(picture);
    auto* writer = png_create_write_struct(PNG_LIBPNG_VER_STRING, nullptr, nullptr, nullptr);
    auto* info = png_create_info_struct(writer);
    std::string out;
    png_set_write_fn(
        writer, &out,
        [](png_structp at, png_bytep bytes, std::size_t size) {
            static_cast<std::string*>(png_get_io_ptr(at))
                ->append(reinterpret_cast<const char*>(bytes), size);
        },
        [](png_structp) {});
    png_set_IHDR(writer, info, picture.width, picture.height, 8, PNG_COLOR_TYPE_RGB,
                 picture.progressive ? PNG_INTERLACE_ADAM7 : PNG_INTERLACE_NONE,
                 PNG_COMPRESSION_TYPE_DEFAULT, PNG_FILTER_TYPE_DEFAULT);
    auto exif = picture.exif;
    if (!exif.empty())
        png_set_eXIf_1(writer, info, static_cast<png_uint_32>(exif.size()),
                       reinterpret_cast<png_bytep>(exif.data()));
    if (!picture.profile.empty())
        png_set_iCCP(writer, info, "profile", PNG_COMPRESSION_TYPE_BASE,
                     reinterpret_cast<png_const_bytep>(picture.profile.data()),
                     static_cast<png_uint_32>(picture.profile.size()));
    png_write_info(writer, info);
    std::vector<png_bytep> rows;
    for (std::uint32_t y = 0; y < picture.height; ++y)
        rows.push_back(samples.data() + std::size_t{y} * picture.width * 3);
    png_write_image(writer, rows.data());
    png_write_end(writer, info);
    png_destroy_write_struct(&writer, &info);
    return out;
}

std::string made_gif(const MadePicture& picture) {
    std::string out;
    int error = 0;
    auto* writer = EGifOpen(
        &out,
        [](GifFileType* at, const GifByteType* bytes, int size) {
            static_cast<std::string*>(at->UserData)
                ->append(reinterpret_cast<const char*>(bytes), static_cast<std::size_t>(size));
            return size;
        },
        &error);
    EGifSetGifVersion(writer, true);
    std::array<GifColorType, 8> colors{};
    for (std::size_t i = 0; i < 4; ++i)
        colors[i] = {quarters[i].red, quarters[i].green, quarters[i].blue};
    auto* map = GifMakeMapObject(8, colors.data());
    const auto width = static_cast<int>(picture.width);
    const auto height = static_cast<int>(picture.height);
    EGifPutScreenDesc(writer, width, height, 8, 0, map);
    for (const bool first : {true, false}) {
        EGifPutImageDesc(writer, 0, 0, width, height, picture.progressive, nullptr);
        std::vector<std::uint32_t> order;
        for (const auto& [start, step] : {std::pair{0U, 8U}, {4U, 8U}, {2U, 4U}, {1U, 2U}})
            for (auto y = start; picture.progressive && y < picture.height; y += step)
                order.push_back(y);
        for (std::uint32_t y = 0; !picture.progressive && y < picture.height; ++y)
            order.push_back(y);
        for (const auto y : order) {
            std::vector<GifPixelType> line;
            for (std::uint32_t x = 0; x < picture.width; ++x)
                line.push_back(first ? static_cast<GifPixelType>(quarter(picture, x, y)) : 4);
            EGifPutLine(writer, line.data(), width);
        }
    }
    EGifCloseFile(writer, &error);
    GifFreeMapObject(map);
    return out;
}

std::string made_webp(const MadePicture& picture) {
    const auto samples = rgb(picture);
    std::uint8_t* memory = nullptr;
    const auto size =
        WebPEncodeRGB(samples.data(), static_cast<int>(picture.width),
                      static_cast<int>(picture.height), static_cast<int>(picture.width * 3), 95,
                      &memory);
    const std::string plain(reinterpret_cast<const char*>(memory), size);
    WebPFree(memory);
    if (picture.exif.empty() && picture.profile.empty()) return plain;
    std::string header;
    append_little(header, (picture.exif.empty() ? 0U : 8U) | (picture.profile.empty() ? 0U : 32U), 4);
    append_little(header, picture.width - 1, 3);
    append_little(header, picture.height - 1, 3);
    const auto optional = [](const char* type, const std::string& body) {
        return body.empty() ? body : riff_chunk(type, body);
    };
    return riff_chunk("RIFF", "WEBP" + riff_chunk("VP8X", header) +
                                  optional("ICCP", picture.profile) + plain.substr(12) +
                                  optional("EXIF", picture.exif));
}

namespace {

std::string saved(cmsHPROFILE profile) {
    cmsUInt32Number size = 0;
    cmsSaveProfileToMem(profile, nullptr, &size);
    std::string out(size, '\0');
    cmsSaveProfileToMem(profile, out.data(), &size);
    cmsCloseProfile(profile);
    return out;
}

std::string rgb_profile(const cmsCIExyYTRIPLE& primaries, cmsToneCurve* curve) {
    const cmsCIExyY white{0.3127, 0.3290, 1};
    cmsToneCurve* curves[] = {curve, curve, curve};
    auto out = saved(cmsCreateRGBProfile(&white, &primaries, curves));
    cmsFreeToneCurve(curve);
    return out;
}

}  // namespace

std::string display_p3_profile() {
    const cmsFloat64Number srgb[] = {2.4, 1 / 1.055, 0.055 / 1.055, 1 / 12.92, 0.04045};
    return rgb_profile({{0.680, 0.320, 1}, {0.265, 0.690, 1}, {0.150, 0.060, 1}},
                       cmsBuildParametricToneCurve(nullptr, 4, srgb));
}

std::string adobe_rgb_profile() {
    return rgb_profile({{0.640, 0.330, 1}, {0.210, 0.710, 1}, {0.150, 0.060, 1}},
                       cmsBuildGamma(nullptr, 563.0 / 256));
}

std::string srgb_profile() { return saved(cmsCreate_sRGBProfile()); }

std::string press_profile() {
    auto* profile = cmsCreateProfilePlaceholder(nullptr);
    cmsSetProfileVersion(profile, 4.2);
    cmsSetDeviceClass(profile, cmsSigOutputClass);
    cmsSetColorSpace(profile, cmsSigCmykData);
    cmsSetPCS(profile, cmsSigLabData);
    auto* to_lab = cmsCreateTransform(cmsCreate_sRGBProfile(), TYPE_RGB_DBL,
                                      cmsCreateLab4Profile(nullptr), TYPE_Lab_DBL,
                                      INTENT_RELATIVE_COLORIMETRIC, cmsFLAGS_NOCACHE);
    auto* lut = cmsPipelineAlloc(nullptr, 4, 3);
    auto* table = cmsStageAllocCLut16bit(nullptr, 9, 4, 3, nullptr);
    cmsStageSampleCLut16bit(
        table,
        [](const cmsUInt16Number* inks, cmsUInt16Number* lab, void* transform) {
            const auto light = [&](int ink, double strength) {
                return (1 - strength * inks[ink] / 65535.0) * (1 - inks[3] / 65535.0);
            };
            const double rgb[] = {light(0, 0.5), light(1, 1), light(2, 1)};
            cmsCIELab color;
            cmsDoTransform(transform, rgb, &color, 1);
            cmsFloat2LabEncoded(lab, &color);
            return 1;
        },
        to_lab, 0);
    cmsPipelineInsertStage(lut, cmsAT_END, cmsStageAllocToneCurves(nullptr, 4, nullptr));
    cmsPipelineInsertStage(lut, cmsAT_END, table);
    cmsPipelineInsertStage(lut, cmsAT_END, cmsStageAllocToneCurves(nullptr, 3, nullptr));
    cmsWriteTag(profile, cmsSigAToB0Tag, lut);
    cmsCIEXYZ white = *cmsD50_XYZ();
    cmsWriteTag(profile, cmsSigMediaWhitePointTag, &white);
    cmsPipelineFree(lut);
    cmsDeleteTransform(to_lab);
    return saved(profile);
}

std::string made_exif(int orientation, Bytes place) {
    std::string out("II\x2a\0\x08\0\0\0", 8);
    append_little(out, 2, 2);
    for (const auto& [tag, type, count, value] :
         {std::array<std::uint32_t, 4>{0x0112, 3, 1, static_cast<std::uint32_t>(orientation)},
          {0x010e, 2, static_cast<std::uint32_t>(place.size()), 38}}) {
        append_little(out, tag, 2);
        append_little(out, type, 2);
        append_little(out, count, 4);
        append_little(out, value, 4);
    }
    append_little(out, 0, 4);
    return out + std::string(place);
}

}  // namespace colport::test
