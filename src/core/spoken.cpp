#include "core/spoken.h"

#include "core/result.h"

namespace colport {
namespace {

constexpr std::string_view consonants = "bdfghjklmnprstvz";   // four bits each
constexpr std::string_view vowels = "aiou";                   // two bits each
constexpr std::size_t word_letters = 5;

const std::string_view& letters_at(std::size_t place) {
    return place % 2 == 0 ? consonants : vowels;
}

unsigned bits_at(std::size_t place) { return place % 2 == 0 ? 4 : 2; }

}  // namespace

std::string to_spoken(Bytes bytes) {
    COLPORT_ASSERT(bytes.size() % 2 == 0);
    std::string out;
    for (std::size_t at = 0; at < bytes.size(); at += 2) {
        const unsigned pair = static_cast<unsigned char>(bytes[at]) << 8 |
                              static_cast<unsigned char>(bytes[at + 1]);
        if (!out.empty()) out += '-';
        unsigned shift = 16;
        for (std::size_t place = 0; place < word_letters; ++place) {
            shift -= bits_at(place);
            out += letters_at(place)[pair >> shift & ((1u << bits_at(place)) - 1)];
        }
    }
    return out;
}

std::optional<std::string> from_spoken(std::string_view text) {
    std::string out;
    std::size_t place = 0;
    unsigned pair = 0;
    for (char c : text) {
        if (c == '-' || c == ' ' || c == '\t' || c == '\r' || c == '\n') {
            if (place != 0) return std::nullopt;
            continue;
        }
        if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
        const auto value = letters_at(place).find(c);
        if (value == std::string_view::npos) return std::nullopt;
        pair = pair << bits_at(place) | static_cast<unsigned>(value);
        if (++place < word_letters) continue;
        out += static_cast<char>(pair >> 8);
        out += static_cast<char>(pair);
        place = pair = 0;
    }
    if (place != 0) return std::nullopt;
    return out;
}

}  // namespace colport
