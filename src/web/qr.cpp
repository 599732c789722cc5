#include "web/qr.h"

#include <fmt/format.h>
#include <qrencode.h>

#include <memory>

namespace colport::web {
namespace {

constexpr int margin = 4;  // modules, as the standard wants

}  // namespace

Result<std::string> qr_svg(std::string_view text) {
    const std::unique_ptr<QRcode, void (*)(QRcode*)> code(
        QRcode_encodeData(static_cast<int>(text.size()),
                          reinterpret_cast<const unsigned char*>(text.data()), 0, QR_ECLEVEL_L),
        QRcode_free);
    if (!code) return Error{Errc::too_large, "the text is too long for a QR code"};
    const int size = code->width + 2 * margin;
    std::string path;
    for (int y = 0; y < code->width; ++y)
        for (int x = 0; x < code->width; ++x)
            if ((code->data[y * code->width + x] & 1) != 0)
                path += fmt::format("M{} {}h1v1h-1z", x + margin, y + margin);
    return fmt::format("<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {0} {0}\" "
                       "shape-rendering=\"crispEdges\"><rect width=\"{0}\" height=\"{0}\" "
                       "fill=\"#fff\"/><path d=\"{1}\"/></svg>\n",
                       size, path);
}

}  // namespace colport::web
