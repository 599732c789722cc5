#include "press/page/trim_blocks.h"

#include <unicode/uchar.h>

#include <algorithm>

#include "press/clean_text.h"
#include "press/page/bylines.h"
#include "press/page/inline_text.h"
#include "press/page/pleas.h"
#include "press/page/prose_dates.h"

namespace colport {
namespace {

// How many blocks may stand above the title, and how much text.
constexpr std::size_t title_within = 10;
constexpr std::size_t most_above_title = 600;
// Blocks below the title among which authors and dates are looked for.
constexpr std::size_t byline_within = 6;
constexpr std::size_t max_byline = 160;
constexpr std::size_t max_title = 2000;
// Of the text, which must stay.
constexpr double least_left = 0.5;
// Below this many bytes in front of them, comments may be the article.
constexpr std::size_t before_comments = 250;

/// A block on trial.
struct Piece {
    pb::Block* block = nullptr;
    std::string line;           ///< what it says
    bool dropped = false;

    [[nodiscard]] bool is_line() const { return block->has_paragraph() || block->has_heading(); }
};
using Pieces = std::vector<Piece>;

Pieces pieces_of(std::vector<pb::Block>& blocks) {
    Pieces out;
    out.reserve(blocks.size());
    for (auto& block : blocks) {
        auto& piece = out.emplace_back(Piece{&block, {}, false});
        append_block_text(piece.line, block);
        while (piece.line.ends_with('\n')) piece.line.pop_back();
    }
    return out;
}

std::size_t size_of(const Pieces& pieces) {
    std::size_t out = 0;
    for (const auto& piece : pieces)
        if (!piece.dropped) out += piece.line.size();
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
    text = text.substr(0, max_title);
    for (std::size_t at = 0; at < text.size();) {
        const auto c = static_cast<UChar32>(next_character(text, at));
        if (u_isalnum(c))
            append_character(out, static_cast<char32_t>(u_foldCase(c, U_FOLD_CASE_DEFAULT)));
    }
    return out;
}

bool is_byline(const std::string& line, const std::vector<std::string>& authors) {
    if (line.size() > max_byline) return false;
    if (is_prose_date(line) || read_byline(line)) return true;
    const auto bare = skeleton(line);
    for (const auto& author : authors) {
        const auto name = skeleton(author);
        if (name.size() >= 4 && bare.find(name) != bare.npos && bare.size() < 2 * name.size() + 24)
            return true;
    }
    return false;
}

/// The title again, and all text above it.
void cut_title(Pieces& pieces, std::string_view title) {
    std::size_t above = 0;
    for (std::size_t i = 0; i < std::min(pieces.size(), title_within); ++i) {
        if (pieces[i].is_line() && is_same_title(pieces[i].line, title)) {
            for (std::size_t at = 0; at <= i; ++at)
                pieces[at].dropped = !pieces[at].block->has_figure();
            return;
        }
        if ((above += pieces[i].line.size()) > most_above_title) return;
    }
}

void cut_bylines(Pieces& pieces, const std::vector<std::string>& authors) {
    std::size_t seen = 0;
    for (auto& piece : pieces) {
        if (piece.dropped) continue;
        if (++seen > byline_within) return;
        piece.dropped = piece.block->has_paragraph() && is_byline(piece.line, authors);
    }
}

/// Drops the items that are buttons or pleas. True when none is left.
bool cut_items(pb::Block& block) {
    auto* items = block.mutable_list()->mutable_items();
    for (int i = items->size() - 1; i >= 0; --i) {
        std::string line;
        append_text(line, (*items)[i].spans());
        if (is_label(line) || is_plea(line)) items->erase(items->begin() + i);
    }
    return items->empty();
}

void cut_pleas(Pieces& pieces) {
    bool links_follow = false;
    std::size_t size = 0;
    for (auto& piece : pieces) {
        if (piece.dropped) continue;
        if (!piece.is_line() && !piece.block->has_list()) {
            links_follow = false;
            continue;
        }
        if (size >= before_comments && announces_comments(piece.line)) {
            for (auto* at = &piece; at != pieces.data() + pieces.size(); ++at) at->dropped = true;
            return;
        }
        const bool announces = announces_links(piece.line);
        const bool beside = piece.is_line() && (is_label(piece.line) || is_plea(piece.line));
        piece.dropped = announces || beside || (links_follow && is_links(*piece.block));
        links_follow = announces || (links_follow && piece.dropped);
        if (!piece.dropped) size += piece.line.size();
    }
}

/// Headings announced something that is gone; a link alone leads to another
/// article, but a list of them may be the sources of this one.
void cut_tail(Pieces& pieces) {
    for (auto at = pieces.rbegin(); at != pieces.rend(); ++at) {
        if (at->dropped) continue;
        const auto& block = *at->block;
        if (!block.has_heading() && !block.has_rule() &&
            !(block.has_paragraph() && is_links(block)))
            return;
        at->dropped = true;
    }
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
    auto pieces = pieces_of(blocks);
    const auto all = static_cast<double>(size_of(pieces));
    cut_title(pieces, title);
    cut_bylines(pieces, authors);
    cut_pleas(pieces);
    cut_tail(pieces);
    if (static_cast<double>(size_of(pieces)) < least_left * all) return;
    std::vector<pb::Block> out;
    for (auto& piece : pieces) {
        if (piece.dropped || (piece.block->has_list() && cut_items(*piece.block))) continue;
        out.push_back(std::move(*piece.block));
    }
    blocks = std::move(out);
}

}  // namespace colport
