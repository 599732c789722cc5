#include <algorithm>

#include "storage/archive.h"
#include "storage/look.h"
#include "storage/text.h"

namespace colport {
namespace {

constexpr std::size_t snippet_length = 200;  // code points
constexpr std::size_t before_mark = 60;

bool starts_code_point(char c) { return (static_cast<unsigned char>(c) & 0xc0) != 0x80; }

/// `count` code points further, or the end.
std::size_t forward(std::string_view text, std::size_t at, std::size_t count) {
    while (at < text.size() && count > 0) {
        ++at;
        while (at < text.size() && !starts_code_point(text[at])) ++at;
        --count;
    }
    return at;
}

std::size_t backward(std::string_view text, std::size_t at, std::size_t count) {
    while (at > 0 && count > 0) {
        --at;
        while (at > 0 && !starts_code_point(text[at])) --at;
        --count;
    }
    return at;
}

bool is_space(char c) { return c == ' ' || c == '\n' || c == '\t'; }

/// The mark from which on a snippet says most: different words count.
std::size_t best(std::string_view text, const std::vector<Span>& marks) {
    std::size_t out = 0, most = 0;
    // The first some marks will do.
    const auto size = std::min<std::size_t>(marks.size(), 200);
    for (std::size_t i = 0; i < size; ++i) {
        const auto end = forward(text, marks[i].begin, snippet_length - before_mark);
        std::vector<std::string_view> words;
        for (auto j = i; j < size && marks[j].end <= end; ++j) {
            const auto word = text.substr(marks[j].begin, marks[j].end - marks[j].begin);
            if (std::find(words.begin(), words.end(), word) == words.end()) words.push_back(word);
        }
        if (words.size() > most) {
            most = words.size();
            out = i;
        }
    }
    return out;
}

}  // namespace

std::string snippet_of(std::string_view text, const std::vector<Span>& marks) {
    if (marks.empty()) return beginning(text, snippet_length);
    const auto first = marks[best(text, marks)];
    auto begin = backward(text, first.begin, before_mark);
    if (begin > 0) {
        // From a word's beginning on, where there is one.
        auto word = begin;
        while (word < first.begin && !is_space(text[word])) ++word;
        if (word < first.begin) begin = word + 1;
    }
    auto end = std::max(forward(text, begin, snippet_length), first.end);
    if (end < text.size()) {
        auto word = end;
        while (word > first.end && !is_space(text[word])) --word;
        if (word > first.end) end = word;
    }
    std::string out = begin > 0 ? "…" : "";
    auto at = begin;
    for (std::size_t i = 0; i < marks.size() && marks[i].begin < end; ++i) {
        auto [from, to] = marks[i];
        if (from < at || to > end) continue;
        // Overlapping ones become one.
        while (i + 1 < marks.size() && marks[i + 1].begin < to) {
            to = std::max(to, std::min(marks[i + 1].end, end));
            ++i;
        }
        out += text.substr(at, from - at);
        out += mark_begin;
        out += text.substr(from, to - from);
        out += mark_end;
        at = to;
    }
    out += text.substr(at, end - at);
    if (end < text.size()) out += "…";
    return tidy_snippet(out);
}

}  // namespace colport
