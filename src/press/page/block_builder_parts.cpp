// Code, tables, figures, pictures and embeds: what is not running text.
#include <algorithm>
#include <set>

#include "press/clean_text.h"
#include "press/page/block_builder.h"
#include "press/page/class_words.h"
#include "press/page/html_tags.h"
#include "press/page/line_shape.h"
#include "press/page/picture_sources.h"
#include "press/urls.h"

namespace colport {
namespace {

constexpr int max_columns = 64;
constexpr std::size_t max_alt = 2000;
// In bytes. More is a text that a class named badly.
// Less text in a figure is the label of a button.
constexpr std::size_t label_bytes = 200;
constexpr std::size_t max_caption = 2000;

/// The language that highlighters note in a class such as `language-cpp`.
std::string code_language(const xmlNode* node) {
    for (const xmlNode* at : {node, static_cast<const xmlNode*>(node->children)}) {
        if (!is_element(at)) continue;
        const auto names = attribute(at, "class");
        for (const std::string_view prefix : {"language-", "lang-"}) {
            const auto begin = names.find(prefix);
            if (begin == names.npos) continue;
            const auto from = begin + prefix.size();
            const auto out = names.substr(from, names.find_first_of(" \t\n", from) - from);
            if (!out.empty() && out.size() <= 32) return clean_line(out);
        }
    }
    return {};
}

/// Whether a table holds data; others only lay out what stands in them.
bool is_data_table(const xmlNode* table) {
    if (attribute(table, "role") == "presentation") return false;
    int rows = 0;
    int cells = 0;
    for (const xmlNode* at = table; at; at = next_node(at, table)) {
        if (!is_element(at) || at == table) continue;
        const auto name = name_of(at);
        const auto tag = tag_of(name);
        if (tag == Tag::table || tag == Tag::preformatted || tag == Tag::heading ||
            tag == Tag::quote || tag == Tag::figure)
            return false;
        rows += name == "tr";
        cells += name == "td" || name == "th";
    }
    return rows >= 2 && cells > rows;
}

/// What a paragraph says; nothing for other blocks.
std::string line_of(const pb::Block& block) {
    std::string out;
    append_text(out, block.paragraph().spans());
    return out;
}

}  // namespace

void BlockBuilder::code(const xmlNode* node) {
    flush();
    std::string text;
    for (const xmlNode* at = node; at; at = next_node(at, node)) {
        if (is_text_node(at)) text += view(at->content);
        if (is_element(at) && name_of(at) == "br") text += '\n';
    }
    text = clean_code(text);
    if (text.find_first_not_of(" \n") == text.npos) return;
    pb::Block block;
    block.mutable_code()->set_text(text);
    block.mutable_code()->set_language(code_language(node));
    push(std::move(block));
}

void BlockBuilder::table(const xmlNode* node, const InlineStyle& style) {
    if (!is_data_table(node)) return contained(node, style);
    flush();
    pb::Block block;
    auto* table = block.mutable_table();
    for (const xmlNode* part = node->children; part; part = part->next) {
        if (!is_element(part) || is_hidden(part)) continue;
        const auto name = name_of(part);
        if (name == "caption") move_spans(line(part), table->mutable_caption());
        if (name == "tr") row(part, *table, false);
        if (name != "thead" && name != "tbody" && name != "tfoot") continue;
        for (const xmlNode* at = part->children; at; at = at->next)
            if (is_element(at) && name_of(at) == "tr") row(at, *table, name == "thead");
    }
    if (table->rows_size() > 0) push(std::move(block));
    flush();
}

void BlockBuilder::row(const xmlNode* node, pb::Table& table, bool header) {
    pb::TableRow row;
    bool all_headers = true;
    bool empty = true;
    for (const xmlNode* cell = node->children; cell; cell = cell->next) {
        if (!is_element(cell) || row.cells_size() >= max_columns) continue;
        const auto name = name_of(cell);
        if (name != "td" && name != "th") continue;
        all_headers = all_headers && name == "th";
        move_spans(line(cell), row.add_cells()->mutable_spans());
        empty = empty && row.cells().rbegin()->spans().empty();
        for (int span = number_attribute(cell, "colspan");
             span > 1 && row.cells_size() < max_columns; --span)
            row.add_cells();
    }
    row.set_header(header || all_headers);
    if (!empty) *table.add_rows() = std::move(row);
}

void BlockBuilder::figure(const xmlNode* node, const InlineStyle& style) {
    flush();
    const xmlNode* caption = nullptr;
    bool pictures_only = true;
    for (const xmlNode* at = node; at; at = next_node(at, node, caption == at)) {
        if (!is_element(at) || at == node) continue;
        if (name_of(at) == "figcaption" && !caption) {
            caption = at;
            continue;
        }
        const auto tag = tag_of(name_of(at));
        pictures_only = pictures_only && tag != Tag::preformatted && tag != Tag::table &&
                        tag != Tag::quote && tag != Tag::frame && tag != Tag::player &&
                        tag != Tag::list && tag != Tag::heading;
    }
    if (!pictures_only || !caption) return contained(node, style);
    BlockBuilder inner(context_, depth_);
    inner.capture_credit();
    inner.capture_no_caption();
    // Walked twice on every level, figures within captions would take for ever.
    inner.leave_out(caption);
    inner.walk(node, {});
    BlockBuilder below(context_, depth_);
    below.capture_credit();
    below.capture_no_caption();
    below.walk(caption, {});
    std::vector<pb::Block> figures;
    auto blocks = inner.finish();
    for (auto& block : blocks)
        if (block.has_figure()) figures.push_back(std::move(block));
    const bool has_pictures = !figures.empty();
    if (!has_pictures) {
        // Either it is a box of text, or a script would have put the picture there.
        const auto text = clean_line(text_of_blocks(blocks, label_bytes + 1));
        if (text.size() > label_bytes || is_prose(text))
            for (auto& block : blocks) push(std::move(block));
        figures.emplace_back().mutable_figure();
    }
    auto* last = figures.back().mutable_figure();
    move_spans(below.finish_as_line(), last->mutable_caption());
    last->set_credit(below.captured().empty() ? inner.captured() : below.captured());
    for (auto& block : figures) push(std::move(block));
    if (!has_pictures) return;
    // Text beside a picture and its caption; the rest are buttons.
    for (auto& block : blocks)
        if (is_long_statement(line_of(block))) push(std::move(block));
}

/// The pictures, each once, what stands under them, and whole paragraphs: labels of
/// buttons and numbers are left out.
void BlockBuilder::gallery(const xmlNode* node) {
    flush();
    BlockBuilder inner(context_, depth_);
    inner.capture_credit();
    inner.walk(node, {});
    std::set<std::string> known;
    for (auto& block : inner.finish()) {
        if (is_long_statement(line_of(block))) push(std::move(block));
        if (!block.has_figure()) continue;
        const auto& figure = block.figure();
        auto name = figure.picture();
        if (name.empty()) append_text(name, figure.caption());
        if (name.empty()) name = figure.alt();
        if (known.insert(std::move(name)).second) push(std::move(block));
    }
}

/// The picture that stands right before, if nothing is said of it yet.
pb::Figure* BlockBuilder::picture_before() {
    pb::Block* block = nullptr;
    if (!waiting_.empty())
        block = &waiting_.back();
    else if (inline_.empty() && !blocks_.empty())
        block = &blocks_.back();
    return block && block->has_figure() && block->figure().caption().empty()
               ? block->mutable_figure()
               : nullptr;
}

/// Takes what a class calls a caption out of the running text. False when the
/// element is no caption.
bool BlockBuilder::caption(const xmlNode* node) {
    static const WordSet known{"caption", "captions", "cutline", "credit", "credits"};
    if (!finds_captions_ || !node->properties) return false;
    const auto tag = tag_of(name_of(node));
    if ((tag != Tag::text && tag != Tag::block) ||
        name_of(node) == "caption" || !has_name_word(node, known))
        return false;
    BlockBuilder inner(context_, depth_);
    inner.capture_credit();
    inner.capture_no_caption();
    inner.walk(node, {});
    std::vector<pb::Block> figures;
    InlineText text;
    std::size_t size = 0;
    for (auto& block : inner.finish()) {
        if (block.has_figure()) {
            figures.push_back(std::move(block));
            continue;
        }
        if (!block.has_paragraph()) return false;
        for (const auto& span : block.paragraph().spans()) {
            text.add(span.text(), {span.style(), span.href()});
            size += span.text().size();
        }
        text.add(" ", {});
    }
    if (size > max_caption) return false;
    auto credit = inner.captured();
    if (auto* picture = figures.empty() ? picture_before() : nullptr) {
        move_spans(text.take(), picture->mutable_caption());
        if (!credit.empty()) picture->set_credit(credit);
        return true;
    }
    if (figures.empty()) figures.emplace_back().mutable_figure();
    auto* last = figures.back().mutable_figure();
    if (last->caption().empty()) move_spans(text.take(), last->mutable_caption());
    if (!credit.empty()) last->set_credit(credit);
    for (auto& block : figures) waiting_.push_back(std::move(block));
    if (inline_.empty()) flush();
    return true;
}

void BlockBuilder::image(const xmlNode* node, const InlineStyle& style) {
    const int width = number_attribute(node, "width");
    const int height = number_attribute(node, "height");
    const auto alt = shorten(clean_line(attribute(node, "alt")), max_alt);
    const bool small = (width >= 0 && width <= 32) || (height >= 0 && height <= 32);
    if (small || has_class_word(node, {"emoji", "smiley"})) {
        if (alt.size() <= 16) inline_.add(alt, style);
        return;
    }
    const auto sources = picture_sources(node);
    if (sources.empty()) return;
    pb::Block block;
    block.mutable_figure()->set_alt(alt);
    context_.pictures.attach_any(sources, context_.base_url, *block.mutable_figure());
    if (inline_.empty())
        push(std::move(block));
    else
        waiting_.push_back(std::move(block));
}

void BlockBuilder::embed(const xmlNode* node) {
    const int width = number_attribute(node, "width");
    const int height = number_attribute(node, "height");
    if ((width >= 0 && width <= 1) || (height >= 0 && height <= 1)) return;
    std::string url;
    for (const std::string_view name : {"src", "data-src", "data"})
        if (url.empty()) url = resolve_web_address(attribute(node, name), context_.base_url);
    for (const xmlNode* at = node->children; at && url.empty(); at = at->next)
        if (is_element(at) && name_of(at) == "source")
            url = resolve_web_address(attribute(at, "src"), context_.base_url);
    if (url.empty()) return;
    flush();
    auto title = clean_line(attribute(node, "title"));
    if (title.empty()) title = clean_line(attribute(node, "aria-label"));
    if (title.empty()) title = host_of(url);
    pb::Block block;
    block.mutable_embed()->set_title(shorten(title, 300));
    block.mutable_embed()->set_url(url);
    push(std::move(block));
}

}  // namespace colport
