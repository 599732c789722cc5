#include "press/page/bylines.h"

#include <unicode/uchar.h>

#include <algorithm>
#include <array>

#include "press/clean_text.h"
#include "press/page/line_shape.h"

namespace colport {
namespace {

constexpr std::size_t max_names_bytes = 160;
constexpr std::size_t max_names = 8;
constexpr std::size_t max_words = 14;
// Where no capitals show that they are names, and where a full stop follows.
constexpr std::size_t longest_bare = 3;

struct Beginning {
    std::string_view words;
    bool alone;   ///< a sentence may begin so as well: the names must look like names
};
constexpr std::array<Beginning, 40> beginnings{{
    {"written by ", true}, {"story by ", true}, {"reported by ", true}, {"by: ", false},
    {"by ", true},          {"author: ", false},  {"автор: ", false},      {"авторы: ", false},     {"аўтар: ", false},    {"тэкст: ", false},
    {"текст: ", false},     {"автор ", true},     {"автори: ", false},     {"نویسنده: ", false},
    {"نویسنده ", true},     {"نوشته: ", false},   {"نوشتهٔ ", true},       {"گزارش: ", false},
    {"خبرنگار: ", false},   {"بقلم: ", false},    {"بقلم ", false},        {"كتب: ", false},
    {"الكاتب: ", false},    {"yazan: ", false},   {"yazar: ", false},      {"haber: ", false},
    {"作者：", false},       {"作者:", false},     {"记者：", false},        {"記者：", false},
    {"文：", false},         {"文/", false},       {"撰文：", false},        {"por ", true},
    {"texto: ", false},     {"autor: ", false},   {"von ", true},          {"par ", true},
    {"ရေးသားသူ: ", false},   {"ရေးသားသူ - ", false},
}};

std::size_t count_words(std::string_view text) {
    return static_cast<std::size_t>(std::count(text.begin(), text.end(), ' ')) + 1;
}

/// Whether every longer word begins with a capital, in scripts that have them.
bool looks_like_names(std::string_view names) {
    bool fresh = true;
    for (std::size_t at = 0; at < names.size();) {
        const auto from = at;
        const auto c = static_cast<UChar32>(next_character(names, at));
        if (c == '.' || c == ':' || c == '!' || c == '?') {
            // Initials have a full stop, sentences end with one.
            if (at == names.size() || c != '.') return false;
        }
        const auto word_end = std::min(names.find_first_of(" ,", from), names.size());
        if (fresh && u_islower(c) && word_end - from > 3) return false;
        fresh = c == ' ' || c == '-';
    }
    return true;
}

constexpr std::size_t longest_name = 5;       // in words
constexpr std::size_t longest_han_name = 4;   // in characters, unless dots part them

/// No sentence, and no question of an interview: short, without a mark at its end.
bool could_be_name(std::string_view name) {
    if (ends_sentence(name) && !name.ends_with('.')) return false;
    if (count_words(name) > longest_name) return false;
    if (!is_dense(name)) return true;
    for (const std::string_view word : {"您", "你", "呢", "吗", "嗎", "请", "請"})
        if (name.find(word) != name.npos) return false;
    return characters_in(name) <= longest_han_name || name.find("·") != name.npos ||
           name.find("．") != name.npos || name.find(' ') != name.npos;
}

bool has_capitals(std::string_view text) {
    for (std::size_t at = 0; at < text.size();)
        if (u_isupper(static_cast<UChar32>(next_character(text, at)))) return true;
    return false;
}

/// Lower case, as far as the words above need it: as many bytes as before.
std::string fold_first(std::string_view line) {
    auto out = ascii_lower(line);
    std::size_t at = 0;
    if (out.empty()) return out;
    const auto folded = u_tolower(static_cast<UChar32>(next_character(out, at)));
    std::string first;
    append_character(first, static_cast<char32_t>(folded));
    if (first.size() == at) out.replace(0, at, first);
    return out;
}

}  // namespace

bool could_be_names(std::string_view line) {
    std::size_t at = 0;
    if (line.empty() || line.size() > max_names_bytes) return false;
    const bool capital = u_isupper(static_cast<UChar32>(next_character(line, at)));
    const auto words = count_words(line);
    return capital && words >= 2 && words <= 4 && looks_like_names(line);
}

std::vector<std::string> split_names(std::string_view names) {
    static constexpr std::array<std::string_view, 12> between{
        ", ", "; ", " and ", " & ", " и ", " та ", " و ", " ve ", " y ", "、", "，", " | "};
    std::vector<std::string> out;
    while (!names.empty() && out.size() < max_names) {
        auto end = names.npos;
        std::size_t size = 0;
        for (const auto word : between)
            if (const auto at = names.find(word); at < end) {
                end = at;
                size = word.size();
            }
        if (auto name = clean_line(names.substr(0, end)); !name.empty())
            out.push_back(std::move(name));
        names.remove_prefix(end == names.npos ? names.size() : end + size);
        for (const std::string_view word : {"and ", "& "})
            if (names.starts_with(word)) names.remove_prefix(word.size());
    }
    return out;
}

std::optional<std::vector<std::string>> read_byline(std::string_view line) {
    if (line.size() > max_names_bytes) return std::nullopt;
    const auto lower = fold_first(line);
    for (const auto& beginning : beginnings) {
        if (!lower.starts_with(beginning.words)) continue;
        const auto names = line.substr(beginning.words.size());
        if (count_words(names) > max_words || (beginning.alone && !looks_like_names(names)))
            return std::nullopt;
        if (beginning.alone && !has_capitals(names) && count_words(names) > longest_bare)
            return std::nullopt;
        auto out = split_names(names);
        if (ends_statement(names) && count_words(names) > longest_bare) return std::nullopt;
        if (out.empty() || !std::all_of(out.begin(), out.end(), could_be_name)) return std::nullopt;
        return out;
    }
    return std::nullopt;
}

}  // namespace colport
