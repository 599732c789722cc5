#include "words/character.h"

#include <unicode/normalizer2.h>
#include <unicode/translit.h>
#include <unicode/uchar.h>
#include <unicode/unistr.h>
#include <unicode/uscript.h>
#include <unicode/utf8.h>

#include <memory>
#include <mutex>

namespace colport::words {
namespace {

using icu::UnicodeString;

constexpr std::uint32_t word_mask = U_GC_L_MASK | U_GC_M_MASK | U_GC_N_MASK;
constexpr UChar32 breve = 0x306, diaeresis = 0x308, tatweel = 0x640;

struct Normalizers {
    UErrorCode status = U_ZERO_ERROR;
    const icu::Normalizer2& casefold = *icu::Normalizer2::getNFKCCasefoldInstance(status);
    const icu::Normalizer2& decompose = *icu::Normalizer2::getNFDInstance(status);
    const icu::Normalizer2& compose = *icu::Normalizer2::getNFCInstance(status);
};

const Normalizers& normalizers() {
    static const Normalizers all;
    return all;
}

UnicodeString normalized(const icu::Normalizer2& form, const UnicodeString& text) {
    UErrorCode status = U_ZERO_ERROR;
    auto out = form.normalize(text, status);
    return U_FAILURE(status) ? UnicodeString() : out;
}

UScriptCode script_of(UChar32 c) {
    UErrorCode status = U_ZERO_ERROR;
    const auto script = uscript_getScript(c, &status);
    return U_FAILURE(status) ? USCRIPT_UNKNOWN : script;
}

bool is_mark(UChar32 c) { return U_GET_GC_MASK(c) & U_GC_M_MASK; }

/// Scripts where marks are accents or vowels that a reader does not type.
bool drops_marks(UChar32 c) {
    switch (script_of(c)) {
        case USCRIPT_LATIN:
        case USCRIPT_GREEK:
        case USCRIPT_CYRILLIC:
        case USCRIPT_ARABIC:
        case USCRIPT_HEBREW:
        case USCRIPT_COMMON:
            return true;
        default:
            return false;
    }
}

/// Marks that make another letter and not an accented one: й, ї.
bool is_own_letter(UChar32 base, UChar32 mark) {
    return (base == U'и' && mark == breve) || (base == U'і' && mark == diaeresis);
}

/// Spellings that people use for one another and Unicode holds apart.
void append_unified(UnicodeString& out, UChar32 c) {
    switch (c) {
        case U'ı': out.append(UChar32{U'i'}); return;
        case U'ø': out.append(UChar32{U'o'}); return;
        case U'ł': out.append(UChar32{U'l'}); return;
        case U'đ': out.append(UChar32{U'd'}); return;
        case U'œ': out.append(u"oe", 2); return;
        case U'æ': out.append(u"ae", 2); return;
        case U'ґ': out.append(UChar32{U'г'}); return;
        case U'ی':
        case U'ى': out.append(UChar32{U'ي'}); return;
        case U'ک': out.append(UChar32{U'ك'}); return;
        case U'ة':
        case U'ۀ': out.append(UChar32{U'ه'}); return;
        case U'ٱ': out.append(UChar32{U'ا'}); return;
        default: out.append(c);
    }
}

/// `text` without the marks that drops_marks() means and with letters unified;
/// Latin ones stay as they are where `keep_latin`.
UnicodeString stripped(const UnicodeString& text, bool keep_latin) {
    UnicodeString unified;
    for (int i = 0; i < text.length(); i = text.moveIndex32(i, 1)) {
        const UChar32 c = text.char32At(i);
        if (keep_latin && script_of(c) == USCRIPT_LATIN)
            unified.append(c);
        else
            append_unified(unified, c);
    }
    const auto apart = normalized(normalizers().decompose, unified);
    UnicodeString out;
    UChar32 base = 0;
    for (int i = 0; i < apart.length(); i = apart.moveIndex32(i, 1)) {
        const UChar32 c = apart.char32At(i);
        if (!is_mark(c)) {
            base = c;
        } else if (base && drops_marks(base) && !is_own_letter(base, c) &&
                   !(keep_latin && script_of(base) == USCRIPT_LATIN)) {
            continue;
        }
        out.append(c);
    }
    // Without its accent a letter may have a twin: ǿ.
    UnicodeString whole = normalized(normalizers().compose, out);
    if (keep_latin) return whole;
    UnicodeString again;
    for (int i = 0; i < whole.length(); i = whole.moveIndex32(i, 1))
        append_unified(again, whole.char32At(i));
    return again;
}

bool is_apostrophe(char32_t c) {
    return c == U'\'' || c == U'’' || c == U'‘' || c == U'ʼ' || c == U'ʻ' || c == U'`' || c == U'´';
}

/// Case and compatibility folded; what is no part of a word left out.
UnicodeString case_folded(UChar32 c) {
    const auto folded = normalized(normalizers().casefold, UnicodeString(c));
    UnicodeString out;
    for (int i = 0; i < folded.length(); i = folded.moveIndex32(i, 1)) {
        const UChar32 part = folded.char32At(i);
        const auto value = u_charDigitValue(part);
        if (value >= 0)
            out.append(UChar32{U'0'} + value);
        else if ((U_GET_GC_MASK(part) & word_mask) && part != tatweel &&
                 !is_apostrophe(static_cast<char32_t>(part)))
            out.append(part);
    }
    // Thai and Lao "am" would come apart into a mark on nothing and a letter.
    const bool splits = !is_mark(c) && out.length() > 1 && is_mark(out.char32At(0)) &&
                        !is_mark(out.char32At(out.length() - 1));
    return splits ? UnicodeString(c) : out;
}

/// Chinese is read in both scripts, and many type but one.
UnicodeString simplified(UnicodeString text) {
    if (script_of(text.char32At(0)) != USCRIPT_HAN) return text;
    static const std::unique_ptr<icu::Transliterator> simplifier = [] {
        UErrorCode status = U_ZERO_ERROR;
        return std::unique_ptr<icu::Transliterator>(
            icu::Transliterator::createInstance("Traditional-Simplified", UTRANS_FORWARD, status));
    }();
    if (!simplifier) return text;
    // What it makes may be traditional in another use: once is not always the end.
    for (int i = 0; i < 2; ++i) simplifier->transliterate(text);
    return text;
}

bool is_paired(UChar32 c, UScriptCode script) {
    switch (script) {
        case USCRIPT_HAN:
        case USCRIPT_HIRAGANA:
        case USCRIPT_KATAKANA:
        case USCRIPT_HANGUL:
        case USCRIPT_BOPOMOFO:
            return true;
        case USCRIPT_COMMON:  // the mark of a long vowel, and others that both Kana use
            return uscript_hasScript(c, USCRIPT_KATAKANA);
        default:
            return false;
    }
}

Kind kind_of(UChar32 c, const UnicodeString& folded) {
    if (is_apostrophe(static_cast<char32_t>(c))) return Kind::apostrophe;
    if (c == 0x200c) return Kind::non_joiner;
    if (u_getIntPropertyValue(c, UCHAR_LINE_BREAK) == U_LB_ZWSPACE) return Kind::separator;
    if (c == tatweel || u_hasBinaryProperty(c, UCHAR_DEFAULT_IGNORABLE_CODE_POINT))
        return Kind::ignored;
    const auto category = U_GET_GC_MASK(c);
    if (is_mark(c)) return Kind::mark;
    if (!(category & word_mask) || folded.isEmpty()) return Kind::separator;
    if (is_mark(folded.char32At(0)) && folded.char32At(0) != c) return Kind::mark;
    if (!normalizers().casefold.hasBoundaryBefore(c)) return Kind::mark;
    const auto first = folded.char32At(0);
    const auto script = script_of(first);
    if (is_paired(first, script)) return Kind::paired;
    if (category & U_GC_N_MASK) return Kind::digit;
    switch (script) {
        case USCRIPT_THAI:
        case USCRIPT_LAO:
        case USCRIPT_KHMER:
        case USCRIPT_MYANMAR:
            return Kind::unspaced;
        default:
            return Kind::letter;
    }
}

/// All separators: most of the planes that Unicode has not filled.
const Page& blank_page() {
    static const Page page;
    return page;
}

const Page* build_page(char32_t first) {
    auto page = std::make_unique<Page>();
    for (char32_t c = first; c < first + 256; ++c) page->describe(c);
    const auto& all = page->characters;
    const bool blank = std::all_of(all.begin(), all.end(), [](const Character& c) {
        return c.kind == Kind::separator;
    });
    return blank ? &blank_page() : page.release();
}

}  // namespace

// The pages are never freed: they serve to the end of the process.
std::array<std::atomic<const Page*>, page_count> pages;

const Page& make_page(std::size_t index) {
    static std::mutex making;
    const std::lock_guard lock(making);
    if (const auto* page = pages[index].load(std::memory_order_acquire)) return *page;
    const auto* page = build_page(static_cast<char32_t>(index * 256));
    pages[index].store(page, std::memory_order_release);
    return *page;
}

void Page::describe(char32_t code) {
    const auto c = static_cast<UChar32>(code);
    auto& out = characters[code & 0xff];
    if (U_GET_GC_MASK(c) & (U_GC_CN_MASK | U_GC_CO_MASK | U_GC_CS_MASK)) return;
    const auto all = simplified(case_folded(c));
    out.kind = kind_of(c, all);
    if (out.kind == Kind::separator || out.kind == Kind::ignored || out.kind == Kind::apostrophe ||
        out.kind == Kind::non_joiner)
        return;
    // ½ is a sign, not the number 12.
    if ((U_GET_GC_MASK(c) & U_GC_NO_MASK) &&
        normalized(normalizers().casefold, UnicodeString(c)).length() != all.length()) {
        out.kind = Kind::separator;
        return;
    }
    const auto script = script_of(all.char32At(0));
    out.script = script == USCRIPT_LATIN    ? Script::latin
                 : script == USCRIPT_ARABIC ? Script::arabic
                                            : Script::other;
    out.bare = out.kind != Kind::mark && drops_marks(all.char32At(0));
    out.composes = out.kind == Kind::mark && !normalizers().casefold.hasBoundaryBefore(c);

    std::string plain, folded;
    stripped(all, false).toUTF8String(plain);
    stripped(all, true).toUTF8String(folded);
    out.plain_at_ = static_cast<std::uint16_t>(pool.size());
    out.plain_size_ = static_cast<std::uint8_t>(plain.size());
    pool += plain;
    out.folded_at_ = out.plain_at_;
    out.folded_size_ = static_cast<std::uint8_t>(folded.size());
    if (folded == plain) return;
    out.folded_at_ = static_cast<std::uint16_t>(pool.size());
    pool += folded;
}

void compose(std::string& folded, std::string& plain) {
    const auto whole = normalized(normalizers().compose, UnicodeString::fromUTF8(folded));
    folded.clear();
    plain.clear();
    stripped(whole, true).toUTF8String(folded);
    stripped(whole, false).toUTF8String(plain);
}

std::string without_accents(std::string_view folded) {
    std::string out;
    for (std::size_t at = 0; at < folded.size();) {
        UChar32 c = 0;
        U8_NEXT(folded.data(), at, folded.size(), c);
        out += describe(c).plain();
    }
    return out;
}

}  // namespace colport::words
