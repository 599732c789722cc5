#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "article.pb.h"
#include "press/formats/xml_tree.h"
#include "press/page/html_blocks.h"
#include "press/page/inline_text.h"

namespace colport {

/// Walks a tree and keeps the blocks in its order. One that is made for a part
/// of the page starts at its own `depth`.
class BlockBuilder {
public:
    BlockBuilder(const HtmlContext& context, int depth) : context_(context), depth_(depth) {}

    void walk(const xmlNode* parent, const InlineStyle& style);
    std::vector<pb::Block> finish();
    SpanList finish_as_line();
    void capture_credit() { captures_credit_ = true; }
    void capture_source() { captures_source_ = true; }
    void capture_no_caption() { finds_captions_ = false; }
    /// Walks around this element.
    void leave_out(const xmlNode* node) { left_out_ = node; }
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
    void gallery(const xmlNode* node);
    bool caption(const xmlNode* node);
    pb::Figure* picture_before();
    void image(const xmlNode* node, const InlineStyle& style);
    void embed(const xmlNode* node);
    bool captures(const xmlNode* node);

    void flush();
    void add_item(SpanList spans);
    void push(pb::Block block);
    SpanList line(const xmlNode* node);

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
    bool finds_captions_ = true;
    const xmlNode* left_out_ = nullptr;
    std::string captured_;
};

inline void move_spans(SpanList from, SpanList* to) {
    if (to->empty()) return to->Swap(&from);
    for (auto& span : from) *to->Add() = std::move(span);
}

}  // namespace colport
