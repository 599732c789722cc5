#include <catch2/catch.hpp>

#include <random>

#include "press/pictures/picture_decoders.h"
#include "press/pictures/picture_file.h"
#include "support/made_pictures.h"

using namespace colport;
using namespace colport::test;

namespace {

constexpr Bytes secret = "GPS 35.6892N 51.3890E";

/// The color of a quarter, as a letter: red, green, blue, white or black.
char color_at(const Pixels& pixels, bool right, bool below) {
    const auto x = pixels.width / 4 + (right ? pixels.width / 2 : 0);
    const auto y = pixels.height / 4 + (below ? pixels.height / 2 : 0);
    const auto pixel = pixels.argb.at(std::size_t{y} * pixels.width + x);
    const bool red = (pixel >> 16 & 0xff) > 128;
    const bool green = (pixel >> 8 & 0xff) > 128;
    const bool blue = (pixel & 0xff) > 128;
    if (red && green && blue) return 'W';
    return red ? 'R' : green ? 'G' : blue ? 'B' : 'K';
}

std::string colors_of(const PictureFile& file) {
    const auto pixels = decode_webp(file.bytes);
    REQUIRE(pixels);
    return {color_at(*pixels, false, false), color_at(*pixels, true, false),
            color_at(*pixels, false, true), color_at(*pixels, true, true)};
}

PictureFile shrink_ok(const std::string& file, const PictureSize& size = {}) {
    auto out = shrink_picture(file, size);
    INFO((out ? std::string() : out.error().message));
    REQUIRE(out);
    CHECK(out->media_type == "image/webp");
    return *out;
}

/// Damages a few bytes, or the file's end, as `random` says.
std::string damaged(std::string file, std::mt19937& random) {
    const auto below = [&](std::size_t limit) { return random() % limit; };
    switch (below(4)) {
        case 0: return file.substr(0, below(file.size()));
        case 1: {
            const auto at = below(file.size());
            return file.insert(at, std::string(1 + below(9), static_cast<char>(random())));
        }
        default:
            for (auto left = 1 + below(8); left > 0; --left)
                file[below(file.size())] = static_cast<char>(random());
            return file;
    }
}

}  // namespace

TEST_CASE("every kind of picture becomes a small WebP file") {
    for (const bool progressive : {false, true}) {
        const MadePicture picture{.progressive = progressive};
        for (const auto& file : {made_jpeg(picture), made_png(picture), made_gif(picture),
                                 made_webp(picture), made_cmyk_jpeg(picture)}) {
            const auto out = shrink_ok(file);
            CHECK(out.width == 48);
            CHECK(out.height == 32);
            CHECK(colors_of(out) == "RGBW");
            CHECK(out.bytes == shrink_ok(file).bytes);
        }
    }
}

TEST_CASE("a picture is turned as its camera asked, and forgets where it was taken") {
    const std::array<const char*, 9> shown{"",     "RGBW", "GRWB", "WBGR", "BWRG",
                                           "RBGW", "BRWG", "WGBR", "GWRB"};
    for (int orientation = 1; orientation <= 8; ++orientation) {
        const MadePicture picture{.exif = made_exif(orientation, secret)};
        for (const auto& file : {made_jpeg(picture), made_png(picture), made_webp(picture)}) {
            REQUIRE(file.find(secret) != file.npos);
            const auto out = shrink_ok(file);
            CHECK(colors_of(out) == shown[static_cast<std::size_t>(orientation)]);
            CHECK(out.width == (orientation >= 5 ? 32 : 48));
            CHECK(out.bytes.find(secret.substr(0, 8)) == out.bytes.npos);
            for (const auto* chunk : {"EXIF", "XMP ", "ICCP"})
                CHECK(out.bytes.find(chunk) == out.bytes.npos);
        }
    }
    CHECK(exif_orientation(made_exif(6, "")) == 6);
    CHECK(exif_orientation(made_exif(9, "")) == 1);
    const auto whole = made_exif(6, "");
    for (std::size_t size = 0; size < 22; ++size)
        CHECK(exif_orientation(Bytes(whole).substr(0, size)) == 1);
}

