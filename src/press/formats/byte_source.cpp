#include "press/formats/byte_source.h"

#include <brotli/decode.h>
#include <fmt/format.h>
#include <zlib.h>
#include <zstd.h>

#include <array>
#include <vector>

#include "core/limits.h"
#include "press/clean_text.h"

namespace colport {
namespace {

constexpr std::size_t piece = 256 * limits::kib;
// Text packs ten to one, a list of links thirty to one; a bomb a thousand to one.
constexpr std::uint64_t max_ratio = 100;
constexpr std::uint64_t free_bytes = 64 * limits::mib;

class MemorySource : public ByteSource {
public:
    explicit MemorySource(Bytes bytes) : rest_(bytes) {}
    Result<Bytes> next() override {
        const auto out = rest_.substr(0, piece);
        rest_.remove_prefix(out.size());
        return out;
    }

private:
    Bytes rest_;
};

/// zlib's state, ended when it goes.
class Inflater {
public:
    /// `window` as inflateInit2 has it: 15 + 16 is gzip, 15 + 32 either, -15 bare.
    explicit Inflater(int window) { ready_ = inflateInit2(&stream_, window) == Z_OK; }
    Inflater(const Inflater&) = delete;
    Inflater& operator=(const Inflater&) = delete;
    ~Inflater() { inflateEnd(&stream_); }

    void give(Bytes packed) {
        stream_.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(packed.data()));
        stream_.avail_in = static_cast<uInt>(packed.size());
    }
    [[nodiscard]] bool hungry() const { return stream_.avail_in == 0; }
    [[nodiscard]] char first() const { return static_cast<char>(*stream_.next_in); }
    void reset() { inflateReset(&stream_); }

    /// Bytes put into `out`; zlib's word on it in `status`.
    std::size_t take(char* out, std::size_t size, int& status) {
        stream_.next_out = reinterpret_cast<Bytef*>(out);
        stream_.avail_out = static_cast<uInt>(size);
        status = ready_ ? inflate(&stream_, Z_NO_FLUSH) : Z_MEM_ERROR;
        return size - stream_.avail_out;
    }

private:
    z_stream stream_{};
    bool ready_ = false;
};

class GunzipSource : public ByteSource {
public:
    explicit GunzipSource(std::unique_ptr<ByteSource> packed)
        : packed_(std::move(packed)), inflater_(15 + 16), out_(piece) {}

    Result<Bytes> next() override {
        if (plain_) return packed_->next();
        while (!ended_) {
            if (inflater_.hungry() && !COLPORT_TRY(feed())) break;
            if (plain_) return std::exchange(first_, {});
            // Zeros pad some archives behind the last member.
            if (between_ && inflater_.first() != '\x1f') break;
            between_ = false;
            int status = Z_OK;
            const auto size = inflater_.take(out_.data(), out_.size(), status);
            unpacked_ += size;
            if (status == Z_STREAM_END) {
                inflater_.reset();
                between_ = true;
            } else if (status != Z_OK && status != Z_BUF_ERROR) {
                return Error{Errc::corrupt, "is damaged: its gzip data cannot be unpacked"};
            }
            if (unpacked_ > free_bytes + max_ratio * packed_bytes_)
                return Error{Errc::too_large, "unpacks to more than any text does"};
            if (size > 0) return Bytes(out_.data(), size);
        }
        ended_ = true;
        return Bytes();
    }

private:
    /// False at the end of what is packed.
    Result<bool> feed() {
        const auto bytes = COLPORT_TRY(packed_->next());
        if (bytes.empty()) {
            if (!between_)
                return Error{Errc::corrupt, "is cut off: its gzip data has no end"};
            return false;
        }
        if (packed_bytes_ == 0 && !bytes.starts_with("\x1f\x8b")) {
            plain_ = true;
            first_ = bytes;
        }
        packed_bytes_ += bytes.size();
        inflater_.give(bytes);
        return true;
    }

