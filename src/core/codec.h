#pragma once

#include <memory>
#include <span>
#include <string>
#include <vector>

#include "core/bytes.h"
#include "core/result.h"

/// Zstandard frames (RFC 8878), by libzstd.
namespace colport {

/// A trained dictionary, ready for use. Thread-safe.
class Dictionary {
public:
    /// From a file that holds it as it is, or in one zstd frame.
    /// Errors: corrupt (not a zstd dictionary), too_large.
    static Result<std::shared_ptr<const Dictionary>> load(std::string file);
    /// Learns a dictionary of at most `capacity` bytes for frames of `level`, as it
    /// is. Deterministic. Errors: invalid (too few or too similar samples).
    static Result<std::string> train(std::span<const std::string> samples, std::size_t capacity,
                                     int level = 3);
    /// The file of a dictionary: in a zstd frame it travels as a third of itself.
    static std::string pack(Bytes dictionary, int level = 19);

    ~Dictionary();
    /// What frames are compressed with.
    [[nodiscard]] Bytes bytes() const noexcept { return bytes_; }
    /// Of the file that it was loaded from.
    [[nodiscard]] const Sha256& hash() const noexcept { return hash_; }
    /// Bytes held by one that only unpacks.
    [[nodiscard]] std::size_t memory() const noexcept;

private:
    friend class Compressor;
    friend class Decompressor;
    struct Handles;
    Dictionary();
    std::string bytes_;
    Sha256 hash_;
    std::unique_ptr<Handles> handles_;
};

/// How hard to compress: zstd's levels. Bundles are written once and read by
/// thousands, so pay at the press.
inline constexpr int default_level = 19;
inline constexpr int highest_level = 22;

/// Makes one frame a call. Deterministic for one version of libzstd. One thread at
/// a time.
class Compressor {
public:
    /// `dictionary` may be null.
    explicit Compressor(std::shared_ptr<const Dictionary> dictionary = nullptr,
                        int level = default_level);
    ~Compressor();
    Compressor(Compressor&&) noexcept;
    std::string compress(Bytes bytes);

private:
    struct State;
    std::unique_ptr<State> state_;
};

/// Undoes one frame a call. One thread at a time.
class Decompressor {
public:
    Decompressor();
    ~Decompressor();
    Decompressor(Decompressor&&) noexcept;
    /// `frame` must be exactly one frame that holds exactly `size` bytes; the
    /// caller has bounded `size`. `dictionary` may be null. Errors: corrupt.
    Result<std::string> decompress(Bytes frame, std::size_t size, const Dictionary* dictionary);

private:
    struct State;
    std::unique_ptr<State> state_;
};

}  // namespace colport
