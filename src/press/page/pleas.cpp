#include "press/page/pleas.h"

#include <unicode/uchar.h>
#include <unicode/utf8.h>

#include <algorithm>
#include <cstdint>
#include <string>
#include <vector>

#include "press/clean_text.h"
#include "press/formats/fold_line.h"
#include "press/page/line_shape.h"
#include "press/page/plea_words.h"

namespace colport {
namespace {

// In bytes; Burmese and Persian need two or three for a letter.
constexpr std::size_t max_label = 120;
constexpr std::size_t max_announced = 400;
constexpr std::size_t max_rights = 200;
// In weight: a line or two, and more than any box says.
constexpr std::size_t short_plea = 150;
constexpr std::size_t max_plea = 420;

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
const Phrases& nouns() {
    static const Phrases out = read_phrases(plea_words::nouns);
    return out;
}
const Phrases& announcements() {
    static const Phrases out = read_phrases(plea_words::announcements);
    return out;
}
const Phrases& pointers() {
    static const Phrases out = read_phrases(plea_words::pointers);
    return out;
}
const Phrases& comments() {
    static const Phrases out = read_phrases(plea_words::comments);
    return out;
}
const Phrases& comment_calls() {
    static const Phrases out = read_phrases(plea_words::comment_calls);
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
const std::vector<Pattern>& last_requests() {
    static const auto out = read_patterns(plea_words::last_requests);
    return out;
}
const std::vector<Pattern>& hints() {
    static const auto out = read_patterns(plea_words::hints);
    return out;
}
const std::vector<Pattern>& notices() {
    static const auto out = read_patterns(plea_words::notices);
    return out;
}
const std::vector<Pattern>& rights() {
    static const auto out = read_patterns(plea_words::rights);
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

bool is_sentence_end(char32_t c) {
    constexpr std::u32string_view ends = U".!?:。！？：؟۔။၊";
    return ends.find(c) != ends.npos;
}

bool is_quotation(char32_t c) {
    constexpr std::u32string_view marks = U"\"“”„«»‹›「」『』‘";
    return marks.find(c) != marks.npos;
}

/// The first sentence of `text`, its end with it.
std::string_view sentence_of(std::string_view text) {
    for (std::size_t at = 0; at < text.size();)
        if (is_sentence_end(next_character(text, at))) return text.substr(0, at);
    return text;
}

bool begins_as(std::string_view text, const Pattern& pattern) {
    if (!text.starts_with(pattern.begin)) return false;
    const auto behind = pattern.begin.size();
    if (pattern.whole_word && !ends_word(text, behind)) return false;
    return pattern.later.empty() ||
           sentence_of(text.substr(behind)).find(pattern.later) != text.npos;
}

bool begins_as_any(std::string_view text, const std::vector<Pattern>& patterns) {
    return std::any_of(patterns.begin(), patterns.end(),
                       [&](const Pattern& pattern) { return begins_as(text, pattern); });
}

/// Whether a word goes on, or another follows, at `at`.
bool is_open(std::string_view text, std::size_t at) {
    while (at < text.size()) {
        const auto c = next_character(text, at);
        if (c != U' ') return u_isalpha(static_cast<UChar32>(c));
    }
    return false;
}

bool has_any(std::string_view folded, const std::vector<Pattern>& patterns, bool closed) {
    return std::any_of(patterns.begin(), patterns.end(), [&](const Pattern& pattern) {
        const auto at = folded.find(pattern.begin);
        if (at == folded.npos) return false;
        const auto behind = at + pattern.begin.size();
        if (!pattern.later.empty()) return folded.find(pattern.later, behind) != folded.npos;
        return !closed || !pattern.whole_word || !is_open(folded, behind);
    });
}

bool is_digit(char c) { return c >= '0' && c <= '9'; }

/// In whatever script.
bool has_digit(std::string_view text) {
    for (std::size_t at = 0; at < text.size();)
        if (u_isdigit(static_cast<UChar32>(next_character(text, at)))) return true;
    return false;
}

/// "© 2026 The Gazette", not a word on copyright, and not point (c) of a law.
bool states_rights(std::string_view folded) {
    if (folded.size() > max_rights) return false;
    if (folded.starts_with("©")) return true;
    for (const std::string_view beginning : {"(c) ", "copyright ", "copyright © ", "copyright (c) "}) {
        if (!folded.starts_with(beginning)) continue;
        const auto year = folded.substr(beginning.size(), 4);
        if (year.size() == 4 && (year.starts_with("19") || year.starts_with("20")) &&
            std::all_of(year.begin(), year.end(), is_digit))
            return true;
    }
    return false;
}

/// Whether a sentence of `folded` asks for something: the first, or, in a short
/// line, any. What is quoted, or said in a dialogue, asks somebody else.
bool asks(std::string_view folded, bool is_short, Surroundings around) {
    if (folded.starts_with("— ") || folded.starts_with("– ")) return false;
    bool fresh = true;
    bool first = true;
    for (std::size_t at = 0; at < folded.size() && (first || is_short);) {
        const auto from = at;
        const auto c = next_character(folded, at);
        if (is_quotation(c)) return false;
        const bool letter = u_isalpha(static_cast<UChar32>(c));
        if (fresh && letter) {
            const auto sentence = folded.substr(from);
            if (begins_as_any(sentence, requests()) ||
                (is_short && (around.linked || around.is_last) &&
                 begins_as_any(sentence, last_requests())) ||
                (is_short && around.linked && begins_as_any(sentence, hints())))
                return true;
        }
        if (letter || u_isdigit(static_cast<UChar32>(c))) {
            fresh = false;
        } else if (is_sentence_end(c)) {
            first = first && fresh;
            fresh = true;
        }
    }
    return false;
}

/// A question of an interview: "More?"
bool asks_back(std::string_view line) {
    return line.ends_with('?') || line.ends_with("؟") || line.ends_with("？");
}

bool is_numbered(std::string_view folded) {
    const auto end = folded.find_first_not_of("0123456789");
    return end > 0 && end != folded.npos && (folded[end] == '.' || folded[end] == ')');
}

}  // namespace

bool is_noun_label(std::string_view line) {
    if (line.size() > max_label || asks_back(line)) return false;
    const auto folded = fold_line(line);
    return contains(nouns(), core_of(folded)) || contains(nouns(), folded);
}

bool is_label(std::string_view line) {
    if (line.size() > max_label || asks_back(line)) return false;
    const auto folded = fold_line(line);
    return contains(labels(), core_of(folded)) || contains(labels(), folded) ||
           is_noun_label(line);
}

bool announces_links(std::string_view line, Surroundings around) {
    if (line.size() > max_announced) return false;
    const auto folded = fold_line(line);
    const auto core = core_of(folded);
    if (contains(pointers(), core) || contains(announcements(), core)) return true;
    for (const std::string_view colon : {":", "：", "|", " – ", " — "}) {
        const auto at = folded.find(colon);
        if (at == folded.npos) continue;
        const auto before = core_of(std::string_view(folded).substr(0, at));
        if (around.linked && contains(announcements(), before)) return true;
        // A title follows, or a sentence of the text.
        if (contains(pointers(), before) &&
            (around.linked || (weight_of(folded) <= short_plea && !ends_statement(folded))))
            return true;
    }
    return false;
}

bool announces_comments(std::string_view line) {
    if (line.size() > max_label) return false;
    const auto folded = fold_line(line);
    const auto core = core_of(folded);
    if (contains(comment_calls(), core)) return true;
    return contains(comments(), core) && !is_numbered(folded) && has_digit(folded);
}

bool names_comments(std::string_view line) {
    return line.size() <= max_label && contains(comments(), core_of(fold_line(line)));
}

bool is_plea(std::string_view line, Surroundings around) {
    const auto weight = weight_of(line);
    const bool is_short = weight <= short_plea;
    if (weight > max_plea || (!is_short && !around.linked)) return false;
    const auto folded = fold_line(line);
    if (states_rights(folded) || asks(folded, is_short, around)) return true;
    if (!is_short) return false;
    return (around.linked && has_any(folded, notices(), false)) ||
           ((around.linked || around.is_last) && has_any(folded, rights(), true));
}

}  // namespace colport
