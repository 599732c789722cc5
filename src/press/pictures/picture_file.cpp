#include "press/pictures/picture_file.h"

#include <webp/encode.h>

#include <algorithm>
#include <array>

#include "press/pictures/colors.h"
#include "press/pictures/picture_decoders.h"

namespace colport {
namespace {

// Below this, text in screenshots is hard to read and faces fall apart; a smaller
// picture looks better for the same bytes.
constexpr std::array<float, 5> qualities{82, 74, 64, 52, 40};
constexpr int method = 4;
// Smaller than this no picture is made, whatever its bytes.
constexpr std::uint32_t least_side = 64;
// Lossless packing of more pixels takes seconds.
constexpr std::uint64_t lossless_pixels = 1'000'000;

Error out_of_memory() { return Error{Errc::too_large, "no memory for the picture"}; }

/// libwebp's picture and what it is written to.
class Packer {
public:
    Packer() { ok_ = WebPPictureInit(&picture_); }
    ~Packer() { WebPPictureFree(&picture_); }
    Packer(const Packer&) = delete;
    Packer& operator=(const Packer&) = delete;

    /// Borrows `pixels` until the picture is rescaled.
    bool borrow(Pixels& pixels) {
        picture_.use_argb = 1;
        picture_.width = static_cast<int>(pixels.width);
        picture_.height = static_cast<int>(pixels.height);
        picture_.argb = pixels.argb.data();
        picture_.argb_stride = picture_.width;
        return ok_;
    }
    bool rescale(std::uint32_t width, std::uint32_t height) {
        return WebPPictureRescale(&picture_, static_cast<int>(width), static_cast<int>(height));
    }
    [[nodiscard]] Pixels pixels() const {
        Pixels out{.width = static_cast<std::uint32_t>(picture_.width),
                   .height = static_cast<std::uint32_t>(picture_.height)};
        for (int y = 0; y < picture_.height; ++y) {
            const auto* row = picture_.argb + std::ptrdiff_t{y} * picture_.argb_stride;
            out.argb.insert(out.argb.end(), row, row + picture_.width);
        }
        return out;
    }
    /// Empty when libwebp cannot.
    std::string pack(const WebPConfig& config) {
        std::string out;
        picture_.custom_ptr = &out;
        picture_.writer = [](const std::uint8_t* bytes, std::size_t size,
                             const WebPPicture* picture) {
            static_cast<std::string*>(picture->custom_ptr)
                ->append(reinterpret_cast<const char*>(bytes), size);
            return 1;
        };
        return ok_ && WebPEncode(&config, &picture_) ? out : std::string();
    }

private:
    WebPPicture picture_{};
    bool ok_ = false;
};

bool is_jpeg(Bytes file) { return file.starts_with("\xff\xd8\xff"); }
bool is_png(Bytes file) { return file.starts_with("\x89PNG\r\n\x1a\n"); }
bool is_gif(Bytes file) { return file.starts_with("GIF87a") || file.starts_with("GIF89a"); }
bool is_newer(Bytes file) {
    const auto brand = file.substr(0, 12);
    for (const Bytes other : {"ftypavif", "ftypheic", "ftypmif1", "ftypheix"})
        if (brand.ends_with(other)) return true;
    return false;
}

Result<Pixels> decode(Bytes file, std::uint32_t wanted) {
    if (is_jpeg(file)) return decode_jpeg(file, wanted);
    if (is_png(file)) return decode_png(file);
    if (is_gif(file)) return decode_gif(file);
    if (is_webp(file)) return decode_webp(file);
    if (is_newer(file))
        return Error{Errc::unsupported, "AVIF and HEIC pictures cannot be read",
                     "save it as JPEG or PNG"};
    return Error{Errc::unsupported, "not a JPEG, PNG, GIF or WebP picture"};
}

/// As EXIF counts: 2 to 4 mirror and turn by half, 5 to 8 swap the sides as well.
Pixels upright(Pixels pixels) {
    const int orientation = pixels.orientation;
    if (orientation == 1) return pixels;
    const auto width = pixels.width;
    const auto height = pixels.height;
    const bool swaps = orientation >= 5;
    Pixels out{.width = swaps ? height : width, .height = swaps ? width : height,
               .drawn = pixels.drawn};
    out.argb.resize(pixels.argb.size());
    const bool from_right = orientation == 2 || orientation == 3 || orientation == 7 ||
                            orientation == 8;
    const bool from_below = orientation == 3 || orientation == 4 || orientation == 6 ||
                            orientation == 7;
    for (std::uint32_t y = 0; y < out.height; ++y)
        for (std::uint32_t x = 0; x < out.width; ++x) {
            const auto across = swaps ? y : x;
            const auto down = swaps ? x : y;
            const auto from_x = from_right ? width - 1 - across : across;
            const auto from_y = from_below ? height - 1 - down : down;
            out.argb[std::size_t{y} * out.width + x] =
                pixels.argb[std::size_t{from_y} * width + from_x];
        }
    return out;
}

/// After it was made smaller: it is a matter of every pixel.
void to_srgb(Pixels& pixels) {
    if (pixels.profile.empty()) return;
    const auto transform = ColorTransform::open(pixels.profile, ColorTransform::From::rgb);
    if (!transform) pixels.odd_profile = true;
    else if (*transform) (*transform)->apply(pixels.argb.data(), pixels.argb.size());
    pixels.profile.clear();
}

Result<Pixels> scaled(Pixels pixels, std::uint32_t side) {
    const auto longest = std::max(pixels.width, pixels.height);
    if (longest <= side) return pixels;
    const auto shrink = [&](std::uint32_t length) {
        return std::max<std::uint32_t>(
            1, static_cast<std::uint32_t>((std::uint64_t{length} * side + longest / 2) / longest));
    };
    Packer packer;
    if (!packer.borrow(pixels) || !packer.rescale(shrink(pixels.width), shrink(pixels.height)))
        return out_of_memory();
    auto out = packer.pixels();
    out.orientation = pixels.orientation;
    out.drawn = pixels.drawn;
    out.profile = std::move(pixels.profile);
    out.odd_profile = pixels.odd_profile;
    return out;
}

void clear_transparent(Pixels& pixels) {
    for (auto& pixel : pixels.argb)
        if (pixel <= 0x00ffffffU) pixel = 0;
}

Result<std::string> pack(Pixels& pixels, float quality, bool lossless) {
    WebPConfig config;
    if (!WebPConfigInit(&config)) return Error{Errc::unsupported, "libwebp does not work here"};
    config.quality = quality;
    config.method = method;
    config.lossless = lossless;
    Packer packer;
    if (!packer.borrow(pixels)) return out_of_memory();
    auto out = packer.pack(config);
    if (out.empty()) return out_of_memory();
    return out;
}

/// The best that fits into `bytes`, or else the last tried.
Result<std::string> pack_within(Pixels& pixels, std::size_t bytes) {
    if (pixels.drawn && pixels.argb.size() <= lossless_pixels)
        if (auto exact = COLPORT_TRY(pack(pixels, 75, true)); exact.size() <= bytes) return exact;
    std::string out;
    for (const float quality : qualities) {
        out = COLPORT_TRY(pack(pixels, quality, false));
        if (out.size() <= bytes) break;
    }
    return out;
}

}  // namespace

bool is_webp(Bytes file) {
    return file.starts_with("RIFF") && file.substr(0, 12).ends_with("WEBP");
}

bool begins_as_picture(Bytes file) {
    return is_jpeg(file) || is_png(file) || is_gif(file) || is_webp(file) || is_newer(file);
}

Result<PictureFile> shrink_picture(Bytes file, const PictureSize& size) {
    auto pixels = COLPORT_TRY(decode(file, size.side));
    pixels = COLPORT_TRY(scaled(std::move(pixels), size.side));
    to_srgb(pixels);
    const bool odd_profile = pixels.odd_profile;
    pixels = upright(std::move(pixels));
    clear_transparent(pixels);
    while (true) {
        // Packing changes what it is lent.
        auto lent = pixels;
        PictureFile out{.media_type = "image/webp", .width = pixels.width, .height = pixels.height};
        out.bytes = COLPORT_TRY(pack_within(lent, size.bytes));
        if (odd_profile) out.warning = "its color profile cannot be used: its colors may be off";
        const auto longest = std::max(pixels.width, pixels.height);
        if (out.bytes.size() <= size.bytes || longest <= least_side) return out;
        pixels = COLPORT_TRY(scaled(std::move(pixels), std::max(least_side, longest * 4 / 5)));
    }
}

}  // namespace colport
