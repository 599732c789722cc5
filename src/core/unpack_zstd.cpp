#include "core/unpack_zstd.h"

#include <zstd.h>

#include <array>
#include <memory>

namespace colport {
namespace {

constexpr int window_log = 23;

Error cannot_be_unpacked() { return {Errc::corrupt, "cannot be unpacked"}; }

}  // namespace

Result<std::string> unpack_zstd(Bytes packed, std::size_t limit) {
    const std::unique_ptr<ZSTD_DCtx, decltype(&ZSTD_freeDCtx)> state(ZSTD_createDCtx(),
                                                                     ZSTD_freeDCtx);
    if (!state || ZSTD_isError(ZSTD_DCtx_setParameter(state.get(), ZSTD_d_windowLogMax, window_log)))
        return cannot_be_unpacked();
    std::string out;
    std::array<char, 65'536> buffer;
    ZSTD_inBuffer in{packed.data(), packed.size(), 0};
    while (true) {
        ZSTD_outBuffer to{buffer.data(), buffer.size(), 0};
        const auto left = ZSTD_decompressStream(state.get(), &to, &in);
        if (ZSTD_isError(left)) return cannot_be_unpacked();
        out.append(buffer.data(), to.pos);
        if (out.size() > limit) return Error{Errc::too_large, "unpacks to too much"};
        if (left == 0 && in.pos == in.size) return out;
        if (in.pos == in.size && to.pos < to.size) return cannot_be_unpacked();
    }
}

}  // namespace colport
