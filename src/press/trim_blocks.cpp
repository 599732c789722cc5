#include "press/trim_blocks.h"

#include <unicode/uchar.h>

#include <algorithm>

#include "press/clean_text.h"
#include "press/inline_text.h"
#include "press/pleas.h"
#include "press/prose_dates.h"

namespace colport {
namespace {

// How many blocks may stand above the title, and how much text.
constexpr std::size_t title_within = 10;
constexpr std::size_t most_above_title = 600;
// Blocks below the title among which authors and dates are looked for.
constexpr std::size_t byline_within = 6;
constexpr std::size_t max_byline = 160;
// Of the text, which must stay.
constexpr double least_left = 0.5;
// Below this many bytes in front of them, comments may be the article.
constexpr std::size_t before_comments = 400;

std::string text_of(const pb::Block& block) {
    std::string out;
    append_block_text(out, block);
    return clean_line(out);
}

std::size_t size_of(const std::vector<pb::Block>& blocks) {
    std::size_t out = 0;
    for (const auto& block : blocks) out += text_of(block).size();
    return out;
}

template <class Spans>
void count_links(const Spans& spans, std::size_t& linked, std::size_t& all) {
    for (const auto& span : spans) {
        all += span.text().size();
        if (!span.href().empty()) linked += span.text().size();
    }
}

/// Hardly anything but links: another article's title, a row of tags.
bool is_links(const pb::Block& block) {
    std::size_t linked = 0;
    std::size_t all = 0;
    count_links(block.paragraph().spans(), linked, all);
    count_links(block.heading().spans(), linked, all);
    for (const auto& item : block.list().items()) count_links(item.spans(), linked, all);
    return all > 0 && 5 * linked >= 4 * all;
}

/// Letters and digits alone, without case.
std::string skeleton(std::string_view text) {
    std::string out;
    for (std::size_t at = 0; at < text.size();) {
        const auto c = static_cast<UChar32>(next_character(text, at));
        if (u_isalnum(c))
            append_character(out, static_cast<char32_t>(u_foldCase(c, U_FOLD_CASE_DEFAULT)));
    }
    return out;
}

bool is_byline(const std::string& line, const std::vector<std::string>& authors) {
    if (line.size() > max_byline) return false;
    if (is_prose_date(line)) return true;
    const auto bare = skeleton(line);
    for (const auto& author : authors) {
        const auto name = skeleton(author);
        if (name.size() >= 4 && bare.find(name) != bare.npos && bare.size() < 2 * name.size() + 24)
            return true;
    }
    return false;
}

/// The title again, and all text above it.
void cut_title(std::vector<pb::Block>& blocks, std::string_view title) {
    std::size_t above = 0;
    for (std::size_t i = 0; i < std::min(blocks.size(), title_within); ++i) {
        const auto line = text_of(blocks[i]);
        const bool could = blocks[i].has_heading() || blocks[i].has_paragraph();
        if (could && is_same_title(line, title)) {
            for (std::size_t kept = 0; kept <= i; ++kept)
                if (!blocks[kept].has_figure()) blocks[kept].clear_kind();
            break;
        }
        if ((above += line.size()) > most_above_title) break;
    }
    std::erase_if(blocks, [](const auto& block) {
        return block.kind_case() == pb::Block::KIND_NOT_SET;
    });
}

bool is_beside(const pb::Block& block) {
    if (!block.has_paragraph() && !block.has_heading()) return false;
    const auto line = text_of(block);
    return is_label(line) || is_plea(line);
}

void cut_bylines(std::vector<pb::Block>& blocks, const std::vector<std::string>& authors) {
    std::size_t seen = 0;
    std::erase_if(blocks, [&](const auto& block) {
        return ++seen <= byline_within && block.has_paragraph() &&
               is_byline(text_of(block), authors);
    });
}

/// Items that are buttons or pleas; the list, when nothing is left.
bool cut_items(pb::Block& block) {
    auto* items = block.mutable_list()->mutable_items();
    for (int i = items->size() - 1; i >= 0; --i) {
        std::string line;
        append_text(line, (*items)[i].spans());
        line = clean_line(line);
        if (is_label(line) || is_plea(line)) items->erase(items->begin() + i);
    }
    return items->empty();
}

std::vector<pb::Block> without_pleas(const std::vector<pb::Block>& blocks) {
    std::vector<pb::Block> out;
    bool links_follow = false;
    std::size_t size = 0;
    for (auto block : blocks) {
        const bool wordless = !block.has_paragraph() && !block.has_heading() && !block.has_list();
        if (wordless) {
            links_follow = false;
            out.push_back(std::move(block));
            continue;
        }
        const auto line = text_of(block);
        if (announces_comments(line) && size >= before_comments) break;
        if (announces_links(line)) {
            links_follow = true;
            continue;
        }
        if (links_follow && is_links(block)) continue;
        links_follow = false;
        if (block.has_list() ? cut_items(block) : is_beside(block)) continue;
        size += line.size();
        out.push_back(std::move(block));
    }
    return out;
}

/// Headings announced something that is gone; links lead to other articles.
void cut_tail(std::vector<pb::Block>& blocks) {
    // A list of links may be the article's sources.
    while (!blocks.empty() && (blocks.back().has_heading() || blocks.back().has_rule() ||
                               (blocks.back().has_paragraph() && is_links(blocks.back()))))
        blocks.pop_back();
}

}  // namespace

bool is_same_title(std::string_view one, std::string_view other) {
    const auto a = skeleton(one);
    const auto b = skeleton(other);
    if (a.empty() || b.empty()) return false;
    if (a == b) return true;
    const auto& shorter = a.size() < b.size() ? a : b;
    const auto& longer = a.size() < b.size() ? b : a;
    return shorter.size() >= 12 && 10 * shorter.size() >= 6 * longer.size() &&
           (longer.starts_with(shorter) || longer.ends_with(shorter));
}

void trim_blocks(std::vector<pb::Block>& blocks, std::string_view title,
                 const std::vector<std::string>& authors) {
    const auto all = static_cast<double>(size_of(blocks));
    auto out = blocks;
    cut_title(out, title);
    cut_bylines(out, authors);
    out = without_pleas(out);
    cut_tail(out);
    if (static_cast<double>(size_of(out)) >= least_left * all) blocks = std::move(out);
}

}  // namespace colport
