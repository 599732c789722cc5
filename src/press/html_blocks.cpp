#include "press/html_blocks.h"

#include <algorithm>

#include "press/clean_text.h"
#include "press/html_tags.h"
#include "press/inline_text.h"
#include "press/urls.h"

namespace colport {
namespace {

// libxml2 nests no deeper than 256; nested builders count on.
constexpr int max_depth = 300;
constexpr std::uint32_t max_list_depth = 8;
constexpr int max_columns = 64;
constexpr std::size_t max_caption = 2000;

template <class Repeated>
void move_spans(std::vector<pb::Span> from, Repeated* to) {
    for (auto& span : from) *to->Add() = std::move(span);
}

/// Walks a tree and keeps the blocks in its order. One that is made for a part
/// of the page starts at its own `depth`.
class Builder {
public:
    Builder(const HtmlContext& context, int depth) : context_(context), depth_(depth) {}

    void walk(const xmlNode* parent, const InlineStyle& style);
    std::vector<pb::Block> finish();
    std::vector<pb::Span> finish_as_line();
    void capture_credit() { captures_credit_ = true; }
    void capture_source() { captures_source_ = true; }
    [[nodiscard]] const std::string& captured() const { return captured_; }

private:
    void element(const xmlNode* node, const InlineStyle& style);
    void inline_element(const xmlNode* node, InlineStyle style);
    void text(std::string_view text, const InlineStyle& style);
    void contained(const xmlNode* node, const InlineStyle& style);
    void heading(const xmlNode* node);
    void list(const xmlNode* node, const InlineStyle& style);
    void item(const xmlNode* node, const InlineStyle& style);
    void quote(const xmlNode* node);
    void code(const xmlNode* node);
    void table(const xmlNode* node, const InlineStyle& style);
    void row(const xmlNode* node, pb::Table& table, bool header);
    void figure(const xmlNode* node, const InlineStyle& style);
    void image(const xmlNode* node, const InlineStyle& style);
    void embed(const xmlNode* node);
    bool captures(const xmlNode* node);

    void flush();
    void add_item(std::vector<pb::Span> spans);
    void push(pb::Block block);
    std::vector<pb::Span> line(const xmlNode* node) const;

    struct ListLevel {
        bool ordered = false;
        std::uint32_t number = 1;  ///< of the next item
    };

