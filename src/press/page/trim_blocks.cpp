#include "press/page/trim_blocks.h"

#include <unicode/uchar.h>

#include <algorithm>

#include "press/clean_text.h"
#include "press/page/bylines.h"
#include "press/page/inline_text.h"
#include "press/page/line_shape.h"
#include "press/page/link_targets.h"
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
    Surroundings around;
    bool links = false;         ///< hardly anything but links: another article's title, a row of tags
    bool dropped = false;

    [[nodiscard]] bool is_line() const { return block->has_paragraph() || block->has_heading(); }
};
using Pieces = std::vector<Piece>;

struct Links {
    std::size_t linked = 0;
    std::size_t all = 0;
    bool to_box = false;

    template <class Spans>
    void count(const Spans& spans) {
        for (const auto& span : spans) {
            all += span.text().size();
            if (span.href().empty()) continue;
            linked += span.text().size();
            to_box = to_box || leads_to_box(span.href());
        }
    }
    [[nodiscard]] bool holds_all() const { return all > 0 && 5 * linked >= 4 * all; }
    [[nodiscard]] bool tells() const { return to_box || (all > 0 && 2 * linked >= all); }
};

Pieces pieces_of(std::vector<pb::Block>& blocks) {
    Pieces out;
    out.reserve(blocks.size());
    for (auto& block : blocks) {
        auto& piece = out.emplace_back();
        piece.block = &block;
        append_block_text(piece.line, block);
        while (piece.line.ends_with('\n')) piece.line.pop_back();
        Links links;
        links.count(block.paragraph().spans());
        links.count(block.heading().spans());
        for (const auto& item : block.list().items()) links.count(item.spans());
        piece.links = links.holds_all();
        piece.around.linked = links.tells();
    }
    return out;
}

std::size_t size_of(const Pieces& pieces) {
    std::size_t out = 0;
    for (const auto& piece : pieces)
        if (!piece.dropped) out += piece.line.size();
    return out;
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
    if (ends_sentence(line)) return false;
    const auto bare = skeleton(line);
    for (const auto& author : authors) {
        const auto name = skeleton(author);
        if (name.size() >= 4 && bare.find(name) != bare.npos && bare.size() < 2 * name.size() + 24)
            return true;
    }
    return false;
}

/// Says the title and more: sites are named after it, but a sentence goes on.
bool goes_beyond(const Piece& piece, std::string_view title) {
    return piece.block->has_paragraph() && ends_sentence(piece.line) &&
           skeleton(piece.line) != skeleton(title);
}

