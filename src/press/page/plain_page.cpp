#include "press/page/plain_page.h"

#include <unicode/uchar.h>

#include <algorithm>

#include "press/clean_text.h"
#include "press/page/bylines.h"
#include "press/page/line_shape.h"
#include "press/page/pleas.h"
#include "press/page/prose_dates.h"
#include "press/page/trim_blocks.h"

namespace colport {
namespace {

// In bytes. A longer line is a paragraph, not a headline.
constexpr std::size_t max_title = 400;
// In columns. Editors break lines before that; pages do not.
constexpr std::size_t wrapped_width = 100;
// In weight: a headline that ends like a sentence is shorter.
constexpr std::size_t short_sentence = 100;
// Lines above the text that are looked at: menus can be long.
constexpr std::size_t most_above = 80;
constexpr std::size_t byline_reach = 4;
// Of a page around the text.
constexpr std::size_t enough_signs = 2;

struct Line {
    std::string text;
    bool after_blank = false;
};

/// "Home > News > Politics", "News | Sport | Opinion".
bool is_path(std::string_view text) {
    std::size_t signs = 0;
    for (const std::string_view sign : {" > ", " › ", " » ", " | ", " / ", " · ", " • "})
        for (std::size_t at = 0; (at = text.find(sign, at)) != text.npos; at += sign.size()) ++signs;
    return signs >= 2;
}

/// Whether the lines were copied off a page, and not written by themselves: what
/// stands beside articles is among them, in a way that no text says by chance.
bool is_copied(const std::vector<std::string>& lines) {
    std::size_t signs = 0;
    bool sure = false;
    for (const auto& line : lines) {
        const bool furniture = (is_label(line) && !is_noun_label(line)) || is_path(line) ||
                               announces_comments(line);
        sure = sure || furniture;
        signs += furniture || is_plea(line) || announces_links(line);
        if (sure && signs >= enough_signs) return true;
    }
    return false;
}

bool is_beside(const std::string& text) {
    return is_label(text) || is_plea(text) || announces_links(text) || announces_comments(text) ||
           is_path(text);
}

/// Begins what somebody says in a dialogue, or a point of a list.
bool begins_point(std::string_view line) {
    for (const std::string_view mark : {"- ", "– ", "— ", "* ", "• ", "· ", "―"})
        if (line.starts_with(mark)) return true;
    const auto digits = std::min(line.find_first_not_of("0123456789"), line.size());
    return digits > 0 && digits <= 2 && digits + 1 < line.size() &&
           (line[digits] == '.' || line[digits] == ')') && line[digits + 1] == ' ';
}

std::vector<Line> lines_of(std::string_view text) {
    std::vector<Line> out;
    bool blank = true;
    while (!text.empty()) {
        const auto end = std::min(text.find_first_of("\r\n"), text.size());
        auto line = clean_line(text.substr(0, end));
        const bool pair = text.substr(end, 2) == "\r\n";
        text.remove_prefix(std::min(end + (pair ? 2 : 1), text.size()));
        if (line.empty()) {
            blank = true;
            continue;
        }
        out.push_back({std::move(line), std::exchange(blank, false)});
    }
    return out;
}

/// Columns that a line takes: Chinese characters take two.
std::size_t width_of(std::string_view line) {
    return characters_in(line) * (is_dense(line) ? 2 : 1);
}

/// Chinese and Japanese, which have no blanks between words; Korean has.
bool is_han_or_kana(char32_t c) {
    return (c >= 0x2e80 && c < 0xac00) || (c >= 0xff00 && c < 0xfff0);
}

/// A line that an editor broke goes on.
void join(std::string& paragraph, std::string_view line) {
    auto last = paragraph.size() - 1;
    while (last > 0 && (static_cast<unsigned char>(paragraph[last]) & 0xc0) == 0x80) --last;
    std::size_t first = 0;
    if (!is_han_or_kana(next_character(paragraph, last)) ||
        !is_han_or_kana(next_character(line, first)))
        paragraph += ' ';
    paragraph += line;
}

/// Joins what an editor broke: lines without a blank one between them, in a text
/// that has no long ones.
std::vector<std::string> paragraphs_of(std::vector<Line> lines) {
    const bool wrapped = std::all_of(lines.begin(), lines.end(), [](const Line& line) {
        return width_of(line.text) <= wrapped_width;
    });
    std::vector<std::string> out;
    bool joins = false;
    for (auto& line : lines) {
        const bool alone = !wrapped || is_beside(line.text) || is_prose_date(line.text) ||
                           read_byline(line.text).has_value();
        if (joins && !alone && !line.after_blank && !begins_point(line.text))
            join(out.back(), line.text);
        else
            out.push_back(std::move(line.text));
        joins = !alone;
    }
    return out;
}

bool could_be_title(const std::string& text) {
    return text.size() <= max_title && !is_beside(text) && !begins_point(text) &&
           !is_prose_date(text) && !read_byline(text);
}

/// "5 min read", "1,204 views".
bool is_measure(std::string_view line) {
    return words_in(line) <= 3 && line.find_first_of("0123456789") != line.npos &&
           !ends_sentence(line);
}

/// How much the line at `at` looks like the headline of what follows.
int title_score(const std::vector<std::string>& lines, std::size_t at, std::size_t text_at) {
    const auto& line = lines[at];
    int out = 0;
    const auto words = words_in(line);
    if (words >= 4) out += 4;
    else if (words == 3) out += 2;
    if (weight_of(line) <= 150) out += 1;
    out += ends_statement(line) ? -2 : 2;
    if (line.find(" | ") != line.npos || line.find('@') != line.npos) out -= 3;
    for (auto i = at + 1; i < std::min(at + 1 + byline_reach, text_at); ++i)
        if (is_prose_date(lines[i]) || read_byline(lines[i])) {
            out += 2;
            break;
        }
    return out;
}

/// Takes the lines above the text off the front.
void read_head(std::vector<std::string>& lines, bool copied, PlainPage& out) {
    std::size_t text_at = 0;
    while (text_at < lines.size() && text_at < most_above &&
           (!is_prose(lines[text_at]) || (copied && is_beside(lines[text_at]))))
        ++text_at;
    // A headline may be as long as a sentence.
    if (text_at == 0 && lines.size() > 1 && could_be_title(lines[0]) &&
        (!ends_sentence(lines[0]) || weight_of(lines[0]) < short_sentence))
        text_at = 1;
    std::optional<std::size_t> title;
    int best = 0;
    for (std::size_t i = 0; i < text_at; ++i) {
        if (!could_be_title(lines[i])) continue;
        const int score = title_score(lines, i, text_at);
        if (title && score <= best) continue;
        title = i;
        best = score;
    }
    if (title) out.title = lines[*title];
    std::vector<std::string> rest;
    for (std::size_t i = title && copied ? *title + 1 : 0; i < lines.size(); ++i) {
        auto& line = lines[i];
        if (title == i) continue;
        if (copied && i < text_at && is_beside(line)) continue;
        if (i < text_at + 2) {
            if (auto names = read_byline(line); names && out.authors.empty()) {
                out.authors = std::move(*names);
                continue;
            }
            if (is_prose_date(line)) {
                if (!out.published) out.published = parse_prose_date(line);
                if (!out.published) out.published = parse_date(line);
                continue;
            }
        }
        if (copied && i < text_at && is_measure(line)) continue;
        if (i + 1 < text_at && out.authors.empty() && is_prose_date(lines[i + 1]) &&
            could_be_names(line)) {
            out.authors = split_names(line);
            continue;
        }
        rest.push_back(std::move(line));
    }
    lines = std::move(rest);
}

/// Short lines that follow the announcement of other articles are their titles.
void cut_links(std::vector<std::string>& lines) {
    bool links = false;
    std::erase_if(lines, [&](const std::string& line) {
        if (announces_links(line)) return links = true;
        links = links && !ends_statement(line) && weight_of(line) < 150 &&
                !announces_comments(line);
        return links;
    });
}

/// A menu or a row of tags below the text: several short lines, or some that
/// give themselves away.
void cut_foot(std::vector<std::string>& lines) {
    constexpr std::size_t a_menu = 3;
    std::size_t text_end = lines.size();
    bool beside = false;
    while (text_end > 0 && (is_beside(lines[text_end - 1]) || !(is_prose(lines[text_end - 1]) ||
                                                                ends_sentence(lines[text_end - 1]))))
        beside = is_beside(lines[--text_end]) || beside;
    if (text_end > 0 && (beside || lines.size() - text_end >= a_menu)) lines.resize(text_end);
}

}  // namespace

PlainPage read_plain_page(std::string_view text) {
    PlainPage out;
    auto lines = paragraphs_of(lines_of(text));
    const bool copied = is_copied(lines);
    read_head(lines, copied, out);
    if (lines.empty() && !out.title.empty()) lines.push_back(std::exchange(out.title, {}));
    if (copied) {
        cut_links(lines);
        cut_foot(lines);
    }
    for (auto& line : lines) {
        auto* span = out.blocks.emplace_back().mutable_paragraph()->add_spans();
        span->set_text(std::move(line));
    }
    if (copied) out.words_cut = trim_blocks(out.blocks, out.title, out.authors);
    return out;
}

}  // namespace colport
