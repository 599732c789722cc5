#include "core/bytes.h"

#include <sodium.h>
#include <unicode/utf8.h>

#include <cstdint>
#include <cstring>

namespace colport {

std::string to_hex(Bytes bytes) {
    std::string out(bytes.size() * 2 + 1, '\0');
    sodium_bin2hex(out.data(), out.size(),
                   reinterpret_cast<const unsigned char*>(bytes.data()), bytes.size());
    out.pop_back();
    return out;
}

std::optional<std::string> from_hex(std::string_view hex) {
    if (hex.find_first_not_of("0123456789abcdef") != hex.npos || hex.size() % 2 != 0)
        return std::nullopt;
    std::string out(hex.size() / 2, '\0');
    std::size_t written = 0;
    if (sodium_hex2bin(reinterpret_cast<unsigned char*>(out.data()), out.size(), hex.data(),
                       hex.size(), nullptr, &written, nullptr) != 0 ||
        written != out.size())
        return std::nullopt;
    return out;
}

std::string to_base64(Bytes bytes) {
    std::string out(sodium_base64_encoded_len(bytes.size(), sodium_base64_VARIANT_ORIGINAL), '\0');
    sodium_bin2base64(out.data(), out.size(),
                      reinterpret_cast<const unsigned char*>(bytes.data()), bytes.size(),
                      sodium_base64_VARIANT_ORIGINAL);
    out.pop_back();
    return out;
}

std::optional<std::string> from_base64(std::string_view text) {
    std::string out(text.size() / 4 * 3 + 3, '\0');
    std::size_t written = 0;
    const char* end = nullptr;
    if (sodium_base642bin(reinterpret_cast<unsigned char*>(out.data()), out.size(), text.data(),
                          text.size(), nullptr, &written, &end,
                          sodium_base64_VARIANT_ORIGINAL) != 0 ||
        end != text.data() + text.size())
        return std::nullopt;
    out.resize(written);
    return out;
}

bool is_text(std::string_view text) {
    const char* data = text.data();
    for (std::size_t at = 0; at < text.size();) {
        // Most text is ASCII, and most of it stands together.
        constexpr std::uint64_t high_bits = 0x8080808080808080U;
        constexpr std::uint64_t ones = 0x0101010101010101U;
        for (std::uint64_t eight = 0; text.size() - at >= sizeof eight; at += sizeof eight) {
            std::memcpy(&eight, data + at, sizeof eight);
            if (((eight | (eight - ones)) & high_bits) != 0) break;
        }
        if (at == text.size()) break;
        UChar32 c = 0;
        U8_NEXT(data, at, text.size(), c);
        if (c <= 0) return false;
    }
    return true;
}

}  // namespace colport
