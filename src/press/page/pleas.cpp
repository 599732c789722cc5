#include "press/page/pleas.h"

#include <unicode/uchar.h>
#include <unicode/utf8.h>

#include <algorithm>
#include <cstdint>
#include <string>
#include <vector>

#include "press/clean_text.h"
#include "press/formats/fold_line.h"
#include "press/page/plea_words.h"

namespace colport {
namespace {

// In bytes; Burmese and Persian need two or three for a letter.
constexpr std::size_t max_label = 120;
constexpr std::size_t max_plea = 700;
constexpr std::size_t max_announced = 400;
constexpr std::size_t max_rights = 200;

/// Signs, digits and blanks gone from both ends: "Comments (12) »" is "comments".
std::string_view core_of(std::string_view folded) {
    const auto is_letter = [](char32_t c) {
        return c == U'©' || u_isalpha(static_cast<UChar32>(c)) ||
               (U_GET_GC_MASK(static_cast<UChar32>(c)) & U_GC_M_MASK);
    };
    std::size_t begin = folded.size();
    std::size_t end = 0;
    for (std::size_t at = 0; at < folded.size();) {
        const auto from = at;
        if (!is_letter(next_character(folded, at))) continue;
        begin = std::min(begin, from);
        end = at;
    }
    return begin < end ? folded.substr(begin, end - begin) : std::string_view();
}

using Phrases = std::vector<std::string>;

/// Folded as what they are compared with.
Phrases read_phrases(std::string_view lines) {
    Phrases out;
    while (!lines.empty()) {
        const auto end = std::min(lines.find_first_of("\n;"), lines.size());
        if (auto phrase = fold_line(lines.substr(0, end)); !phrase.empty())
            out.push_back(std::move(phrase));
        lines.remove_prefix(std::min(end + 1, lines.size()));
    }
    std::sort(out.begin(), out.end());
    return out;
}

bool contains(const Phrases& sorted, std::string_view phrase) {
    return std::binary_search(sorted.begin(), sorted.end(), phrase, std::less<>());
}

const Phrases& labels() {
    static const Phrases out = read_phrases(plea_words::labels);
    return out;
}
const Phrases& announcements() {
    static const Phrases out = read_phrases(plea_words::announcements);
    return out;
}
const Phrases& comments() {
    static const Phrases out = read_phrases(plea_words::comments);
    return out;
}

/// What a sentence begins with, or what stands anywhere, and what must follow.
struct Pattern {
    std::string begin;
    std::string later;
    bool whole_word = true;
};

std::vector<Pattern> read_patterns(std::string_view lines) {
    constexpr std::string_view gap = " … ";
    std::vector<Pattern> out;
    for (auto& phrase : read_phrases(lines)) {
        Pattern pattern;
        const auto at = phrase.find(gap);
        if (at != phrase.npos) pattern.later = phrase.substr(at + gap.size());
        pattern.begin = phrase.substr(0, at);
        if (pattern.begin.ends_with('*')) {
            pattern.begin.pop_back();
            pattern.whole_word = false;
        }
        out.push_back(std::move(pattern));
    }
    return out;
}

const std::vector<Pattern>& requests() {
    static const auto out = read_patterns(plea_words::requests);
    return out;
}
const std::vector<Pattern>& notices() {
    static const auto out = read_patterns(plea_words::notices);
    return out;
}

/// Chinese and Burmese have no blanks between words.
bool is_unspaced(UChar32 c) { return c >= 0x2e80 || (c >= 0x1000 && c < 0x10a0); }

/// Precondition: at > 0.
bool ends_word(std::string_view text, std::size_t at) {
    if (at == text.size()) return true;
    auto before = static_cast<std::int32_t>(at);
    UChar32 last = 0;
    U8_PREV(text.data(), 0, before, last);
    const auto next = static_cast<UChar32>(next_character(text, at));
    return is_unspaced(last) || is_unspaced(next) || !u_isalnum(next);
}

bool begins_as(std::string_view text, const Pattern& pattern) {
    return text.starts_with(pattern.begin) &&
           (!pattern.whole_word || ends_word(text, pattern.begin.size())) &&
           (pattern.later.empty() ||
            text.find(pattern.later, pattern.begin.size()) != text.npos);
}

bool ends_sentence(char32_t c) {
    constexpr std::u32string_view ends = U".!?:。！？：؟။၊";
    return ends.find(c) != ends.npos;
}

/// "© 2026 The Gazette", not a word on copyright.
bool states_rights(std::string_view folded) {
    return folded.size() <= max_rights &&
           (folded.starts_with("©") || folded.starts_with("(c) ") ||
            folded.starts_with("copyright ©") || folded.starts_with("copyright 2") ||
            folded.starts_with("copyright (c)"));
}

}  // namespace

bool is_label(std::string_view line) {
    if (line.size() > max_label) return false;
    const auto folded = fold_line(line);
    return contains(labels(), core_of(folded)) || contains(labels(), folded);
}

bool announces_links(std::string_view line) {
    if (line.size() > max_announced) return false;
    const auto folded = fold_line(line);
    if (contains(announcements(), core_of(folded))) return true;
    for (const std::string_view colon : {":", "：", "|", " – ", " — "}) {
        const auto at = folded.find(colon);
        const auto before = core_of(std::string_view(folded).substr(0, at));
        if (at != folded.npos && contains(announcements(), before)) return true;
    }
    return false;
}

bool announces_comments(std::string_view line) {
    if (line.size() > max_label) return false;
    const auto folded = fold_line(line);
    return contains(comments(), core_of(folded));
}

bool is_plea(std::string_view line) {
    if (line.size() > max_plea) return false;
    const auto folded = fold_line(line);
    if (states_rights(folded)) return true;
    for (const auto& notice : notices())
        if (const auto at = folded.find(notice.begin); at != folded.npos)
            if (notice.later.empty() || folded.find(notice.later, at) != folded.npos) return true;
    bool fresh = true;
    for (std::size_t at = 0; at < folded.size();) {
        const auto from = at;
        const auto c = next_character(folded, at);
        const bool letter = u_isalpha(static_cast<UChar32>(c));
        const auto sentence = std::string_view(folded).substr(from);
        if (fresh && letter)
            for (const auto& request : requests())
                if (begins_as(sentence, request)) return true;
        if (letter || u_isdigit(static_cast<UChar32>(c)))
            fresh = false;
        else if (ends_sentence(c))
            fresh = true;
    }
    return false;
}

}  // namespace colport
