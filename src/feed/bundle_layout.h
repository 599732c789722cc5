#pragma once

#include <cstdint>
#include <string>

#include "core/bytes.h"

/// The bytes around a bundle's frames (SPEC "Bundle"), for its writer and reader.
///
/// index:     magic 4, size 4, a zstd frame with a pb::BundleIndex
/// signature: magic 4, size 4, tag 8, index size 4, index unpacked 4, key 32, signature 64
namespace colport::bundle_layout {

// Of media, and of articles as they were once: each record has its length in front.
inline constexpr std::uint32_t counted_format = 1;
// Of articles: records end by themselves.
inline constexpr std::uint32_t folded_format = 2;
inline constexpr std::uint32_t index_magic = 0x184D2A5C;
inline constexpr std::uint32_t signature_magic = 0x184D2A5D;
inline constexpr std::string_view tag = "colport1";
inline constexpr std::uint32_t signature_content = 8 + 4 + 4 + 32 + 64;
inline constexpr std::size_t signature_frame = 8 + signature_content;

inline void put_u32(std::string& out, std::uint32_t value) {
    for (int shift = 0; shift < 32; shift += 8) out += static_cast<char>(value >> shift);
}

/// Precondition: four bytes at `at`.
inline std::uint32_t get_u32(Bytes bytes, std::size_t at) {
    std::uint32_t out = 0;
    for (int i = 3; i >= 0; --i) out = out << 8 | static_cast<unsigned char>(bytes[at + i]);
    return out;
}

/// What stands before each record of counted_format: its size as a varint of protobuf.
inline std::string length_prefix(std::size_t size) {
    std::string out;
    for (; size >= 0x80; size >>= 7) out += static_cast<char>(size | 0x80);
    return out += static_cast<char>(size);
}

/// What the signature covers.
inline std::string signed_bytes(std::size_t unpacked, Bytes index) {
    std::string out = "colport bundle v1\n";
    put_u32(out, static_cast<std::uint32_t>(unpacked));
    return out += index;
}

}  // namespace colport::bundle_layout
