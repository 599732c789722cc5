#include "press/pictures/colors.h"

#include <lcms2.h>

#include <algorithm>
#include <bit>
#include <cstdlib>
#include <vector>

namespace colport {
namespace {

static_assert(std::endian::native == std::endian::little, "BGRA is 0xAARRGGBB here");

struct Close {
    void operator()(void* profile) const { cmsCloseProfile(profile); }
};
using Profile = std::unique_ptr<void, Close>;

Error unusable() { return Error{Errc::corrupt, "its color profile cannot be used"}; }

bool describes_pixels(cmsHPROFILE profile) {
    const auto kind = cmsGetDeviceClass(profile);
    return kind == cmsSigInputClass || kind == cmsSigDisplayClass || kind == cmsSigOutputClass ||
           kind == cmsSigColorSpaceClass;
}

/// Most profiles that there are say "sRGB", in many ways: they change no color by
/// more than rounding does.
bool changes_nothing(cmsHTRANSFORM transform) {
    std::vector<std::uint32_t> before;
    for (std::uint32_t red = 0; red <= 255; red += 51)
        for (std::uint32_t green = 0; green <= 255; green += 51)
            for (std::uint32_t blue = 0; blue <= 255; blue += 51)
                before.push_back(0xff000000U | red << 16 | green << 8 | blue);
    auto after = before;
    cmsDoTransform(transform, after.data(), after.data(),
                   static_cast<cmsUInt32Number>(after.size()));
    const auto far = [](std::uint32_t a, std::uint32_t b) {
        for (int shift = 0; shift < 24; shift += 8)
            if (std::abs(static_cast<int>(a >> shift & 0xff) - static_cast<int>(b >> shift & 0xff)) > 2)
                return true;
        return false;
    };
    return std::equal(before.begin(), before.end(), after.begin(),
                      [&](std::uint32_t a, std::uint32_t b) { return !far(a, b); });
}

}  // namespace

Result<std::unique_ptr<ColorTransform>> ColorTransform::open(Bytes bytes, From from) {
    if (bytes.size() > max_color_profile) return unusable();
    const Profile profile(
        cmsOpenProfileFromMem(bytes.data(), static_cast<cmsUInt32Number>(bytes.size())));
    if (!profile || !describes_pixels(profile.get())) return unusable();
    const auto space = cmsGetColorSpace(profile.get());
    // What grey is, differs by less than screens do.
    if (space == cmsSigGrayData && from == From::rgb) return std::unique_ptr<ColorTransform>();
    if (space != (from == From::rgb ? cmsSigRgbData : cmsSigCmykData)) return unusable();
    const Profile srgb(cmsCreate_sRGBProfile());
    const auto input = from == From::rgb    ? TYPE_BGRA_8
                       : from == From::inks ? TYPE_CMYK_8
                                            : TYPE_CMYK_8_REV;
    const auto flags =
        cmsFLAGS_BLACKPOINTCOMPENSATION | (from == From::rgb ? cmsFLAGS_COPY_ALPHA : 0U);
    void* transform = srgb ? cmsCreateTransform(profile.get(), input, srgb.get(), TYPE_BGRA_8,
                                                INTENT_PERCEPTUAL, flags)
                           : nullptr;
    if (transform == nullptr) return unusable();
    std::unique_ptr<ColorTransform> out(new ColorTransform(transform));
    if (from == From::rgb && changes_nothing(transform)) out.reset();
    return out;
}

ColorTransform::~ColorTransform() { cmsDeleteTransform(transform_); }

void ColorTransform::apply(std::uint32_t* pixels, std::size_t count) const {
    cmsDoTransform(transform_, pixels, pixels, static_cast<cmsUInt32Number>(count));
}

void ColorTransform::apply(const std::uint8_t* inks, std::uint32_t* pixels,
                           std::size_t count) const {
    cmsDoTransform(transform_, inks, pixels, static_cast<cmsUInt32Number>(count));
    for (std::size_t i = 0; i < count; ++i) pixels[i] |= 0xff000000U;
}

}  // namespace colport
