#include "query/typed_text.h"

#include <unicode/uchar.h>
#include <unicode/uscript.h>
#include <unicode/utf8.h>

#include <algorithm>

#include "words/character.h"

namespace colport::typed {
namespace {

using words::Kind;

constexpr std::size_t shortest_prefix = 3;
constexpr char32_t non_joiner = 0x200c, joiner = 0x200d, zero_width_space = 0x200b;

bool is_joiner(char32_t c) { return c == non_joiner || c == joiner; }

bool is_space(UChar32 c) {
    return c <= 0 || u_isUWhiteSpace(c) || u_charType(c) == U_CONTROL_CHAR ||
           c == UChar32{zero_width_space};
}

bool is_invisible(UChar32 c) {
    return u_hasBinaryProperty(c, UCHAR_DEFAULT_IGNORABLE_CODE_POINT) ||
           u_hasBinaryProperty(c, UCHAR_BIDI_CONTROL);
}

Kind kind_of(char32_t c) { return words::describe(static_cast<std::int32_t>(c))->kind; }

bool starts_word(Kind kind) {
    return kind == Kind::letter || kind == Kind::digit || kind == Kind::paired ||
           kind == Kind::unspaced;
}

bool is_hebrew(char32_t c) {
    UErrorCode status = U_ZERO_ERROR;
    return uscript_getScript(static_cast<UChar32>(c), &status) == USCRIPT_HEBREW &&
           u_isalpha(static_cast<UChar32>(c));
}

int quote_kind(char32_t c) {
    switch (c) {
        case U'"': case U'＂': case U'“': case U'”': case U'„': case U'‟': case U'〝': case U'〞':
        case U'〟': case U'⹂': return 1;
        case U'«': case U'»': return 2;
        case U'‹': case U'›': return 3;
        case U'「': case U'」': case U'｢': case U'｣': case U'﹁': case U'﹂': return 4;
        case U'『': case U'』': case U'﹃': case U'﹄': return 5;
        default: return 0;
    }
}

}  // namespace

std::u32string decode(std::string_view text) {
    std::u32string out;
    for (std::size_t at = 0; at < text.size();) {
        UChar32 c = 0;
        U8_NEXT(text.data(), at, text.size(), c);
        const auto code = static_cast<char32_t>(c);
        if (is_space(c)) {
            out += U' ';
        } else if (is_joiner(code)) {
            const auto before = out.empty() ? Kind::separator : kind_of(out.back());
            if (starts_word(before) || before == Kind::mark) out += code;
        } else if (!is_invisible(c)) {
            out += code;
        }
    }
    return out;
}

std::string encode(std::u32string_view text) {
    std::string out;
    for (const char32_t c : text) {
        char buffer[U8_MAX_LENGTH];
        std::size_t size = 0;
        U8_APPEND_UNSAFE(buffer, size, c);
        out.append(buffer, size);
    }
    return out;
}

char32_t plain(char32_t c) {
    if (c >= U'！' && c <= U'～') c = c - U'！' + U'!';
    return c >= U'A' && c <= U'Z' ? c - U'A' + U'a' : c;
}

bool is_minus(char32_t c) {
    // The dashes of dialogues are longer, and stand before words too.
    return plain(c) == U'-' || (c >= U'‐' && c <= U'–') || c == U'−' || c == U'﹣';
}

bool is_colon(char32_t c) { return plain(c) == U':' || c == U'﹕' || c == U'︓'; }
bool is_star(char32_t c) { return plain(c) == U'*' || c == U'﹡'; }
bool is_bar(char32_t c) { return plain(c) == U'|'; }

int quote_kind(std::u32string_view text, std::size_t at) {
    const int kind = quote_kind(text[at]);
    const bool in_acronym = kind == 1 && at > 0 && at + 1 < text.size() &&
                            is_hebrew(text[at - 1]) && is_hebrew(text[at + 1]);
    return in_acronym ? 0 : kind;
}

bool has_word(std::u32string_view text) {
    return std::any_of(text.begin(), text.end(),
                       [](char32_t c) { return starts_word(kind_of(c)); });
}

bool may_be_prefix(std::u32string_view text) {
    std::size_t letters = 0, marks = 0;
    for (; !text.empty(); text.remove_suffix(1)) {
        const auto c = words::describe(static_cast<std::int32_t>(text.back()));
        if (c->kind == Kind::paired) return true;
        if (c->kind == Kind::mark) {
            ++marks;
        } else if (starts_word(c->kind)) {
            // What folding drops from a word makes it no longer.
            letters += c->bare ? 1 : 1 + marks;
            marks = 0;
        } else if (!is_joiner(text.back())) {
            break;
        }
    }
    return letters >= shortest_prefix;
}

std::u32string_view trimmed(std::u32string_view text) {
    while (!text.empty() && text.front() == U' ') text.remove_prefix(1);
    while (!text.empty() && (text.back() == U' ' || is_joiner(text.back()))) text.remove_suffix(1);
    return text;
}

std::u32string_view first_bytes(std::u32string_view text, std::size_t size) {
    std::size_t bytes = 0;
    for (std::size_t i = 0; i < text.size(); ++i) {
        bytes += U8_LENGTH(text[i]);
        if (bytes > size) return text.substr(0, i);
    }
    return text;
}

}  // namespace colport::typed