/// The title again, and what stands above it unless it is a paragraph.
void cut_title(Pieces& pieces, std::string_view title) {
    std::size_t above = 0;
    for (std::size_t i = 0; i < std::min(pieces.size(), title_within); ++i) {
        const auto& piece = pieces[i];
        if (piece.is_line() && is_same_title(piece.line, title) && !goes_beyond(piece, title)) {
            for (std::size_t at = 0; at <= i; ++at)
                pieces[at].dropped = at == i || !(pieces[at].block->has_figure() || is_long_statement(pieces[at].line));
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

/// Drops the items that are buttons or pleas: those of the text do not lead away.
/// True when none is left.
bool cut_items(pb::Block& block) {
    auto* items = block.mutable_list()->mutable_items();
    for (int i = items->size() - 1; i >= 0; --i) {
        std::string line;
        append_text(line, (*items)[i].spans());
        Links links;
        links.count((*items)[i].spans());
        if (links.tells() && (is_label(line) || is_plea(line, {.linked = true})))
            items->erase(items->begin() + i);
    }
    return items->empty();
}

bool is_beside(const Piece& piece) {
    return is_label(piece.line) || announces_links(piece.line, piece.around) ||
           is_plea(piece.line, piece.around);
}

/// Marks what no text of the article stands behind.
void mark_last(Pieces& pieces) {
    for (auto at = pieces.rbegin(); at != pieces.rend(); ++at) {
        if (at->dropped || at->block->has_figure() || at->block->has_rule()) continue;
        at->around.is_last = true;
        const bool passes = at->links || at->block->has_heading() ||
                            (at->is_line() && (!is_prose(at->line) || is_beside(*at)));
        if (!passes) return;
    }
}

/// All of it bold, as editors write headings that are none.
bool is_bold(const pb::Block& block) {
    const auto& spans = block.paragraph().spans();
    return std::all_of(spans.begin(), spans.end(), [](const pb::Span& span) {
        return (span.style() & pb::Span::BOLD) != 0;
    });
}

/// Text of the article, as far as a look at the one block can tell.
bool is_content(const Piece& piece) {
    if (piece.block->has_paragraph())
        return !piece.links && (is_prose(piece.line) || ends_sentence(piece.line)) &&
               !is_plea(piece.line, piece.around);
    return piece.block->has_quote() || piece.block->has_table() || piece.block->has_code() ||
           (piece.block->has_list() && !piece.links);
}

/// Whether text follows that the line may be the heading of.
bool heads_text(const Pieces& pieces, std::size_t at) {
    const auto& piece = pieces[at];
    if (piece.around.linked || (!piece.block->has_heading() && !is_bold(*piece.block))) return false;
    while (++at < pieces.size())
        if (!pieces[at].dropped && !pieces[at].block->has_figure()) return is_content(pieces[at]);
    return false;
}

/// Where the readers' comments begin, or the number of pieces: behind most of the text.
std::size_t comments_begin(const Pieces& pieces) {
    const auto all = size_of(pieces);
    auto last_call = pieces.size();
    while (last_call > 0 && !(pieces[last_call - 1].is_line() &&
                              announces_comments(pieces[last_call - 1].line)))
        --last_call;
    std::size_t size = 0;
    for (std::size_t at = 0; at < last_call; ++at) {
        const auto& piece = pieces[at];
        if (piece.dropped) continue;
        if (size >= before_comments && 2 * size >= all && piece.is_line() &&
            (announces_comments(piece.line) || names_comments(piece.line)))
            return at;
        size += piece.line.size();
    }
    return pieces.size();
}

void cut_pleas(Pieces& pieces) {
    for (auto at = comments_begin(pieces); at < pieces.size(); ++at) pieces[at].dropped = true;
    mark_last(pieces);
    bool links_follow = false;
    for (std::size_t i = 0; i < pieces.size(); ++i) {
        auto& piece = pieces[i];
        if (piece.dropped) continue;
        if (!piece.is_line() && !piece.block->has_list()) {
            links_follow = false;
            continue;
        }
        const bool announces = announces_links(piece.line, piece.around);
        const bool beside = piece.is_line() &&
                            (announces_comments(piece.line) || is_label(piece.line) ||
                             is_plea(piece.line, piece.around));
        piece.dropped = announces || beside || (links_follow && piece.links);
        if (piece.dropped && (announces || is_noun_label(piece.line)) && heads_text(pieces, i))
            piece.dropped = false;
        links_follow = piece.dropped && (announces || links_follow);
    }
}

/// Headings announced something that is gone; a link alone leads to another
/// article unless it is a long sentence, but a list of them may be the sources of
/// this one.
void cut_tail(Pieces& pieces) {
    for (auto at = pieces.rbegin(); at != pieces.rend(); ++at) {
        if (at->dropped) continue;
        const auto& block = *at->block;
        if (!block.has_heading() && !block.has_rule() &&
            !(block.has_paragraph() && at->links && !is_long_statement(at->line)))
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

std::size_t trim_blocks(std::vector<pb::Block>& blocks, std::string_view title,
                        const std::vector<std::string>& authors) {
    auto pieces = pieces_of(blocks);
    const auto all = static_cast<double>(size_of(pieces));
    cut_title(pieces, title);
    cut_bylines(pieces, authors);
    cut_pleas(pieces);
    cut_tail(pieces);
    if (static_cast<double>(size_of(pieces)) < least_left * all) return 0;
    std::vector<pb::Block> out;
    std::size_t words = 0;
    for (auto& piece : pieces) {
        if (piece.dropped && !piece.links && is_prose(piece.line) &&
            !is_same_title(piece.line, title))
            words += words_in(piece.line);
        if (piece.dropped || (piece.block->has_list() && cut_items(*piece.block))) continue;
        out.push_back(std::move(*piece.block));
    }
    blocks = std::move(out);
    return words;
}

}  // namespace colport
