#include <gif_lib.h>

#include <array>
#include <cstring>
#include <memory>

#include "press/pictures/picture_decoders.h"

namespace colport {
namespace {

constexpr int no_color = -1;

struct CloseGif {
    void operator()(GifFileType* gif) const { DGifCloseFile(gif, nullptr); }
};
using Gif = std::unique_ptr<GifFileType, CloseGif>;

Error broken() { return Error{Errc::corrupt, "broken GIF file"}; }

int read_bytes(GifFileType* gif, GifByteType* to, int size) {
    auto& rest = *static_cast<Bytes*>(gif->UserData);
    const auto taken = std::min(rest.size(), static_cast<std::size_t>(std::max(size, 0)));
    std::memcpy(to, rest.data(), taken);
    rest.remove_prefix(taken);
    return static_cast<int>(taken);
}

/// Reads up to the first frame. The color that is not drawn, or no_color.
Result<int> find_frame(GifFileType* gif) {
    int transparent = no_color;
    while (true) {
        GifRecordType record = UNDEFINED_RECORD_TYPE;
        if (DGifGetRecordType(gif, &record) == GIF_ERROR) return broken();
        if (record == IMAGE_DESC_RECORD_TYPE) return transparent;
        if (record != EXTENSION_RECORD_TYPE) return broken();
        int kind = 0;
        GifByteType* block = nullptr;
        if (DGifGetExtension(gif, &kind, &block) == GIF_ERROR) return broken();
        GraphicsControlBlock control{};
        if (kind == GRAPHICS_EXT_FUNC_CODE && block &&
            DGifExtensionToGCB(block[0], block + 1, &control) == GIF_OK)
            transparent = control.TransparentColor;
        while (block)
            if (DGifGetExtensionNext(gif, &block) == GIF_ERROR) return broken();
    }
}

struct Palette {
    std::array<std::uint32_t, 256> argb{};
};

Palette palette_of(const ColorMapObject* colors, int transparent) {
    Palette out;
    out.argb.fill(0xff000000U);
    for (int i = 0; i < std::min(colors->ColorCount, 256); ++i) {
        const auto& color = colors->Colors[i];
        out.argb[static_cast<std::size_t>(i)] =
            0xff000000U | std::uint32_t{color.Red} << 16 | std::uint32_t{color.Green} << 8 |
            color.Blue;
    }
    if (transparent >= 0 && transparent < 256) out.argb[static_cast<std::size_t>(transparent)] = 0;
    return out;
}

Status draw(GifFileType* gif, const Palette& palette, Pixels& out) {
    struct Pass {
        std::uint32_t start, step;
    };
    static constexpr std::array<Pass, 4> interlaced{{{0, 8}, {4, 8}, {2, 4}, {1, 2}}};
    static constexpr std::array<Pass, 1> plain{{{0, 1}}};
    const auto& frame = gif->Image;
    const auto width = static_cast<std::uint32_t>(frame.Width);
    const auto height = static_cast<std::uint32_t>(frame.Height);
    std::vector<GifPixelType> line(width);
    const auto draw_pass = [&](const Pass& pass) {
        for (std::uint32_t y = pass.start; y < height; y += pass.step) {
            if (DGifGetLine(gif, line.data(), frame.Width) == GIF_ERROR) return false;
            const std::uint64_t row = std::uint64_t{y} + static_cast<std::uint32_t>(frame.Top);
            if (row >= out.height) continue;
            for (std::uint32_t x = 0; x < width; ++x) {
                const std::uint64_t column =
                    std::uint64_t{x} + static_cast<std::uint32_t>(frame.Left);
                if (column < out.width) out.argb[row * out.width + column] = palette.argb[line[x]];
            }
        }
        return true;
    };
    if (frame.Interlace) {
        for (const auto& pass : interlaced)
            if (!draw_pass(pass)) return broken();
    } else if (!draw_pass(plain[0])) {
        return broken();
    }
    return done();
}

}  // namespace

Result<Pixels> decode_gif(Bytes file) {
    const Gif gif(DGifOpen(&file, read_bytes, nullptr));
    if (!gif) return broken();
    const int transparent = COLPORT_TRY(find_frame(gif.get()));
    if (DGifGetImageDesc(gif.get()) == GIF_ERROR) return broken();
    const auto& frame = gif->Image;
    if (frame.Width <= 0 || frame.Height <= 0 || frame.Left < 0 || frame.Top < 0) return broken();
    // Some programs write a screen of no size, or one smaller than its picture.
    const auto width = std::max(gif->SWidth, frame.Left + frame.Width);
    const auto height = std::max(gif->SHeight, frame.Top + frame.Height);
    COLPORT_TRY(check_picture_size(static_cast<std::uint64_t>(width),
                                   static_cast<std::uint64_t>(height)));
    const auto* colors = frame.ColorMap ? frame.ColorMap : gif->SColorMap;
    if (!colors) return broken();
    Pixels out{.width = static_cast<std::uint32_t>(width),
               .height = static_cast<std::uint32_t>(height),
               .drawn = true};
    out.argb.resize(std::size_t{out.width} * out.height);
    COLPORT_TRY(draw(gif.get(), palette_of(colors, transparent), out));
    return out;
}

}  // namespace colport