namespace {

/// The color in the middle of a quarter is this one, but for what packing loses.
void check_color(const PictureFile& file, bool right, bool below, int red, int green, int blue,
                 int tolerance) {
    const auto pixels = decode_webp(file.bytes);
    REQUIRE(pixels);
    const auto x = pixels->width / 4 + (right ? pixels->width / 2 : 0);
    const auto y = pixels->height / 4 + (below ? pixels->height / 2 : 0);
    const auto pixel = pixels->argb.at(std::size_t{y} * pixels->width + x);
    INFO("pixel " << std::hex << pixel);
    CHECK(std::abs(static_cast<int>(pixel >> 16 & 0xff) - red) <= tolerance);
    CHECK(std::abs(static_cast<int>(pixel >> 8 & 0xff) - green) <= tolerance);
    CHECK(std::abs(static_cast<int>(pixel & 0xff) - blue) <= tolerance);
    CHECK(pixel >> 24 == 0xff);
}

}  // namespace

TEST_CASE("colors of other profiles become sRGB") {
    SECTION("Display P3, as telephones write it") {
        const MadePicture picture{.exif = made_exif(3, secret), .profile = display_p3_profile(), .muted = true};
        for (const auto& file : {made_jpeg(picture), made_png(picture), made_webp(picture)}) {
            const auto out = shrink_ok(file);
            CHECK(out.warning.empty());
            CHECK(out.bytes.find("ICCP") == out.bytes.npos);
            const int tolerance = file.starts_with("\x89PNG") ? 2 : 12;
            // By the matrices of the standards; the picture is upside down.
            check_color(out, true, true, 217, 41, 51, tolerance);
            check_color(out, false, false, 200, 200, 200, tolerance);
        }
    }
    SECTION("Adobe RGB, of a drawing that is packed without loss") {
        const auto out = shrink_ok(made_png({.profile = adobe_rgb_profile(), .muted = true}));
        check_color(out, false, false, 232, 57, 54, 3);
        check_color(out, true, true, 200, 200, 200, 2);
    }
    SECTION("the inks of a press") {
        const auto out = shrink_ok(made_cmyk_jpeg({.profile = press_profile()}));
        CHECK(out.warning.empty());
        // Blue is full cyan and magenta, and cyan takes half of the red.
        check_color(out, false, true, 128, 0, 255, 14);
        check_color(out, true, true, 255, 255, 255, 6);
        check_color(out, false, false, 255, 0, 0, 14);
    }
    SECTION("sRGB by name changes nothing") {
        const auto plain = shrink_ok(made_png({.muted = true}));
        CHECK(shrink_ok(made_png({.profile = srgb_profile(), .muted = true})).bytes == plain.bytes);
    }
    SECTION("far larger ones as well") {
        const auto out = shrink_ok(
            made_jpeg({.width = 3000, .height = 2000, .profile = display_p3_profile(), .muted = true}));
        CHECK(out.width == 1280);
        check_color(out, false, false, 217, 41, 51, 12);
    }
}

TEST_CASE("profiles that cannot be used are left out with a warning") {
    const auto good = display_p3_profile();
    const MadePicture plain{.muted = true};
    std::vector<std::string> profiles{"not a profile at all, though of some length", good.substr(0, 200),
                                      press_profile(), good.substr(0, good.size() - 40)};
    profiles.push_back(good);
    for (std::size_t i = 132; i < 260; i += 12) profiles.back()[i] = '\xff';   // the table of tags
    for (auto profile : profiles) {
        const auto out = shrink_ok(made_jpeg({.profile = profile, .muted = true}));
        CHECK_FALSE(out.warning.empty());
        CHECK(out.bytes == shrink_ok(made_jpeg(plain)).bytes);
    }
    CHECK_FALSE(shrink_ok(made_webp({.profile = "short", .muted = true})).warning.empty());
    CHECK_FALSE(shrink_ok(made_cmyk_jpeg({.profile = good})).warning.empty());
    CHECK(colors_of(shrink_ok(made_cmyk_jpeg({.profile = good}))) == "RGBW");
    auto png = made_png({.profile = good, .muted = true});
    const auto at = png.find("iCCP");
    REQUIRE(at != png.npos);
    png[at + 20] = static_cast<char>(png[at + 20] ^ 0x55);
    CHECK_FALSE(shrink_ok(png).warning.empty());
    // Damaged at random: an error, a warning, other colors, but no crash and an end.
    std::mt19937 random(11);
    for (const auto& profile : {good, press_profile()})
        for (int i = 0; i < 150; ++i) {
            auto bad = profile;
            for (int n = 0; n < 4; ++n)
                bad[random() % std::min<std::size_t>(bad.size(), 600)] = static_cast<char>(random());
            shrink_ok(profile == good ? made_jpeg({.profile = bad}) : made_cmyk_jpeg({.profile = bad}));
        }
}

