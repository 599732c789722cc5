#include "storage/query.h"

#include <unicode/uchar.h>
#include <unicode/uscript.h>
#include <unicode/utf8.h>

#include <algorithm>
#include <vector>

namespace colport {
namespace {

constexpr std::size_t most_bytes = 4096;
constexpr std::size_t most_words = 64;
// Shorter beginnings are so common that their lists take seconds to merge.
constexpr std::ptrdiff_t shortest_prefix = 3;

struct Word {
    std::u32string text;
    bool excluded = false;
    bool prefix = false;
};

bool is_quote(UChar32 c) {
    return c == '"' || c == 0xab || c == 0xbb || (c >= 0x201c && c <= 0x201f);
}

/// Code points; whatever cannot be typed is a space, each quote is `"`.
std::u32string decode(std::string_view typed) {
    typed = typed.substr(0, most_bytes);
    std::u32string out;
    for (std::size_t at = 0; at < typed.size();) {
        UChar32 c = 0;
        U8_NEXT(typed.data(), at, typed.size(), c);
        if (c <= 0 || u_isUWhiteSpace(c) || u_charType(c) == U_CONTROL_CHAR) c = ' ';
        if (is_quote(c)) c = '"';
        out += static_cast<char32_t>(c);
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

bool is_letter(char32_t c) {
    const auto mask = U_GET_GC_MASK(static_cast<UChar32>(c));
    return (mask & (U_GC_L_MASK | U_GC_N_MASK)) != 0;
}

bool is_in_word(char32_t c) {
    return is_letter(c) || (U_GET_GC_MASK(static_cast<UChar32>(c)) & U_GC_M_MASK) != 0;
}

bool is_east_asian(char32_t c) {
    UErrorCode status = U_ZERO_ERROR;
    switch (uscript_getScript(static_cast<UChar32>(c), &status)) {
        case USCRIPT_HAN: case USCRIPT_HIRAGANA: case USCRIPT_KATAKANA: case USCRIPT_HANGUL:
            return true;
        default: return false;
    }
}

/// Can the word's last part stand for all words that begin so?
bool may_be_prefix(std::u32string_view text) {
    const auto first = std::find_if_not(text.rbegin(), text.rend(), is_in_word);
    return first - text.rbegin() >= shortest_prefix ||
           std::any_of(text.rbegin(), first, is_east_asian);
}

/// Reads words from left to right.
class Scanner {
public:
    explicit Scanner(std::u32string_view text) : text_(text) {}

    /// False at the end.
    bool next(Word& word) {
        while (at_ < text_.size() && text_[at_] == ' ') ++at_;
        if (at_ == text_.size()) return false;
        word = {};
        const bool starts = at_ == 0 || text_[at_ - 1] == ' ';
        if (starts && text_[at_] == '-' && at_ + 1 < text_.size() && text_[at_ + 1] != ' ') {
            word.excluded = true;
            ++at_;
        }
        if (text_[at_] == '"') phrase(word);
        else plain(word);
        word.prefix = word.prefix && may_be_prefix(word.text);
        return true;
    }

private:
    void phrase(Word& word) {
        const auto end = std::min(text_.find('"', at_ + 1), text_.size());
        word.text = text_.substr(at_ + 1, end - at_ - 1);
        at_ = std::min(end + 1, text_.size());
        while (at_ < text_.size() && text_[at_] == '*') {
            word.prefix = true;
            ++at_;
        }
    }

    void plain(Word& word) {
        const auto end = std::min(text_.find_first_of(U" \"", at_), text_.size());
        word.text = text_.substr(at_, end - at_);
        at_ = end;
        while (!word.text.empty() && word.text.back() == '*') {
            word.prefix = true;
            word.text.pop_back();
        }
    }

    std::u32string_view text_;
    std::size_t at_ = 0;
};

std::string quoted(const Word& word) {
    return '"' + encode(word.text) + (word.prefix ? "\" *" : "\"");
}

}  // namespace

Words parse_words(std::string_view typed) {
    const auto text = decode(typed);
    Words out;
    std::string excluded;
    Scanner scanner(text);
    Word word;
    for (std::size_t count = 0; count < most_words && scanner.next(word);) {
        out.blank = false;
        if (std::none_of(word.text.begin(), word.text.end(), is_letter)) continue;
        ++count;
        if (word.excluded) excluded += (excluded.empty() ? "" : " OR ") + quoted(word);
        else out.match += (out.match.empty() ? "" : " AND ") + quoted(word);
    }
    if (!out.match.empty() && !excluded.empty())
        out.match = "(" + out.match + ") NOT (" + excluded + ")";
    return out;
}

}  // namespace colport
