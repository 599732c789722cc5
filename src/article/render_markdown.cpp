#include <fmt/format.h>

#include <algorithm>

#include "article/render.h"

namespace colport {
namespace {

std::string escape_markdown(std::string_view text) {
    std::string out;
    for (const char c : text) {
        if (std::string_view("\\`*_{}[]<>#+-.!|~&").find(c) != std::string_view::npos) out += '\\';
        out += c;
    }
    return out;
}

template <class Spans>
std::string inline_markdown(const Spans& spans) {
    std::string out;
    for (const pb::Span& span : spans) {
        std::string text = escape_markdown(span.text());
        if (span.style() & pb::Span::BOLD) text = "**" + text + "**";
        if (span.style() & pb::Span::ITALIC) text = "*" + text + "*";
        if (span.style() & pb::Span::STRIKE) text = "~~" + text + "~~";
        if (!span.href().empty()) text = fmt::format("[{}](<{}>)", text, span.href());
        out += text;
    }
    std::replace(out.begin(), out.end(), '\n', ' ');
    return out;
}

std::string figure_markdown(const pb::Figure& figure) {
    auto words = inline_markdown(figure.caption());
    if (words.empty()) words = escape_markdown(figure.alt());
    return words.empty() ? "" : "*" + words + "*";
}

std::string list_markdown(const pb::List& list) {
    std::string out;
    std::uint32_t number = std::max(list.start(), 1u);
    for (const auto& item : list.items()) {
        if (!out.empty()) out += '\n';
        out += std::string(4 * item.depth(), ' ');
        out += list.ordered() && item.depth() == 0 ? fmt::format("{}. ", number++) : "- ";
        out += inline_markdown(item.spans());
    }
    return out;
}

std::string table_markdown(const pb::Table& table) {
    std::string out;
    for (int i = 0; i < table.rows_size(); ++i) {
        std::string line = "|", rule = "|";
        for (const auto& cell : table.rows(i).cells()) {
            line += " " + inline_markdown(cell.spans()) + " |";
            rule += " --- |";
        }
        out += (i == 0 ? "" : "\n") + line;
        if (i == 0) out += "\n" + rule;
    }
    return out;
}

std::string code_markdown(const pb::Code& code) {
    std::string fence = "```";
    while (code.text().find(fence) != std::string::npos) fence += '`';
    return fence + "\n" + code.text() + "\n" + fence;
}

std::string block_markdown(const pb::Block& block) {
    switch (block.kind_case()) {
        case pb::Block::kParagraph: return inline_markdown(block.paragraph().spans());
        case pb::Block::kHeading:
            return std::string(block.heading().level(), '#') + " " +
                   inline_markdown(block.heading().spans());
        case pb::Block::kList: return list_markdown(block.list());
        case pb::Block::kQuote: {
            std::string out;
            for (const auto& paragraph : block.quote().paragraphs())
                out += (out.empty() ? "> " : "\n>\n> ") + inline_markdown(paragraph.spans());
            return out;
        }
        case pb::Block::kTable: return table_markdown(block.table());
        case pb::Block::kCode: return code_markdown(block.code());
        case pb::Block::kFigure: return figure_markdown(block.figure());
        case pb::Block::kEmbed:
            return fmt::format("[{}](<{}>)", escape_markdown(block.embed().title()),
                               block.embed().url());
        case pb::Block::kRule: return "---";
        case pb::Block::KIND_NOT_SET: return "";
    }
    return "";
}

}  // namespace

std::string to_markdown(const pb::Article& article) {
    std::string out = "# " + escape_markdown(article.title()) + "\n";
    const auto add = [&](const std::string& text) {
        if (!text.empty()) out += "\n" + text + "\n";
    };
    add(escape_markdown(article.summary()));
    if (article.has_lead()) add(figure_markdown(article.lead()));
    for (const auto& block : article.blocks()) add(block_markdown(block));
    return out;
}

}  // namespace colport
