#include "press/page/html_blocks.h"

#include "press/page/block_builder.h"

namespace colport {
namespace {

/// Figures without anything to show, and rules that part nothing.
std::vector<pb::Block> tidy(std::vector<pb::Block> blocks) {
    std::vector<pb::Block> out;
    for (auto& block : blocks) {
        const auto& figure = block.figure();
        if (block.has_figure() && figure.picture().empty() && figure.alt().empty() &&
            figure.caption().empty() && figure.credit().empty())
            continue;
        if (block.has_rule() && (out.empty() || out.back().has_rule())) continue;
        out.push_back(std::move(block));
    }
    while (!out.empty() && out.back().has_rule()) out.pop_back();
    return out;
}

}  // namespace

std::vector<pb::Block> html_blocks(const xmlNode* root, const HtmlContext& context) {
    if (!root) return {};
    BlockBuilder builder(context, 0);
    builder.walk(root, {});
    return tidy(builder.finish());
}

HtmlFragment html_blocks(Bytes html, const HtmlContext& context) {
    const auto document = parse_html(html, "UTF-8");
    if (!document) return {};
    return {html_blocks(xmlDocGetRootElement(document->tree.get()), context), document->cut};
}

}  // namespace colport
