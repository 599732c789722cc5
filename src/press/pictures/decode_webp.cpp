#include <webp/decode.h>
#include <webp/demux.h>

#include <bit>
#include <memory>

#include "press/pictures/colors.h"
#include "press/pictures/picture_decoders.h"

namespace colport {
namespace {

static_assert(std::endian::native == std::endian::little, "BGRA is 0xAARRGGBB here");

struct CloseWebp {
    void operator()(WebPDemuxer* file) const { WebPDemuxDelete(file); }
};

Error broken() { return Error{Errc::corrupt, "broken WebP file"}; }

const std::uint8_t* data_of(Bytes bytes) {
    return reinterpret_cast<const std::uint8_t*>(bytes.data());
}

struct Frame {
    WebPIterator at{};
    ~Frame() { WebPDemuxReleaseIterator(&at); }
};

int orientation_of(const WebPDemuxer* file) {
    int out = 1;
    WebPChunkIterator chunk{};
    if (WebPDemuxGetChunk(file, "EXIF", 1, &chunk)) {
        Bytes exif(reinterpret_cast<const char*>(chunk.chunk.bytes), chunk.chunk.size);
        // Some programs copy JPEG's prefix as well.
        if (exif.starts_with("Exif")) exif.remove_prefix(std::min<std::size_t>(6, exif.size()));
        out = exif_orientation(exif);
    }
    WebPDemuxReleaseChunkIterator(&chunk);
    return out;
}

void read_profile(const WebPDemuxer* file, Pixels& out) {
    WebPChunkIterator chunk{};
    if (WebPDemuxGetChunk(file, "ICCP", 1, &chunk)) {
        if (chunk.chunk.size > max_color_profile) out.odd_profile = true;
        else out.profile.assign(reinterpret_cast<const char*>(chunk.chunk.bytes), chunk.chunk.size);
    }
    WebPDemuxReleaseChunkIterator(&chunk);
}

}  // namespace

Result<Pixels> decode_webp(Bytes file) {
    const WebPData whole{data_of(file), file.size()};
    const std::unique_ptr<WebPDemuxer, CloseWebp> container(WebPDemux(&whole));
    if (!container) return broken();
    const auto width = WebPDemuxGetI(container.get(), WEBP_FF_CANVAS_WIDTH);
    const auto height = WebPDemuxGetI(container.get(), WEBP_FF_CANVAS_HEIGHT);
    COLPORT_TRY(check_picture_size(width, height));
    Frame frame;
    if (!WebPDemuxGetFrame(container.get(), 1, &frame.at) || !frame.at.complete) return broken();
    const auto& at = frame.at;
    WebPBitstreamFeatures features{};
    if (WebPGetFeatures(at.fragment.bytes, at.fragment.size, &features) != VP8_STATUS_OK)
        return broken();
    // What the container says, the stream must hold: it is written into the canvas.
    if (features.width != at.width || features.height != at.height || at.x_offset < 0 ||
        at.y_offset < 0 || std::uint64_t(at.x_offset) + std::uint64_t(at.width) > width ||
        std::uint64_t(at.y_offset) + std::uint64_t(at.height) > height)
        return broken();
    Pixels out{.width = width, .height = height};
    out.orientation = orientation_of(container.get());
    read_profile(container.get(), out);
    out.argb.resize(std::size_t{width} * height);
    const auto first = std::size_t(at.y_offset) * width + std::size_t(at.x_offset);
    auto* to = reinterpret_cast<std::uint8_t*>(out.argb.data() + first);
    const auto room = (out.argb.size() - first) * 4;
    if (!WebPDecodeBGRAInto(at.fragment.bytes, at.fragment.size, to, room,
                            static_cast<int>(width * 4)))
        return broken();
    return out;
}

}  // namespace colport
