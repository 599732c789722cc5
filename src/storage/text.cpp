#include "storage/text.h"

#include <algorithm>

#include "storage/archive.h"

namespace colport {
namespace {

// Code points: longer than any headline.
constexpr std::size_t longest_listed = 500;
constexpr std::size_t snippet_bytes = 1200;
constexpr std::size_t before_mark = 300;

bool is_space(char c) { return c == ' ' || c == '\n' || c == '\t'; }

bool starts_code_point(char c) { return (static_cast<unsigned char>(c) & 0xc0) != 0x80; }

/// The last boundary between code points at or before `at`.
std::size_t align(std::string_view text, std::size_t at) {
    while (at > 0 && at < text.size() && !starts_code_point(text[at])) --at;
    return at;
}

/// Where the code point number `limit` starts, or the end.
std::size_t offset_of(std::string_view text, std::size_t limit) {
    std::size_t at = 0;
    for (std::size_t count = 0; at < text.size(); ++at)
        if (starts_code_point(text[at]) && count++ == limit) break;
    return at;
}

}  // namespace

std::string without_controls(std::string text) {
    std::replace_if(
        text.begin(), text.end(),
        [](char c) {
            const auto byte = static_cast<unsigned char>(c);
            return (byte < 0x20 && c != '\n' && c != '\t') || byte == 0x7f;
        },
        ' ');
    return text;
}

std::string lower(std::string_view text) {
    std::string out(text);
    for (auto& c : out)
        if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
    return out;
}

std::string one_line(std::string_view text) {
    std::string out;
    for (const char c : text) {
        if (!is_space(c)) out += c;
        else if (!out.empty() && out.back() != ' ') out += ' ';
    }
    if (!out.empty() && out.back() == ' ') out.pop_back();
    return out;
}

std::string beginning(std::string_view text, std::size_t limit) {
    // White space that goes could be anywhere, so look at twice as much.
    const auto part = text.substr(0, offset_of(text, 2 * limit));
    std::string line = one_line(part);
    std::size_t end = offset_of(line, limit);
    if (end == line.size() && part.size() == text.size()) return line;
    if (end < line.size() && line[end] != ' ')
        if (const auto space = line.rfind(' ', end); space != line.npos && space > end / 2)
            end = space;
    line.resize(end);
    return line.empty() ? line : line + "…";
}

std::string listed(std::string_view text) {
    return beginning(without_controls(std::string(text)), longest_listed);
}

std::string tidy_snippet(std::string_view snippet) {
    const std::string line = one_line(snippet);
    if (line.size() <= snippet_bytes) return line;
    const auto mark = line.find(mark_begin);
    const auto start =
        mark == line.npos || mark < before_mark ? 0 : align(line, mark - before_mark);
    const auto end = align(line, std::min(line.size(), start + snippet_bytes));
    std::string out = start == 0 ? "" : "…";
    bool open = false;
    for (const char c : line.substr(start, end - start)) {
        if (c == mark_begin) open = true;
        if (c == mark_end) open = false;
        out += c;
    }
    if (open) out += mark_end;
    if (end < line.size()) out += "…";
    return out;
}

}  // namespace colport
