#include "press/wording.h"

#include <algorithm>
#include <array>

#include "core/message.h"
#include "feed/record.h"

namespace colport {
namespace {

struct Plain {
    std::string_view typeset, plain;
};
// What WordPress makes of plain marks, and the no-break space.
constexpr std::array<Plain, 11> marks{{{"‘", "'"}, {"’", "'"}, {"′", "'"}, {"“", "\""},
                                      {"”", "\""}, {"″", "\""}, {"–", "-"}, {"—", "-"},
                                      {"…", "..."}, {"×", "x"}, {"\u00a0", " "}}};

/// Marks made plain, runs of dashes and of white space made one.
std::string plain(Bytes record) {
    std::string out;
    out.reserve(record.size());
    const auto put = [&](char next) {
        if ((next == ' ' || next == '-') && !out.empty() && out.back() == next) return;
        out += next;
    };
    for (std::size_t at = 0; at < record.size();) {
        const char next = record[at];
        const auto rest = record.substr(at);
        const bool may_begin_one = next == '\xe2' || next == '\xc2' || next == '\xc3';
        const auto mark = !may_begin_one
                              ? marks.end()
                              : std::find_if(marks.begin(), marks.end(), [&](const Plain& known) {
                                    return rest.starts_with(known.typeset);
                                });
        at += mark == marks.end() ? 1 : mark->typeset.size();
        if (mark == marks.end()) put(next == '\n' ? ' ' : next);
        else if (mark->plain.size() == 1) put(mark->plain[0]);
        else out += mark->plain;
    }
    return out;
}

/// Letters and digits alone, which nothing is folded in.
void keep_exact(std::string& text) {
    if (!text.empty()) text = sha256(text).hex();
}

constexpr std::uint32_t monospace = 4;

template <class Spans>
void keep_code(Spans* spans) {
    for (auto& span : *spans) {
        if ((span.style() & monospace) != 0) keep_exact(*span.mutable_text());
        keep_exact(*span.mutable_href());
    }
}

void keep_code(pb::Table& table) {
    for (auto& row : *table.mutable_rows())
        for (auto& cell : *row.mutable_cells()) keep_code(cell.mutable_spans());
    keep_code(table.mutable_caption());
}

/// Code and addresses: a dash more or less is another one.
void keep_code(pb::Block& block) {
    switch (block.kind_case()) {
        case pb::Block::kParagraph: return keep_code(block.mutable_paragraph()->mutable_spans());
        case pb::Block::kHeading: return keep_code(block.mutable_heading()->mutable_spans());
        case pb::Block::kList:
            for (auto& item : *block.mutable_list()->mutable_items())
                keep_code(item.mutable_spans());
            return;
        case pb::Block::kQuote:
            for (auto& paragraph : *block.mutable_quote()->mutable_paragraphs())
                keep_code(paragraph.mutable_spans());
            return;
        case pb::Block::kTable: return keep_code(*block.mutable_table());
        case pb::Block::kCode: return keep_exact(*block.mutable_code()->mutable_text());
        case pb::Block::kFigure: return keep_code(block.mutable_figure()->mutable_caption());
        case pb::Block::kEmbed: return keep_exact(*block.mutable_embed()->mutable_url());
        case pb::Block::kRule:
        case pb::Block::KIND_NOT_SET: return;
    }
}

}  // namespace

Result<Wording> wording_of(pb::Article article, TextOrigin origin) {
    article.clear_revision();
    article.clear_note();
    keep_exact(*article.mutable_url());
    for (auto& block : *article.mutable_blocks()) keep_code(block);
    // Records have no lengths, which would differ as the marks do.
    return Wording{sha256(plain(COLPORT_TRY(record_of(encode_message(article))))), origin};
}

}  // namespace colport
