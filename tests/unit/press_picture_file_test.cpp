#include <catch2/catch.hpp>

#include "press/picture_file.h"
#include "support/picture_bytes.h"

using namespace colport;
using namespace colport::test;

TEST_CASE("pictures lose what cameras and editors wrote into them") {
    SECTION("JPEG") {
        const Bytes exif("Exif\0\0MM\0\x2a\0\0\0\x08\0\1\x01\x12\0\3\0\0\0\1\0\6\0\0\0\0\0\0GPS", 35);
        const auto dirty = jpeg(segment('\xe1', exif) + segment('\xed', "Photoshop") +
                                segment('\xfe', "by me") + segment('\xee', "Adobe")) + "trailing";
        const auto clean = strip_picture(dirty);
        REQUIRE(clean);
        CHECK(clean->bytes == jpeg(segment('\xee', "Adobe")));
        CHECK(clean->media_type == "image/jpeg");
        CHECK(clean->width == 32);
        CHECK(clean->height == 16);
        CHECK(clean->lost_rotation);
        CHECK_FALSE(strip_picture(jpeg())->lost_rotation);
    }
    SECTION("PNG") {
        const auto clean = strip_picture(
            png(chunk("tEXt", "Author me") + chunk("eXIf", "MM") + chunk("gAMA", "1234") +
                chunk("tIME", "1234567") + chunk("prVt", "x")) + "trailing");
        REQUIRE(clean);
        CHECK(clean->bytes == png(chunk("gAMA", "1234")));
        CHECK(clean->width == 7);
    }
    SECTION("WebP") {
        const std::string lossy("\0\0\0\x9d\x01\x2a\x20\0\x10\0", 10);
        const auto file = [&](char flags, const std::string& more) {
            return riff_chunk("RIFF", "WEBP" + riff_chunk("VP8X", std::string(1, flags) +
                              std::string("\0\0\0\x1f\0\0\x0f\0\0", 9)) + riff_chunk("VP8 ", lossy) +
                              more);
        };
        const auto clean = strip_picture(file('\x1c', riff_chunk("EXIF", "abc") +
                                                          riff_chunk("XMP ", "<x/>")));
        REQUIRE(clean);
        CHECK(clean->bytes == file('\x10', ""));
        CHECK(clean->width == 32);
        CHECK(clean->height == 16);
        CHECK(strip_picture(riff_chunk("RIFF", "WEBP" + riff_chunk("VP8 ", lossy)))->width == 32);
    }
    SECTION("GIF") {
        const std::string head("GIF89a\x03\0\x02\0\0\0\0", 13);
        const std::string image("\x2c\0\0\0\0\3\0\2\0\0\x02\x02" "ab\0", 15);
        const std::string loop("\x21\xff\x0bNETSCAPE2.0\x03\1\0\0\0", 19);
        const auto clean = strip_picture(head + loop + std::string("\x21\xfe\x02hi\0", 6) +
                                         std::string("\x21\xff\x0bXMP DataXMP\x01x\0", 17) + image + ";rest");
        REQUIRE(clean);
        CHECK(clean->bytes == head + loop + image + ";");
        CHECK(clean->width == 3);
        CHECK(clean->height == 2);
    }
    SECTION("a file cut anywhere is refused") {
        const std::string lossless = riff_chunk("RIFF", "WEBP" + riff_chunk("VP8L", std::string("\x2f\0\0\0\0", 5)));
        REQUIRE(strip_picture(lossless));
        for (const auto& whole : {jpeg(), png(), lossless})
            for (std::size_t size = 0; size < whole.size(); ++size)
                CHECK_FALSE(strip_picture(Bytes(whole).substr(0, size)));
    }
}
