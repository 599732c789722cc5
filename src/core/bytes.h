#pragma once

#include <algorithm>
#include <array>
#include <compare>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <optional>
#include <string>
#include <string_view>

namespace colport {

/// Borrowed bytes, not text. Owned bytes are std::string.
using Bytes = std::string_view;

std::string to_hex(Bytes bytes);

/// Lower case only; nothing for an odd length or another character.
std::optional<std::string> from_hex(std::string_view hex);

std::string to_base64(Bytes bytes);

/// Standard alphabet with padding; nothing for any other encoding.
std::optional<std::string> from_base64(std::string_view text);

/// N bytes with a meaning; `Tag` keeps one meaning from passing for another.
template <class Tag, std::size_t N>
struct FixedBytes {
    static constexpr std::size_t size = N;
    std::array<unsigned char, N> bytes{};

    static std::optional<FixedBytes> from(Bytes view) {
        if (view.size() != N) return std::nullopt;
        FixedBytes out;
        std::memcpy(out.bytes.data(), view.data(), N);
        return out;
    }
    static std::optional<FixedBytes> from_hex_text(std::string_view hex) {
        auto raw = from_hex(hex);
        if (!raw) return std::nullopt;
        return from(*raw);
    }
    [[nodiscard]] Bytes view() const {
        return {reinterpret_cast<const char*>(bytes.data()), N};
    }
    [[nodiscard]] std::string str() const { return std::string(view()); }
    [[nodiscard]] std::string hex() const { return to_hex(view()); }
    auto operator<=>(const FixedBytes&) const = default;
};

/// For hash maps; the bytes are hashes or keys already, so any eight will do.
struct FixedBytesHash {
    template <class Tag, std::size_t N>
    std::size_t operator()(const FixedBytes<Tag, N>& value) const noexcept {
        std::size_t out = 0;
        std::memcpy(&out, value.bytes.data(), std::min(N, sizeof out));
        return out;
    }
};

using Sha256 = FixedBytes<struct Sha256Tag, 32>;
using InfoHash = FixedBytes<struct InfoHashTag, 20>;
using ArticleId = FixedBytes<struct ArticleIdTag, 16>;
using PublicKey = FixedBytes<struct PublicKeyTag, 32>;
using Signature = FixedBytes<struct SignatureTag, 64>;

/// True for well-formed UTF-8 without NUL.
bool is_text(std::string_view text);

}  // namespace colport
