#include "words/detect.h"

#include <cld2/public/compact_lang_det.h>

#include "words/stem_rules.h"

namespace colport {
namespace {

constexpr std::size_t sample_bytes = 4096;

}  // namespace

std::string language_of_text(std::string_view text) {
    auto size = std::min(text.size(), sample_bytes);
    while (size < text.size() && size > 0 && (text[size] & 0xc0) == 0x80) --size;
    bool reliable = false;
    const auto language =
        CLD2::DetectLanguage(text.data(), static_cast<int>(size), true, &reliable);
    if (!reliable || language == CLD2::UNKNOWN_LANGUAGE) return {};
    const auto code = words::language_code(CLD2::LanguageCode(language));
    if (code == "iw") return "he";
    if (code == "jw") return "jv";
    return code == "un" ? std::string() : code;
}

std::string detection_signature() {
    return std::string("cld2/") + CLD2::DetectLanguageVersion();
}

}  // namespace colport
