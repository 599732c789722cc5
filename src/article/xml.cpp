#include "article/xml.h"

#include "article/render.h"

namespace colport {

std::string xml_text(std::string_view utf8) {
    std::string out;
    out.reserve(utf8.size());
    for (std::size_t i = 0; i < utf8.size(); ++i) {
        const auto c = static_cast<unsigned char>(utf8[i]);
        if (c < 0x20 && c != '\t' && c != '\n' && c != '\r') continue;
        // U+FFFE and U+FFFF.
        if (c == 0xef && i + 2 < utf8.size() && static_cast<unsigned char>(utf8[i + 1]) == 0xbf &&
            static_cast<unsigned char>(utf8[i + 2]) >= 0xbe) {
            i += 2;
            continue;
        }
        out += utf8[i];
    }
    return out;
}

std::string escape_xml(std::string_view utf8) { return escape_html(xml_text(utf8)); }

}  // namespace colport
