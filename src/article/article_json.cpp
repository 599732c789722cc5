#include <nlohmann/json.hpp>

#include "article/article.h"
#include "article/render.h"
#include "core/bytes.h"

namespace colport {
namespace {

using nlohmann::json;

template <class Spans>
json spans_json(const Spans& spans) {
    json out = json::array();
    for (const pb::Span& span : spans) {
        json item{{"text", span.text()}};
        if (span.style() != 0) item["style"] = span.style();
        if (!span.href().empty()) item["href"] = span.href();
        out.push_back(std::move(item));
    }
    return out;
}

json figure_json(const pb::Figure& figure) {
    return {{"type", "figure"},
            {"picture", to_hex(figure.picture())},
            {"alt", figure.alt()},
            {"caption", spans_json(figure.caption())},
            {"credit", figure.credit()},
            {"width", figure.width()},
            {"height", figure.height()},
            {"size", figure.size()}};
}

json list_json(const pb::List& list) {
    json items = json::array();
    for (const auto& item : list.items())
        items.push_back({{"depth", item.depth()}, {"spans", spans_json(item.spans())}});
    return {{"type", "list"}, {"ordered", list.ordered()}, {"start", list.start()},
            {"items", std::move(items)}};
}

json quote_json(const pb::Quote& quote) {
    json paragraphs = json::array();
    for (const auto& paragraph : quote.paragraphs())
        paragraphs.push_back(spans_json(paragraph.spans()));
    return {{"type", "quote"}, {"paragraphs", std::move(paragraphs)}, {"source", quote.source()}};
}

json table_json(const pb::Table& table) {
    json rows = json::array();
    for (const auto& row : table.rows()) {
        json cells = json::array();
        for (const auto& cell : row.cells()) cells.push_back(spans_json(cell.spans()));
        rows.push_back({{"header", row.header()}, {"cells", std::move(cells)}});
    }
    return {{"type", "table"}, {"rows", std::move(rows)}, {"caption", spans_json(table.caption())}};
}

json block_json(const pb::Block& block) {
    switch (block.kind_case()) {
        case pb::Block::kParagraph:
            return {{"type", "paragraph"}, {"spans", spans_json(block.paragraph().spans())}};
        case pb::Block::kHeading:
            return {{"type", "heading"},
                    {"level", block.heading().level()},
                    {"spans", spans_json(block.heading().spans())}};
        case pb::Block::kList: return list_json(block.list());
        case pb::Block::kQuote: return quote_json(block.quote());
        case pb::Block::kTable: return table_json(block.table());
        case pb::Block::kCode:
            return {{"type", "code"},
                    {"text", block.code().text()},
                    {"language", block.code().language()}};
        case pb::Block::kFigure: return figure_json(block.figure());
        case pb::Block::kEmbed:
            return {{"type", "embed"},
                    {"title", block.embed().title()},
                    {"url", block.embed().url()}};
        case pb::Block::kRule: return {{"type", "rule"}};
        case pb::Block::KIND_NOT_SET: return {{"type", "unknown"}};
    }
    return {{"type", "unknown"}};
}

json time_json(std::int64_t seconds, int zone) {
    return seconds == 0 ? json(nullptr) : json(format_timestamp(seconds, zone));
}

}  // namespace

json to_json(const pb::Article& article) {
    json blocks = json::array();
    for (const auto& block : article.blocks()) blocks.push_back(block_json(block));
    json out{{"id", to_hex(article.id())},
             {"revision", article.revision()},
             {"title", article.title()},
             {"language", article.language()},
             {"published", time_json(article.published(), article.zone())},
             {"updated", time_json(article.updated(), article.zone())},
             {"authors", std::vector<std::string>(article.authors().begin(), article.authors().end())},
             {"tags", std::vector<std::string>(article.tags().begin(), article.tags().end())},
             {"section", article.section()},
             {"url", article.url()},
             {"summary", article.summary()},
             {"note", article.note()},
             {"text", to_text(article)},
             {"blocks", std::move(blocks)}};
    if (article.has_lead()) out["lead"] = figure_json(article.lead());
    return out;
}

}  // namespace colport
