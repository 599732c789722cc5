#include "core/qr.h"

#include <fmt/format.h>
#include <qrencode.h>

#include <memory>
#include <vector>

namespace colport {
namespace {

constexpr int margin = 4;  // modules, as the standard wants

/// Rows of dark modules, the margin included.
Result<std::vector<std::vector<bool>>> modules_of(std::string_view text) {
    const std::unique_ptr<QRcode, void (*)(QRcode*)> code(
        QRcode_encodeData(static_cast<int>(text.size()),
                          reinterpret_cast<const unsigned char*>(text.data()), 0, QR_ECLEVEL_M),
        QRcode_free);
    if (!code) return Error{Errc::too_large, "the text is too long for a QR code"};
    const auto side = static_cast<std::size_t>(code->width + 2 * margin);
    std::vector<std::vector<bool>> out(side, std::vector<bool>(side, false));
    for (int y = 0; y < code->width; ++y)
        for (int x = 0; x < code->width; ++x)
            out[static_cast<std::size_t>(y + margin)][static_cast<std::size_t>(x + margin)] =
                (code->data[y * code->width + x] & 1) != 0;
    return out;
}

}  // namespace

Result<std::string> qr_svg(std::string_view text) {
    const auto rows = COLPORT_TRY(modules_of(text));
    std::string path;
    for (std::size_t y = 0; y < rows.size(); ++y)
        for (std::size_t x = 0; x < rows.size(); ++x)
            if (rows[y][x]) path += fmt::format("M{} {}h1v1h-1z", x, y);
    return fmt::format("<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {0} {0}\" "
                       "shape-rendering=\"crispEdges\"><rect width=\"{0}\" height=\"{0}\" "
                       "fill=\"#fff\"/><path d=\"{1}\"/></svg>\n",
                       rows.size(), path);
}

Result<std::string> qr_terminal(std::string_view text) {
    const auto rows = COLPORT_TRY(modules_of(text));
    constexpr const char* blocks[] = {" ", "▀", "▄", "█"};
    std::string out;
    for (std::size_t y = 0; y < rows.size(); y += 2) {
        out += "\x1b[30;107m";
        for (std::size_t x = 0; x < rows.size(); ++x)
            out += blocks[rows[y][x] + (y + 1 < rows.size() && rows[y + 1][x] ? 2 : 0)];
        out += "\x1b[0m\n";
    }
    return out;
}

}  // namespace colport
