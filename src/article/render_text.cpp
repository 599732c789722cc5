#include <fmt/format.h>

#include <algorithm>

#include "article/render.h"

namespace colport {
namespace {

template <class Spans>
std::string plain(const Spans& spans) {
    std::string out;
    for (const pb::Span& span : spans) out += span.text();
    return out;
}

std::string figure_text(const pb::Figure& figure) {
    const auto caption = plain(figure.caption());
    return caption.empty() ? figure.alt() : caption;
}

std::string list_text(const pb::List& list, bool marked) {
    std::string out;
    std::uint32_t number = std::max(list.start(), 1u);
    for (const auto& item : list.items()) {
        if (!out.empty()) out += '\n';
        if (marked) {
            out += std::string(2 * item.depth(), ' ');
            out += list.ordered() && item.depth() == 0 ? fmt::format("{}. ", number++) : "- ";
        }
        out += plain(item.spans());
    }
    return out;
}

std::string table_text(const pb::Table& table) {
    std::string out = plain(table.caption());
    for (const auto& row : table.rows()) {
        if (!out.empty()) out += '\n';
        for (int i = 0; i < row.cells_size(); ++i)
            out += (i == 0 ? "" : "\t") + plain(row.cells(i).spans());
    }
    return out;
}

std::string block_text(const pb::Block& block) {
    switch (block.kind_case()) {
        case pb::Block::kParagraph: return plain(block.paragraph().spans());
        case pb::Block::kHeading: return plain(block.heading().spans());
        case pb::Block::kList: return list_text(block.list(), true);
        case pb::Block::kQuote: {
            std::string out;
            for (const auto& paragraph : block.quote().paragraphs())
                out += (out.empty() ? "" : "\n") + plain(paragraph.spans());
            if (!block.quote().source().empty()) out += "\n— " + block.quote().source();
            return out;
        }
        case pb::Block::kTable: return table_text(block.table());
        case pb::Block::kCode: return block.code().text();
        case pb::Block::kFigure: return figure_text(block.figure());
        case pb::Block::kEmbed: return block.embed().title();
        case pb::Block::kRule: case pb::Block::KIND_NOT_SET: return "";
    }
    return "";
}

}  // namespace

std::string to_text(const pb::Article& article) {
    std::string out;
    const auto add = [&](const std::string& text) {
        if (text.empty()) return;
        if (!out.empty()) out += "\n\n";
        out += text;
    };
    add(article.summary());
    if (article.has_lead()) add(figure_text(article.lead()));
    for (const auto& block : article.blocks()) add(block_text(block));
    return out;
}

}  // namespace colport
