#include "press/wording.h"

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
    while (!record.empty()) {
        std::string_view next = record.substr(0, 1);
        std::size_t size = 1;
        if ((next[0] & 0x80) != 0)
            for (const auto& mark : marks)
                if (record.starts_with(mark.typeset)) {
                    next = mark.plain;
                    size = mark.typeset.size();
                    break;
                }
        if (next == "\n") next = " ";
        const bool is_again = !out.empty() && out.back() == next[0] && (next == " " || next == "-");
        if (!is_again) out += next;
        record.remove_prefix(size);
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
