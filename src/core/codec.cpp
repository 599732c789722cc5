#include "core/codec.h"

#define ZDICT_STATIC_LINKING_ONLY
#define ZSTD_STATIC_LINKING_ONLY
#include <zdict.h>
#include <zstd.h>

#include <map>
#include <mutex>

#include "core/crypto.h"
#include "core/limits.h"

namespace colport {
namespace {

template <auto Free>
struct With {
    template <class T>
    void operator()(T* handle) const noexcept { Free(handle); }
};

/// Not one to skip, nor one of the forms from before RFC 8878, whose decoders libzstd
/// may have still.
bool is_frame(Bytes bytes) { return bytes.starts_with("\x28\xb5\x2f\xfd"); }

}  // namespace

struct Dictionary::Handles {
    std::unique_ptr<ZSTD_DDict, With<ZSTD_freeDDict>> decompress;
    // By level: at the highest, half a second of work that the next bundle can use.
    std::map<int, std::unique_ptr<ZSTD_CDict, With<ZSTD_freeCDict>>> compress;
    std::mutex mutex;

    const ZSTD_CDict* prepared(Bytes bytes, int level) {
        const std::lock_guard lock(mutex);
        auto& out = compress[level];
        if (!out) out.reset(ZSTD_createCDict(bytes.data(), bytes.size(), level));
        COLPORT_ASSERT(out != nullptr);
        return out.get();
    }
};

Dictionary::Dictionary() = default;
Dictionary::~Dictionary() = default;

Result<std::shared_ptr<const Dictionary>> Dictionary::load(std::string file) {
    const Error over{Errc::too_large, "compression dictionary is over 2 MiB"};
    if (file.size() > limits::dictionary) return over;
    std::shared_ptr<Dictionary> out(new Dictionary);
    out->hash_ = sha256(file);
    if (is_frame(file)) {
        const auto size = ZSTD_getFrameContentSize(file.data(), file.size());
        if (size == ZSTD_CONTENTSIZE_UNKNOWN || size == ZSTD_CONTENTSIZE_ERROR)
            return Error{Errc::corrupt, "not a zstd dictionary"};
        if (size > limits::dictionary) return over;
        out->bytes_ = COLPORT_TRY(Decompressor().decompress(file, size, nullptr));
    } else {
        out->bytes_ = std::move(file);
    }
    out->handles_ = std::make_unique<Handles>();
    const auto bytes = out->bytes();
    if (ZDICT_getDictID(bytes.data(), bytes.size()) == 0)
        return Error{Errc::corrupt, "not a zstd dictionary"};
    out->handles_->decompress.reset(ZSTD_createDDict_advanced(
        bytes.data(), bytes.size(), ZSTD_dlm_byRef, ZSTD_dct_fullDict, {}));
    if (!out->handles_->decompress) return Error{Errc::corrupt, "damaged zstd dictionary"};
    return std::shared_ptr<const Dictionary>(std::move(out));
}

Result<std::string> Dictionary::train(std::span<const std::string> samples,
                                      std::size_t capacity, int level) {
    std::string joined;
    std::vector<std::size_t> sizes;
    for (const auto& sample : samples) {
        joined += sample;
        sizes.push_back(sample.size());
    }
    std::string out(capacity, '\0');
    ZDICT_fastCover_params_t parameters{};
    parameters.d = 8;
    parameters.k = 1024;
    parameters.f = 20;
    // A third of the samples is packed to count what is frequent: all of them make
    // frames no smaller, and at the highest levels take longer than the articles do.
    parameters.accel = 3;
    parameters.splitPoint = 1.0;
    parameters.zParams.compressionLevel = level;
    const std::size_t size =
        ZDICT_trainFromBuffer_fastCover(out.data(), out.size(), joined.data(), sizes.data(),
                                        static_cast<unsigned>(sizes.size()), parameters);
    if (ZDICT_isError(size))
        return Error{Errc::invalid,
                     std::string("cannot train a dictionary: ") + ZDICT_getErrorName(size)};
    out.resize(size);
    return out;
}

std::size_t Dictionary::memory() const noexcept {
    return bytes_.size() + ZSTD_sizeof_DDict(handles_->decompress.get());
}

std::string Dictionary::pack(Bytes dictionary, int level) {
    return Compressor(nullptr, level).compress(dictionary);
}

struct Compressor::State {
    std::unique_ptr<ZSTD_CCtx, With<ZSTD_freeCCtx>> context{ZSTD_createCCtx()};
    std::shared_ptr<const Dictionary> dictionary;
};

Compressor::Compressor(std::shared_ptr<const Dictionary> dictionary, int level)
    : state_(std::make_unique<State>()) {
    state_->dictionary = std::move(dictionary);
    auto* context = state_->context.get();
    ZSTD_CCtx_setParameter(context, ZSTD_c_compressionLevel, level);
    if (const auto* held = state_->dictionary.get()) {
        // Else its tables, many times larger than an article, are copied for each.
        ZSTD_CCtx_setParameter(context, ZSTD_c_forceAttachDict, ZSTD_dictForceAttach);
        ZSTD_CCtx_refCDict(context, held->handles_->prepared(held->bytes(), level));
    }
}
Compressor::~Compressor() = default;
Compressor::Compressor(Compressor&&) noexcept = default;

std::string Compressor::compress(Bytes bytes) {
    std::string out(ZSTD_compressBound(bytes.size()), '\0');
    const std::size_t size = ZSTD_compress2(state_->context.get(), out.data(), out.size(),
                                            bytes.data(), bytes.size());
    COLPORT_ASSERT(!ZSTD_isError(size));
    out.resize(size);
    return out;
}

struct Decompressor::State {
    std::unique_ptr<ZSTD_DCtx, With<ZSTD_freeDCtx>> context{ZSTD_createDCtx()};
};

Decompressor::Decompressor() : state_(std::make_unique<State>()) {}
Decompressor::~Decompressor() = default;
Decompressor::Decompressor(Decompressor&&) noexcept = default;

Result<std::string> Decompressor::decompress(Bytes frame, std::size_t size,
                                             const Dictionary* dictionary) {
    if (!is_frame(frame) || ZSTD_findFrameCompressedSize(frame.data(), frame.size()) != frame.size())
        return Error{Errc::corrupt, "damaged zstd frame"};
    std::string out(size, '\0');
    const std::size_t got =
        dictionary != nullptr
            ? ZSTD_decompress_usingDDict(state_->context.get(), out.data(), out.size(),
                                         frame.data(), frame.size(),
                                         dictionary->handles_->decompress.get())
            : ZSTD_decompressDCtx(state_->context.get(), out.data(), out.size(), frame.data(),
                                  frame.size());
    if (ZSTD_isError(got) || got != size) return Error{Errc::corrupt, "damaged zstd frame"};
    return out;
}

}  // namespace colport