TEST_CASE("a picture is made to fit") {
    const auto wide = made_jpeg({.width = 3000, .height = 500});
    const auto out = shrink_ok(wide);
    CHECK(out.width == 1280);
    CHECK(out.height == 213);
    CHECK(colors_of(out) == "RGBW");
    CHECK(shrink_ok(wide, {.side = 100}).width == 100);
    // Noise does not pack at all: it has to lose pixels.
    const auto noise = shrink_ok(made_png({.width = 400, .height = 300, .noise = true}),
                                 {.side = 1280, .bytes = 5000});
    CHECK(noise.bytes.size() <= 5000);
    CHECK(noise.width < 400);
    CHECK(shrink_ok(made_gif({.width = 1, .height = 1})).width == 1);
    CHECK(shrink_ok(made_png({.width = 2000, .height = 1})).height == 1);
}

TEST_CASE("what an editor hid under full transparency is gone") {
    // One GIF color is not drawn; the picture below shows that it has no color.
    auto gif = made_gif({.width = 8, .height = 8});
    const auto image = gif.find('\x2c');
    REQUIRE(image != gif.npos);
    gif.insert(image, std::string("\x21\xf9\x04\x01\0\0\0\0", 8));
    const auto out = shrink_ok(gif);
    const auto shown = decode_webp(out.bytes);
    REQUIRE(shown);
    CHECK(shown->argb.at(0) == 0);
    CHECK(color_at(*shown, true, true) == 'W');
}

TEST_CASE("broken and hostile pictures cost an error") {
    SECTION("what is no picture is named") {
        CHECK(shrink_picture("just text").error().code == Errc::unsupported);
        CHECK(shrink_picture("").error().code == Errc::unsupported);
        CHECK(shrink_picture(Bytes("\0\0\0\x1c" "ftypavif\0\0\0\0", 16)).error().hint ==
              "save it as JPEG or PNG");
    }
    SECTION("a file cut anywhere is refused") {
        const MadePicture small{.width = 16, .height = 16};
        for (const auto& whole : {made_jpeg(small), made_png(small), made_webp(small)})
            for (std::size_t size = 0; size + 2 < whole.size(); ++size)
                CHECK_FALSE(shrink_picture(Bytes(whole).substr(0, size)));
    }
    SECTION("one that would unpack to gigabytes is refused before it does") {
        auto png = made_png();
        // The header's own checksum is wrong then: libpng must not come so far as to mind.
        png.replace(16, 8, std::string("\0\0\x4e\0\0\0\x4e\0", 8));
        CHECK_FALSE(shrink_picture(png));
        auto jpeg = made_jpeg();
        const auto frame = jpeg.find("\xff\xc0");
        REQUIRE(frame != jpeg.npos);
        jpeg.replace(frame + 5, 4, "\xfd\xe8\xfd\xe8");
        CHECK(shrink_picture(jpeg).error().code == Errc::too_large);
        auto gif = made_gif();
        gif.replace(6, 4, "\xff\xff\xff\xff");
        CHECK(shrink_picture(gif).error().code == Errc::too_large);
        CHECK(check_picture_size(20'000, 20'000).error().code == Errc::too_large);
        CHECK(check_picture_size(0, 5).error().code == Errc::corrupt);
        CHECK(check_picture_size(8000, 5000));
    }
}

TEST_CASE("damaged pictures neither crash a decoder nor fool it about their size") {
    std::mt19937 random(20260325);
    const MadePicture small{.width = 24, .height = 16, .exif = made_exif(6, secret)};
    MadePicture passes = small;
    passes.progressive = true;
    using Decode = Result<Pixels> (*)(Bytes);
    const std::array<std::pair<std::string, Decode>, 7> kinds{{
        {made_jpeg(small), [](Bytes file) { return decode_jpeg(file, 1280); }},
        {made_jpeg(passes), [](Bytes file) { return decode_jpeg(file, 8); }},
        {made_png(small), decode_png},
        {made_png(passes), decode_png},
        {made_gif(small), decode_gif},
        {made_gif(passes), decode_gif},
        {made_webp(small), decode_webp},
    }};
    std::size_t sound = 0;
    for (const auto& [file, decode] : kinds) {
        REQUIRE(decode(file));
        for (int i = 0; i < 2000; ++i) {
            const auto out = decode(damaged(file, random));
            if (!out) continue;
            ++sound;
            REQUIRE(out->argb.size() == std::size_t{out->width} * out->height);
            REQUIRE(out->argb.size() <= picture_limits::pixels);
        }
    }
    CHECK(sound > 100);
}
