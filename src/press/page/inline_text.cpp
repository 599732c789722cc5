#include "press/page/inline_text.h"

#include "press/clean_text.h"

namespace colport {

void InlineText::push(std::string text, const InlineStyle& style) {
    if (!spans_.empty() && spans_.rbegin()->style() == style.style &&
        spans_.rbegin()->href() == style.href) {
        spans_.rbegin()->mutable_text()->append(text);
        return;
    }
    auto& span = *spans_.Add();
    span.set_text(std::move(text));
    span.set_style(style.style);
    if (!style.href.empty()) span.set_href(style.href);
}

void InlineText::add(std::string_view text, const InlineStyle& style) {
    std::string run;
    run.reserve(text.size() + 1);
    for (std::size_t at = 0; at < text.size();) {
        const auto words = text_run(text, at);
        auto next = at + words;
        const char32_t c = words > 0 ? 0 : next_character(text, next);
        const auto kind = words > 0 ? CharKind::text : kind_of(c);
        if (kind == CharKind::text) {
            if (pending_) {
                std::string blank;
                append_character(blank, std::exchange(pending_, 0));
                if (run.empty())
                    push(std::move(blank), pending_style_);
                else
                    run += blank;
            }
            if (words > 0) run.append(text, at, words);
            else append_character(run, c);
        } else if (kind != CharKind::dropped && !(spans_.empty() && run.empty())) {
            if (!pending_) pending_style_ = style;
            pending_ = pending_ || kind == CharKind::space ? U' ' : c;
        }
        at = next;
    }
    if (!run.empty()) push(std::move(run), style);
}

SpanList InlineText::take() {
    pending_ = 0;
    return std::exchange(spans_, {});
}

void append_block_text(std::string& out, const pb::Block& block) {
    switch (block.kind_case()) {
        case pb::Block::kParagraph: append_text(out, block.paragraph().spans()); break;
        case pb::Block::kHeading: append_text(out, block.heading().spans()); break;
        case pb::Block::kList:
            for (const auto& item : block.list().items()) {
                append_text(out, item.spans());
                out += '\n';
            }
            return;
        case pb::Block::kQuote:
            for (const auto& paragraph : block.quote().paragraphs()) {
                append_text(out, paragraph.spans());
                out += '\n';
            }
            return;
        case pb::Block::kTable:
            for (const auto& row : block.table().rows())
                for (const auto& cell : row.cells()) {
                    append_text(out, cell.spans());
                    out += '\n';
                }
            return;
        case pb::Block::kCode: out += block.code().text(); break;
        default: return;
    }
    out += '\n';
}

}  // namespace colport
