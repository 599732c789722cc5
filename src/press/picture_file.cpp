#include "press/picture_file.h"

#include <array>

namespace colport {
namespace {

/// Reads numbers and runs of bytes from the front; never past the end.
class Reader {
public:
    explicit Reader(Bytes bytes) : rest_(bytes) {}

    [[nodiscard]] std::size_t size() const { return rest_.size(); }
    [[nodiscard]] Bytes rest() const { return rest_; }
    [[nodiscard]] bool ok() const { return ok_; }
    Bytes take(std::size_t size) {
        if (size > rest_.size()) {
            ok_ = false;
            rest_ = {};
            return {};
        }
        const auto out = rest_.substr(0, size);
        rest_.remove_prefix(size);
        return out;
    }
    unsigned byte() {
        const auto one = take(1);
        return one.empty() ? 0 : static_cast<unsigned char>(one[0]);
    }
    std::uint32_t big(std::size_t size) {
        std::uint32_t out = 0;
        for (const char c : take(size)) out = out << 8 | static_cast<unsigned char>(c);
        return out;
    }
    std::uint32_t little(std::size_t size) {
        std::uint32_t out = 0;
        const auto bytes = take(size);
        for (std::size_t i = 0; i < bytes.size(); ++i)
            out |= std::uint32_t{static_cast<unsigned char>(bytes[i])} << (8 * i);
        return out;
    }

private:
    Bytes rest_;
    bool ok_ = true;
};

Error broken(const char* kind) {
    return Error{Errc::corrupt, std::string("broken ") + kind + " file"};
}

/// Whether an EXIF segment asks viewers to turn the picture.
bool asks_rotation(Bytes segment) {
    if (!segment.starts_with(Bytes("Exif\0\0", 6))) return false;
    const auto tiff = segment.substr(6);
    const bool little = tiff.starts_with("II");
    const auto number = [&](Reader& in, std::size_t size) {
        return little ? in.little(size) : in.big(size);
    };
    Reader header(tiff);
    header.take(4);
    const auto offset = number(header, 4);
    if (!header.ok() || offset > tiff.size()) return false;
    Reader in(tiff.substr(offset));
    for (auto left = number(in, 2); left > 0 && in.ok(); --left) {
        const auto tag = number(in, 2);
        in.take(6);
        const auto value = number(in, 2);
        in.take(2);
        if (tag == 0x0112 && in.ok()) return value > 1 && value <= 8;
    }
    return false;
}

/// Length of entropy-coded data: up to the next marker that is not part of it.
std::size_t scan_length(Bytes bytes) {
    for (std::size_t at = 0; (at = bytes.find('\xff', at)) != bytes.npos; ++at) {
        if (at + 1 >= bytes.size()) break;
        const auto next = static_cast<unsigned char>(bytes[at + 1]);
        if (next != 0 && next != 0xff && (next < 0xd0 || next > 0xd7)) return at;
    }
    return bytes.size();
}

Result<PictureFile> strip_jpeg(Bytes file) {
    PictureFile out{.media_type = "image/jpeg", .bytes = std::string(file.substr(0, 2))};
    Reader in(file.substr(2));
    bool scanned = false;
    while (true) {
        if (in.byte() != 0xff) return broken("JPEG");
        unsigned marker = in.byte();
        while (marker == 0xff) marker = in.byte();
        if (!in.ok() || marker == 0) return broken("JPEG");
        if (marker == 0xd9) break;
        if ((marker >= 0xd0 && marker <= 0xd8) || marker == 0x01) return broken("JPEG");
        const auto length = in.big(2);
        if (length < 2) return broken("JPEG");
        const auto body = in.take(length - 2);
        if (!in.ok()) return broken("JPEG");
        const bool frame = marker >= 0xc0 && marker <= 0xcf && marker != 0xc4 && marker != 0xc8 &&
                           marker != 0xcc;
        if (frame) {
            Reader header(body);
            header.take(1);
            out.height = header.big(2);
            out.width = header.big(2);
            if (!header.ok()) return broken("JPEG");
        }
        if (marker == 0xe1 && asks_rotation(body)) out.lost_rotation = true;
        // A JFIF header of 14 bytes has no thumbnail; APP14 tells the colours.
        const bool application = marker >= 0xe0 && marker <= 0xef;
        const bool jfif = marker == 0xe0 && body.size() == 14 && body.starts_with("JFIF");
        if ((!application || jfif || marker == 0xee) && marker != 0xfe) {
            out.bytes += '\xff';
            out.bytes += static_cast<char>(marker);
            out.bytes += static_cast<char>(length >> 8);
            out.bytes += static_cast<char>(length & 0xff);
            out.bytes += body;
        }
        if (marker == 0xda) {
            out.bytes += in.take(scan_length(in.rest()));
            scanned = true;
        }
    }
    if (!scanned || out.width == 0 || out.height == 0) return broken("JPEG");
    out.bytes += "\xff\xd9";
    return out;
}

/// What a PNG needs to look as it does; everything else is left behind.
bool keeps_chunk(Bytes type) {
    static constexpr std::array<Bytes, 19> kept{
        "IHDR", "PLTE", "IDAT", "IEND", "tRNS", "gAMA", "cHRM", "sRGB", "iCCP", "sBIT",
        "bKGD", "pHYs", "hIST", "cICP", "mDCV", "cLLI", "acTL", "fcTL", "fdAT"};
    return std::find(kept.begin(), kept.end(), type) != kept.end();
}

Result<PictureFile> strip_png(Bytes file) {
    PictureFile out{.media_type = "image/png", .bytes = std::string(file.substr(0, 8))};
    Reader in(file.substr(8));
    bool pixels = false;
    for (bool first = true;; first = false) {
        const auto whole = in.rest();
        const auto length = in.big(4);
        const auto type = in.take(4);
        const auto body = in.take(length);
        in.take(4);
        if (!in.ok() || (type == "IHDR") != first) return broken("PNG");
        if (first) {
            Reader header(body);
            out.width = header.big(4);
            out.height = header.big(4);
            if (!header.ok()) return broken("PNG");
        }
        pixels = pixels || type == "IDAT";
        if (keeps_chunk(type)) out.bytes += whole.substr(0, std::size_t{length} + 12);
        if (type == "IEND") break;
    }
    if (!pixels || out.width == 0 || out.height == 0) return broken("PNG");
    return out;
}

void append_little(std::string& out, std::uint32_t value) {
    for (int i = 0; i < 4; ++i) out += static_cast<char>(value >> (8 * i) & 0xff);
}

/// Width and height from the first bytes of a lossy or lossless stream.
void read_webp_size(Bytes type, Bytes body, PictureFile& out) {
    Reader in(body);
    if (type == "VP8 ") {
        in.take(3);
        if (in.take(3) != "\x9d\x01\x2a") return;
        out.width = in.little(2) & 0x3fff;
        out.height = in.little(2) & 0x3fff;
    } else if (in.byte() == 0x2f) {
        const auto bits = in.little(4);
        out.width = (bits & 0x3fff) + 1;
        out.height = (bits >> 14 & 0x3fff) + 1;
    }
    if (!in.ok()) out.width = out.height = 0;
}

Result<PictureFile> strip_webp(Bytes file) {
    PictureFile out{.media_type = "image/webp"};
    Reader riff(file.substr(4));
    const auto length = riff.little(4);
    Reader in(riff.take(length));
    if (!riff.ok() || in.take(4) != "WEBP") return broken("WebP");
    std::string chunks = "WEBP";
    while (in.size() > 0) {
        const auto type = in.take(4);
        const auto size = in.little(4);
        std::string body(in.take(size));
        if (size % 2 != 0 && in.size() > 0) in.take(1);
        if (!in.ok()) return broken("WebP");
        if (type == "VP8X" && body.size() == 10) {
            constexpr unsigned exif_and_xmp = 0x0c;
            body[0] = static_cast<char>(static_cast<unsigned char>(body[0]) & ~exif_and_xmp);
            Reader canvas(Bytes(body).substr(4));
            out.width = canvas.little(3) + 1;
            out.height = canvas.little(3) + 1;
        } else if ((type == "VP8 " || type == "VP8L") && out.width == 0) {
            read_webp_size(type, body, out);
        } else if (type != "VP8 " && type != "VP8L" && type != "ALPH" && type != "ANIM" &&
                   type != "ANMF" && type != "ICCP") {
            continue;
        }
        chunks += type;
        append_little(chunks, size);
        chunks += body;
        if (size % 2 != 0) chunks += '\0';
    }
    if (out.width == 0 || out.height == 0) return broken("WebP");
    out.bytes = "RIFF";
    append_little(out.bytes, static_cast<std::uint32_t>(chunks.size()));
    out.bytes += chunks;
    return out;
}

/// Skips sub-blocks up to and with their end.
void skip_sub_blocks(Reader& in) {
    while (const auto size = in.byte()) in.take(size);
}

Result<PictureFile> strip_gif(Bytes file) {
    PictureFile out{.media_type = "image/gif"};
    Reader in(file);
    in.take(6);
    out.width = in.little(2);
    out.height = in.little(2);
    const auto flags = in.byte();
    in.take(2);
    if (flags & 0x80) in.take(std::size_t{3} << ((flags & 7) + 1));
    if (!in.ok()) return broken("GIF");
    out.bytes = file.substr(0, file.size() - in.size());
    bool image = false;
    while (true) {
        const auto whole = in.rest();
        const auto introducer = in.byte();
        if (introducer == 0x3b) break;
        bool keep = introducer == 0x2c;
        if (introducer == 0x21) {
            const auto label = in.byte();
            const auto name = in.rest().substr(0, 12);
            // Graphic control, and the two spellings of "loop this animation".
            keep = label == 0xf9 ||
                   (label == 0xff && (name == "\x0bNETSCAPE2.0" || name == "\x0b" "ANIMEXTS1.0"));
        } else if (introducer == 0x2c) {
            in.take(8);
            const auto local = in.byte();
            if (local & 0x80) in.take(std::size_t{3} << ((local & 7) + 1));
            in.take(1);
            image = true;
        } else {
            return broken("GIF");
        }
        skip_sub_blocks(in);
        if (!in.ok()) return broken("GIF");
        if (keep) out.bytes += whole.substr(0, whole.size() - in.size());
    }
    if (!image || !in.ok() || out.width == 0 || out.height == 0) return broken("GIF");
    out.bytes += ';';
    return out;
}

}  // namespace

Result<PictureFile> strip_picture(Bytes file) {
    if (file.starts_with("\xff\xd8\xff")) return strip_jpeg(file);
    if (file.starts_with("\x89PNG\r\n\x1a\n")) return strip_png(file);
    if (file.starts_with("GIF87a") || file.starts_with("GIF89a")) return strip_gif(file);
    if (file.starts_with("RIFF") && file.substr(0, 12).ends_with("WEBP")) return strip_webp(file);
    return Error{Errc::unsupported, "not a JPEG, PNG, GIF or WebP picture"};
}

}  // namespace colport
