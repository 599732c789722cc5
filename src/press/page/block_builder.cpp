#include "press/page/block_builder.h"

#include <algorithm>

#include "press/clean_text.h"
#include "press/page/html_tags.h"
#include "press/urls.h"

namespace colport {
namespace {

// libxml2 nests no deeper than 256; builders for parts count on from there.
constexpr int max_depth = 300;
constexpr std::uint32_t max_list_depth = 8;
constexpr std::size_t max_source_line = 2000;
constexpr std::size_t max_heading = 2000;

/// A heading that was never closed holds the article.
bool makes_heading(const std::vector<pb::Block>& blocks) {
    return std::all_of(blocks.begin(), blocks.end(), [](const pb::Block& block) {
               return block.has_paragraph() || block.has_figure() || block.has_rule();
           }) &&
           text_of_blocks(blocks, max_heading + 1).size() <= max_heading;
}

}  // namespace

void BlockBuilder::walk(const xmlNode* parent, const InlineStyle& style) {
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

void BlockBuilder::text(std::string_view text, const InlineStyle& style) {
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

void BlockBuilder::element(const xmlNode* node, const InlineStyle& style) {
    if (node == left_out_ || is_hidden(node) || captures(node) || caption(node)) return;
    switch (tag_of(name_of(node))) {
        case Tag::dropped: return is_heading_button(node) ? walk(node, style) : void();
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
        case Tag::gallery: return gallery(node);
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

bool BlockBuilder::captures(const xmlNode* node) {
    const auto name = name_of(node);
    const bool source = captures_source_ &&
                        (name == "footer" || (name == "cite" && is_element(node->parent) &&
                                              name_of(node->parent) == "blockquote"));
    const bool credit =
        captures_credit_ && has_class_word(node, {"credit", "credits", "copyright"});
    if (!source && !credit) return false;
    auto line = clean_line(text_of(node));
    for (const std::string_view dash : {"—", "–", "-"})
        if (line.starts_with(dash)) line = clean_line(line.substr(dash.size()));
    captured_ = shorten(captured_.empty() ? line : captured_ + ", " + line, max_source_line);
    return true;
}

void BlockBuilder::inline_element(const xmlNode* node, InlineStyle style) {
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

void BlockBuilder::contained(const xmlNode* node, const InlineStyle& style) {
    flush();
    walk(node, {style_of(node, style.style), style.href});
    flush();
}

/// All of `node` as the spans of one line; pictures in it wait for the end of the block.
SpanList BlockBuilder::line(const xmlNode* node) {
    BlockBuilder inner(context_, depth_);
    inner.walk(node, {});
    for (auto* from : {&inner.blocks_, &inner.waiting_})
        for (auto& block : *from)
            if (block.has_figure()) waiting_.push_back(std::move(block));
    inner.waiting_.clear();
    std::erase_if(inner.blocks_, [](const pb::Block& block) {
        return block.kind_case() == pb::Block::KIND_NOT_SET || block.has_figure();
    });
    return inner.finish_as_line();
}

void BlockBuilder::heading(const xmlNode* node) {
    flush();
    BlockBuilder inner(context_, depth_);
    inner.walk(node, {});
    auto blocks = inner.finish();
    if (!makes_heading(blocks)) {
        for (auto& block : blocks) push(std::move(block));
        return;
    }
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

void BlockBuilder::list(const xmlNode* node, const InlineStyle& style) {
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

void BlockBuilder::item(const xmlNode* node, const InlineStyle& style) {
    if (lists_.empty()) return contained(node, style);
    flush();
    fresh_item_ = true;
    walk(node, style);
    flush();
    fresh_item_ = false;
}

void BlockBuilder::add_item(SpanList spans) {
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

void BlockBuilder::quote(const xmlNode* node) {
    flush();
    BlockBuilder inner(context_, depth_);
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

void BlockBuilder::flush() {
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

void BlockBuilder::push(pb::Block block) {
    open_list_ = false;
    blocks_.push_back(std::move(block));
}

std::vector<pb::Block> BlockBuilder::finish() {
    flush();
    return std::move(blocks_);
}

SpanList BlockBuilder::finish_as_line() {
    if (blocks_.empty()) return inline_.take();
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

}  // namespace colport
