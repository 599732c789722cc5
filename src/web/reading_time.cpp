#include "web/reading_time.h"

#include <unicode/uscript.h>
#include <unicode/utf8.h>

#include "article/render.h"

namespace colport::web {
namespace {

// Words a minute of silent reading, and what a character counts for in scripts that
// put no space between words.
constexpr double words_a_minute = 200, words_a_character = 0.5;

bool is_unspaced(UChar32 c) {
    UErrorCode error = U_ZERO_ERROR;
    switch (uscript_getScript(c, &error)) {
        case USCRIPT_HAN: case USCRIPT_HIRAGANA: case USCRIPT_KATAKANA: return true;
        default: return false;
    }
}

/// Of these, whole syllables are several characters.
bool is_syllabic(UChar32 c) {
    UErrorCode error = U_ZERO_ERROR;
    switch (uscript_getScript(c, &error)) {
        case USCRIPT_THAI: case USCRIPT_LAO: case USCRIPT_KHMER: case USCRIPT_MYANMAR: return true;
        default: return false;
    }
}

}  // namespace

std::uint64_t minutes_to_read(const pb::Article& article) {
    const auto text = to_text(article);
    double words = 0;
    bool inside = false;
    for (std::size_t at = 0; at < text.size();) {
        UChar32 c = static_cast<unsigned char>(text[at]);
        if (c < 0x80) ++at;
        else U8_NEXT(text.data(), at, text.size(), c);
        if (c >= 0x0e00 && is_unspaced(c)) words += words_a_character;
        else if (c >= 0x0e00 && is_syllabic(c)) words += words_a_character / 2.5;
        else if (c <= ' ') inside = false;
        else if (!inside) inside = true, words += 1;
    }
    return static_cast<std::uint64_t>((words + words_a_minute - 1) / words_a_minute);
}

}  // namespace colport::web