    const HtmlContext& context_;
    int depth_;
    std::vector<pb::Block> blocks_;
    InlineText inline_;
    std::vector<pb::Block> waiting_;  ///< figures inside a paragraph: they follow it
    std::vector<ListLevel> lists_;
    bool fresh_item_ = false;         ///< the next text begins an item
    bool open_list_ = false;          ///< the last block is the list being read
    bool captures_credit_ = false;
    bool captures_source_ = false;
    std::string captured_;
};

void Builder::walk(const xmlNode* parent, const InlineStyle& style) {
    if (depth_ >= max_depth || parent->type == XML_ENTITY_REF_NODE) return;
    ++depth_;
    for (const xmlNode* node = parent->children; node; node = node->next) {
        if (is_text_node(node))
            text(view(node->content), style);
        else if (is_element(node))
            element(node, style);
    }
    --depth_;
}

void Builder::text(std::string_view text, const InlineStyle& style) {
    if (!context_.blank_lines_split) return inline_.add(text, style);
    while (true) {
        auto end = text.find('\n');
        while (end != text.npos) {
            const auto next = text.find_first_not_of(" \t\r", end + 1);
            if (next != text.npos && text[next] == '\n') break;
            end = text.find('\n', end + 1);
        }
        inline_.add(text.substr(0, end), style);
        if (end == text.npos) return;
        flush();
        text.remove_prefix(end + 1);
    }
}

void Builder::element(const xmlNode* node, const InlineStyle& style) {
    if (is_hidden(node) || captures(node)) return;
    switch (tag_of(name_of(node))) {
        case Tag::dropped: return;
        case Tag::text: return inline_element(node, style);
        case Tag::block: return contained(node, style);
        case Tag::heading: return heading(node);
        case Tag::list: return list(node, style);
        case Tag::item: return item(node, style);
        case Tag::term: return contained(node, {style_of(node, style.style), style.href});
        case Tag::quote: return quote(node);
        case Tag::preformatted: return code(node);
        case Tag::table: return table(node, style);
        case Tag::figure: return figure(node, style);
        case Tag::image: return image(node, style);
        case Tag::frame:
        case Tag::player: return embed(node);
        case Tag::line_break: return lists_.empty() ? flush() : inline_.add(" ", style);
        case Tag::rule: {
            flush();
            pb::Block block;
            block.mutable_rule();
            return push(std::move(block));
        }
        case Tag::ruby_text:
            inline_.add("(", style);
            walk(node, style);
            return inline_.add(")", style);
    }
}

bool Builder::captures(const xmlNode* node) {
    const auto name = name_of(node);
    const bool source = captures_source_ &&
                        (name == "footer" || (name == "cite" && is_element(node->parent) &&
                                              name_of(node->parent) == "blockquote"));
    const bool credit = captures_credit_ && has_class_word(node, {"credit", "credits", "copyright"});
    if (!source && !credit) return false;
    captured_ = shorten(clean_line(text_of(node)), max_caption);
    for (const std::string_view dash : {"—", "–", "-"})
        if (captured_.starts_with(dash)) captured_ = clean_line(captured_.substr(dash.size()));
    return true;
}

void Builder::inline_element(const xmlNode* node, InlineStyle style) {
    style.style = style_of(node, style.style);
    const auto name = name_of(node);
    if (name == "a") {
        if (auto link = resolve_link(attribute(node, "href"), context_.base_url); !link.empty())
            style.href = std::move(link);
    }
    if (name == "q") inline_.add("“", style);
    walk(node, style);
    if (name == "q") inline_.add("”", style);
}

void Builder::contained(const xmlNode* node, const InlineStyle& style) {
    flush();
    walk(node, {style_of(node, style.style), style.href});
    flush();
}

/// All of `node` as the spans of one line; pictures in it are left out.
std::vector<pb::Span> Builder::line(const xmlNode* node) const {
    Builder inner(context_, depth_);
    inner.walk(node, {});
    return inner.finish_as_line();
}

void Builder::heading(const xmlNode* node) {
    flush();
    Builder inner(context_, depth_);
    inner.walk(node, {});
    auto blocks = inner.finish();
    pb::Block out;
    const int level = name_of(node)[1] - '0';
    out.mutable_heading()->set_level(static_cast<std::uint32_t>(std::max(2, level)));
    InlineText spans;
    for (auto& block : blocks) {
        if (block.has_figure()) waiting_.push_back(std::move(block));
        if (!block.has_paragraph()) continue;
        for (const auto& span : block.paragraph().spans())
            spans.add(span.text(), {span.style() & ~std::uint32_t{pb::Span::BOLD}, span.href()});
        spans.add(" ", {});
    }
    if (!spans.empty()) {
        move_spans(spans.take(), out.mutable_heading()->mutable_spans());
        push(std::move(out));
    }
    flush();
}

void Builder::list(const xmlNode* node, const InlineStyle& style) {
    flush();
    const bool ordered = name_of(node) == "ol";
    const int start = number_attribute(node, "start");
    lists_.push_back({ordered, static_cast<std::uint32_t>(std::max(1, start))});
    walk(node, style);
    flush();
    lists_.pop_back();
    if (lists_.empty()) open_list_ = false;
    fresh_item_ = false;
}

void Builder::item(const xmlNode* node, const InlineStyle& style) {
    if (lists_.empty()) return contained(node, style);
    flush();
    fresh_item_ = true;
    walk(node, style);
    flush();
    fresh_item_ = false;
}

void Builder::add_item(std::vector<pb::Span> spans) {
    const auto depth = std::min(static_cast<std::uint32_t>(lists_.size() - 1), max_list_depth);
    if (!fresh_item_ && !open_list_) {
        pb::Block block;
        move_spans(std::move(spans), block.mutable_paragraph()->mutable_spans());
        return push(std::move(block));
    }
    if (!open_list_) {
        pb::Block block;
        auto* list = block.mutable_list();
        list->set_ordered(lists_.front().ordered);
        if (list->ordered() && lists_.front().number != 1) list->set_start(lists_.front().number);
        push(std::move(block));
        open_list_ = true;
    }
    auto* items = blocks_.back().mutable_list()->mutable_items();
    if (!fresh_item_ && !items->empty() && items->rbegin()->depth() == depth) {
        auto* last = items->Mutable(items->size() - 1);
        last->add_spans()->set_text(" ");
        return move_spans(std::move(spans), last->mutable_spans());
    }
    if (fresh_item_) ++lists_.back().number;
    fresh_item_ = false;
    auto* item = items->Add();
    item->set_depth(depth);
    move_spans(std::move(spans), item->mutable_spans());
}

void Builder::quote(const xmlNode* node) {
    flush();
    Builder inner(context_, depth_);
    inner.capture_source();
    inner.walk(node, {});
    pb::Block out;
    const auto add = [&](auto&& spans) {
        *out.mutable_quote()->add_paragraphs()->mutable_spans() = spans;
    };
    const auto close = [&] {
        if (out.has_quote()) push(std::exchange(out, {}));
    };
    for (auto& block : inner.finish()) {
        if (block.has_paragraph()) {
            add(block.paragraph().spans());
        } else if (block.has_heading()) {
            add(block.heading().spans());
        } else if (block.has_list()) {
            for (const auto& item : block.list().items()) add(item.spans());
        } else if (block.has_quote()) {
            for (const auto& paragraph : block.quote().paragraphs()) add(paragraph.spans());
        } else {
            close();
            push(std::move(block));
        }
    }
    if (out.has_quote()) out.mutable_quote()->set_source(inner.captured());
    close();
}

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

void Builder::code(const xmlNode* node) {
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

void Builder::table(const xmlNode* node, const InlineStyle& style) {
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
}

void Builder::row(const xmlNode* node, pb::Table& table, bool header) {
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

void Builder::figure(const xmlNode* node, const InlineStyle& style) {
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
    Builder inner(context_, depth_);
    inner.capture_credit();
    inner.walk(node, {});
    Builder below(context_, depth_);
    below.capture_credit();
    below.walk(caption, {});
    std::vector<pb::Block> figures;
    for (auto& block : inner.finish())
        if (block.has_figure()) figures.push_back(std::move(block));
    if (figures.empty()) return contained(node, style);
    auto* last = figures.back().mutable_figure();
    move_spans(below.finish_as_line(), last->mutable_caption());
    last->set_credit(below.captured().empty() ? inner.captured() : below.captured());
    for (auto& block : figures) push(std::move(block));
}

/// Where the picture is: pages that load it late keep a stand-in in `src`.
std::string source_of(const xmlNode* node) {
    for (const std::string_view name :
         {"data-src", "data-lazy-src", "data-original", "src", "data-srcset", "srcset"}) {
        auto out = clean_line(attribute(node, name));
        if (name.ends_with("srcset")) out = out.substr(0, out.find_first_of(" ,"));
        if (out.empty()) continue;
        if (!ascii_lower(out.substr(0, 5)).starts_with("data:")) return out;
    }
    return {};
}

void Builder::image(const xmlNode* node, const InlineStyle& style) {
    const int width = number_attribute(node, "width");
    const int height = number_attribute(node, "height");
    const auto alt = shorten(clean_line(attribute(node, "alt")), max_caption);
    const bool small = (width >= 0 && width <= 32) || (height >= 0 && height <= 32);
    if (small || has_class_word(node, {"emoji", "smiley"})) {
        if (alt.size() <= 16) inline_.add(alt, style);
        return;
    }
    const auto source = source_of(node);
    if (source.empty()) return;
    pb::Block block;
    block.mutable_figure()->set_alt(alt);
    context_.pictures.attach(source, *block.mutable_figure());
    if (inline_.empty())
        push(std::move(block));
    else
        waiting_.push_back(std::move(block));
}

void Builder::embed(const xmlNode* node) {
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

void Builder::flush() {
    auto spans = inline_.take();
    if (!spans.empty() && !lists_.empty()) {
        add_item(std::move(spans));
    } else if (!spans.empty()) {
        pb::Block block;
        move_spans(std::move(spans), block.mutable_paragraph()->mutable_spans());
        push(std::move(block));
    }
    for (auto& block : std::exchange(waiting_, {})) push(std::move(block));
}

void Builder::push(pb::Block block) {
    open_list_ = false;
    blocks_.push_back(std::move(block));
}

std::vector<pb::Block> Builder::finish() {
    flush();
    return std::move(blocks_);
}

std::vector<pb::Span> Builder::finish_as_line() {
    InlineText out;
    const auto add = [&](const auto& spans) {
        for (const auto& span : spans) out.add(span.text(), {span.style(), span.href()});
        out.add(" ", {});
    };
    for (const auto& block : finish()) {
        if (block.has_paragraph()) add(block.paragraph().spans());
        if (block.has_heading()) add(block.heading().spans());
        if (block.has_code()) out.add(block.code().text(), {pb::Span::MONOSPACE, {}});
        for (const auto& item : block.list().items()) add(item.spans());
        for (const auto& paragraph : block.quote().paragraphs()) add(paragraph.spans());
    }
    return out.take();
}

/// Figures without anything to show, and rules that part nothing.
std::vector<pb::Block> tidy(std::vector<pb::Block> blocks) {
    std::vector<pb::Block> out;
    for (auto& block : blocks) {
        const auto& figure = block.figure();
        if (block.has_figure() && figure.picture().empty() && figure.alt().empty() &&
            figure.caption().empty())
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
    Builder builder(context, 0);
    builder.walk(root, {});
    return tidy(builder.finish());
}

HtmlFragment html_blocks(Bytes html, const HtmlContext& context) {
    const auto document = parse_html(html, "UTF-8");
    if (!document) return {};
    return {html_blocks(xmlDocGetRootElement(document->tree.get()), context), document->cut};
}

}  // namespace colport