    std::unique_ptr<ByteSource> packed_;
    Inflater inflater_;
    std::vector<char> out_;
    Bytes first_;
    std::uint64_t packed_bytes_ = 0;
    std::uint64_t unpacked_ = 0;
    bool plain_ = false;
    bool between_ = true;   ///< at the beginning of a member
    bool ended_ = false;
};

Error over_limit(std::size_t limit) {
    return {Errc::too_large, fmt::format("unpacks to more than {} MiB", limit / limits::mib)};
}

Result<std::string> inflate_all(Bytes body, int window, std::size_t limit) {
    Inflater inflater(window);
    inflater.give(body);
    std::string out;
    std::array<char, 65'536> buffer;
    while (true) {
        int status = Z_OK;
        const auto size = inflater.take(buffer.data(), buffer.size(), status);
        out.append(buffer.data(), size);
        if (out.size() > limit) return over_limit(limit);
        if (status == Z_STREAM_END) return out;
        if (status != Z_OK || (size == 0 && inflater.hungry()))
            return Error{Errc::corrupt, "cannot be unpacked"};
    }
}

Result<std::string> unzstd(Bytes body, std::size_t limit) {
    // What the web may use of it (RFC 9659).
    constexpr int window_log = 23;
    const std::unique_ptr<ZSTD_DCtx, decltype(&ZSTD_freeDCtx)> state(ZSTD_createDCtx(),
                                                                     ZSTD_freeDCtx);
    if (!state || ZSTD_isError(ZSTD_DCtx_setParameter(state.get(), ZSTD_d_windowLogMax, window_log)))
        return Error{Errc::corrupt, "cannot be unpacked"};
    std::string out;
    std::array<char, 65'536> buffer;
    ZSTD_inBuffer in{body.data(), body.size(), 0};
    while (true) {
        ZSTD_outBuffer to{buffer.data(), buffer.size(), 0};
        const auto left = ZSTD_decompressStream(state.get(), &to, &in);
        if (ZSTD_isError(left)) return Error{Errc::corrupt, "cannot be unpacked"};
        out.append(buffer.data(), to.pos);
        if (out.size() > limit) return over_limit(limit);
        if (left == 0 && in.pos == in.size) return out;
        if (in.pos < in.size || to.pos == to.size) continue;
        return Error{Errc::corrupt, "cannot be unpacked"};
    }
}

Result<std::string> unbrotli(Bytes body, std::size_t limit) {
    const std::unique_ptr<BrotliDecoderState, decltype(&BrotliDecoderDestroyInstance)> state(
        BrotliDecoderCreateInstance(nullptr, nullptr, nullptr), BrotliDecoderDestroyInstance);
    std::string out;
    std::array<std::uint8_t, 65'536> buffer;
    std::size_t left = body.size();
    const auto* at = reinterpret_cast<const std::uint8_t*>(body.data());
    while (true) {
        std::size_t room = buffer.size();
        auto* to = buffer.data();
        const auto status =
            BrotliDecoderDecompressStream(state.get(), &left, &at, &room, &to, nullptr);
        out.append(reinterpret_cast<const char*>(buffer.data()), buffer.size() - room);
        if (out.size() > limit) return over_limit(limit);
        if (status == BROTLI_DECODER_RESULT_SUCCESS) return out;
        if (status != BROTLI_DECODER_RESULT_NEEDS_MORE_OUTPUT)
            return Error{Errc::corrupt, "cannot be unpacked"};
    }
}

}  // namespace

std::unique_ptr<ByteSource> memory_source(Bytes bytes) {
    return std::make_unique<MemorySource>(bytes);
}

std::unique_ptr<ByteSource> gunzip_source(std::unique_ptr<ByteSource> packed) {
    return std::make_unique<GunzipSource>(std::move(packed));
}

Result<std::string> decode_content(std::string_view encoding, Bytes body, std::size_t limit) {
    const auto name = ascii_lower(clean_line(encoding));
    if (name == "gzip" || name == "x-gzip") {
        // Crawlers that unpack what they store forget to say so.
        if (body.starts_with("\x1f\x8b")) return inflate_all(body, 15 + 16, limit);
    } else if (name == "deflate") {
        if (auto out = inflate_all(body, 15, limit); out || out.error().code == Errc::too_large)
            return out;
        return inflate_all(body, -15, limit);
    } else if (name == "zstd") {
        if (auto out = unzstd(body, limit); out || !is_text(body)) return out;
    } else if (name == "br") {
        if (auto out = unbrotli(body, limit); out || !is_text(body)) return out;
    } else if (!name.empty() && name != "identity") {
        return Error{Errc::unsupported, fmt::format("encoded as '{}'", shorten(name, 40))};
    }
    if (body.size() > limit) return over_limit(limit);
    return std::string(body);
}

}  // namespace colport
