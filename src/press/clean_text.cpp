#include "press/clean_text.h"

#include <unicode/uchar.h>
#include <unicode/utf8.h>

namespace colport {

CharKind kind_of(char32_t c) {
    if (c > 0x20 && c < 0x7f) return CharKind::text;
    if (c == U' ' || (c >= 0x09 && c <= 0x0d)) return CharKind::space;
    if (c == 0xa0 || c == 0x202f || c == 0x3000) return CharKind::wide_space;
    // Letters, marks and digits of most alphabets, then of the Far East.
    if ((c > 0xa0 && c < 0x1680) || (c > 0x3000 && c < 0xd800)) return CharKind::text;
    const auto point = static_cast<UChar32>(c);
    if (u_isUWhiteSpace(point)) return CharKind::space;
    if ((c >= 0x202a && c <= 0x202e) || (c >= 0x2066 && c <= 0x2069) || c == 0xfeff)
        return CharKind::dropped;
    if (u_charType(point) == U_CONTROL_CHAR || U_IS_UNICODE_NONCHAR(point))
        return CharKind::dropped;
    return CharKind::text;
}

char32_t next_character(std::string_view text, std::size_t& at) {
    UChar32 c = 0;
    U8_NEXT(text.data(), at, text.size(), c);
    return c < 0 ? 0xfffd : static_cast<char32_t>(c);
}

std::size_t text_run(std::string_view text, std::size_t at) {
    const auto* const bytes = text.data();
    auto end = at;       // of the text
    auto next = at;      // behind it, or behind a blank that may stand within it
    while (next < text.size()) {
        // Printable ASCII other than blanks needs no look at its characters.
        if (bytes[next] > 0x20 && bytes[next] < 0x7f) {
            end = ++next;
        } else if ((bytes[next] & 0x80) != 0) {
            const char32_t c = next_character(text, next);
            if (c == 0xfffd || kind_of(c) != CharKind::text) break;
            end = next;
        } else if (bytes[next] == ' ' && next == end && end > at) {
            ++next;
        } else {
            break;
        }
    }
    return end - at;
}

void append_character(std::string& out, char32_t c) {
    char bytes[U8_MAX_LENGTH];
    std::size_t size = 0;
    U8_APPEND_UNSAFE(bytes, size, c);
    out.append(bytes, size);
}

std::string clean_line(std::string_view text) {
    std::string out;
    char32_t pending = 0;
    for (std::size_t at = 0; at < text.size();) {
        const auto run = text_run(text, at);
        const auto begin = at;
        at += run;
        const char32_t c = run > 0 ? 0 : next_character(text, at);
        const auto kind = run > 0 ? CharKind::text : kind_of(c);
        if (kind == CharKind::dropped) continue;
        if (kind != CharKind::text) {
            if (!out.empty()) pending = pending || kind == CharKind::space ? U' ' : c;
            continue;
        }
        if (pending) append_character(out, pending);
        pending = 0;
        if (run > 0) out.append(text, begin, run);
        else append_character(out, c);
    }
    return out;
}

std::string clean_code(std::string_view text) {
    std::string out;
    out.reserve(text.size());
    for (std::size_t at = 0; at < text.size();) {
        const auto run = text_run(text, at);
        out.append(text, at, run);
        at += run;
        if (at == text.size()) break;
        const char32_t c = next_character(text, at);
        if (c == U'\n')
            out += '\n';
        else if (c == U'\t')
            out += "    ";
        else if (c == U'\r' && (at == text.size() || text[at] != '\n'))
            out += '\n';
        else if (c == 0x2028 || c == 0x2029 || c == 0x85)
            out += '\n';
        else if (c >= 0x20 && kind_of(c) != CharKind::dropped)
            append_character(out, c);
    }
    const auto begin = out.find_first_not_of('\n');
    if (begin == std::string::npos) return {};
    return out.substr(begin, out.find_last_not_of("\n ") + 1 - begin);
}

std::string repair_utf8(std::string_view text) {
    std::string out;
    for (std::size_t at = 0; at < text.size();)
        if (const char32_t c = next_character(text, at)) append_character(out, c);
    return out;
}

std::string shorten(const std::string& text, std::size_t characters) {
    std::size_t at = 0;
    for (std::size_t i = 0; i < characters && at < text.size(); ++i) next_character(text, at);
    return at == text.size() ? text : clean_line(text.substr(0, at)) + "…";
}

std::string ascii_lower(std::string_view text) {
    std::string out(text);
    for (char& c : out)
        if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
    return out;
}

}  // namespace colport
