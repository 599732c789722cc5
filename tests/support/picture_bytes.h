#pragma once

#include <string>

#include "core/bytes.h"

/// The smallest files whose containers are sound, to be filled with more.
namespace colport::test {

inline std::string segment(char marker, Bytes body) {
    std::string out = "\xff";
    out += marker;
    out += static_cast<char>((body.size() + 2) >> 8);
    out += static_cast<char>((body.size() + 2) & 0xff);
    return out + std::string(body);
}

inline const Bytes frame_header("\x08\x00\x10\x00\x20\x01\x01\x11\x00", 9);  // 32 by 16
inline const Bytes scan("\x01\x01\x00\x00\x3f\x00" "abc\xff\x00" "def", 14);

inline std::string jpeg(const std::string& segments = {}) {
    return "\xff\xd8" + segment('\xe0', Bytes("JFIF\0\1\1\0\0\1\0\1\0\0", 14)) + segments +
           segment('\xc0', frame_header) + segment('\xda', scan.substr(0, 6)) +
           std::string(scan.substr(6)) + "\xff\xd9";
}

inline std::string chunk(const std::string& type, Bytes body) {
    std::string out;
    for (int shift = 24; shift >= 0; shift -= 8)
        out += static_cast<char>(body.size() >> shift & 0xff);
    return out + type + std::string(body) + "crc!";
}

inline std::string png(const std::string& chunks = {}) {
    return "\x89PNG\r\n\x1a\n" + chunk("IHDR", Bytes("\0\0\0\x07\0\0\0\x05\x08\2\0\0\0", 13)) + chunks +
           chunk("IDAT", "pixels") + chunk("IEND", "");
}

inline std::string riff_chunk(const std::string& type, std::string body) {
    std::string out = type;
    for (int shift = 0; shift < 32; shift += 8)
        out += static_cast<char>(body.size() >> shift & 0xff);
    if (body.size() % 2) body += '\0';
    return out + body;
}

}  // namespace colport::test
