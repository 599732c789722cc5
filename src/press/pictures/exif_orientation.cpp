#include <fmt/format.h>

#include "press/pictures/picture_decoders.h"

namespace colport {

Status check_picture_size(std::uint64_t width, std::uint64_t height, std::uint64_t most) {
    if (width == 0 || height == 0) return Error{Errc::corrupt, "a picture without pixels"};
    if (width > picture_limits::side || height > picture_limits::side || width * height > most)
        return Error{Errc::too_large,
                     fmt::format("{} by {} pixels are more than is unpacked", width, height),
                     fmt::format("at most {} million pixels and {} a side", most / 1'000'000,
                                 picture_limits::side)};
    return done();
}

int exif_orientation(Bytes tiff) {
    constexpr std::size_t entry_size = 12;
    constexpr std::uint32_t orientation_tag = 0x0112;
    const bool little = tiff.starts_with("II");
    if (!little && !tiff.starts_with("MM")) return 1;
    const auto number = [&](std::size_t at, std::size_t size) -> std::uint32_t {
        std::uint32_t out = 0;
        for (std::size_t i = 0; i < size; ++i) {
            const auto byte = static_cast<unsigned char>(tiff[at + (little ? size - 1 - i : i)]);
            out = out << 8 | byte;
        }
        return out;
    };
    if (tiff.size() < 8 || number(2, 2) != 42) return 1;
    const std::size_t directory = number(4, 4);
    if (directory > tiff.size() || tiff.size() - directory < 2) return 1;
    const std::size_t entries = number(directory, 2);
    for (std::size_t i = 0, at = directory + 2; i < entries && at + entry_size <= tiff.size();
         ++i, at += entry_size)
        if (number(at, 2) == orientation_tag) {
            const auto value = number(at + 8, 2);
            return value >= 1 && value <= 8 ? static_cast<int>(value) : 1;
        }
    return 1;
}

}  // namespace colport
