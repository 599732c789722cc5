#include "feed/fingerprint.h"

#include <fmt/format.h>

#include "core/spoken.h"

namespace colport {
namespace {

constexpr std::size_t word_bytes = 12;

Sha256 digest_of(const PublicKey& key) {
    return sha256("colport fingerprint v1\n" + key.str());
}

}  // namespace

std::string fingerprint_words(const PublicKey& key) {
    return to_spoken(digest_of(key).view().substr(0, word_bytes));
}

FingerprintPicture fingerprint_picture(const PublicKey& key) {
    const auto digest = digest_of(key);
    FingerprintPicture out{};
    for (std::size_t row = 0; row < 8; ++row)
        for (std::size_t column = 0; column < 4; ++column)
            out[row][column] = out[row][7 - column] =
                (digest.bytes[word_bytes + row / 2] >> (row % 2 * 4 + column) & 1) != 0;
    return out;
}

std::string fingerprint_text(const PublicKey& key) {
    const auto picture = fingerprint_picture(key);
    constexpr const char* blocks[] = {" ", "▀", "▄", "█"};
    std::string out;
    for (std::size_t row = 0; row < 8; row += 2) {
        for (std::size_t column = 0; column < 8; ++column)
            out += blocks[picture[row][column] + 2 * picture[row + 1][column]];
        out += '\n';
    }
    return out;
}

std::string fingerprint_svg(const PublicKey& key) {
    const auto picture = fingerprint_picture(key);
    const int hue = digest_of(key).bytes[word_bytes + 4] * 360 / 256;
    std::string path;
    for (std::size_t row = 0; row < 8; ++row)
        for (std::size_t column = 0; column < 8; ++column)
            if (picture[row][column]) path += fmt::format("M{} {}h1v1h-1z", column + 1, row + 1);
    return fmt::format("<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 10 10\" "
                       "shape-rendering=\"crispEdges\"><rect width=\"10\" height=\"10\" "
                       "fill=\"#fff\"/><path fill=\"hsl({} 65% 35%)\" d=\"{}\"/></svg>\n",
                       hue, path);
}

}  // namespace colport
