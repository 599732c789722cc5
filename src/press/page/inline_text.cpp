#include "press/page/inline_text.h"

#include "press/clean_text.h"

namespace colport {

void InlineText::push(std::string_view text, const InlineStyle& style) {
    if (!spans_.empty() && spans_.back().style() == style.style &&
        spans_.back().href() == style.href) {
        spans_.back().mutable_text()->append(text);
        return;
    }
    auto& span = spans_.emplace_back();
    span.set_text(std::string(text));
    span.set_style(style.style);
    span.set_href(style.href);
}

void InlineText::add(std::string_view text, const InlineStyle& style) {
    std::string run;
    for (std::size_t at = 0; at < text.size();) {
        const char32_t c = next_character(text, at);
        const auto kind = kind_of(c);
        if (kind == CharKind::dropped) continue;
        if (kind != CharKind::text) {
            if (spans_.empty() && run.empty()) continue;
            if (!pending_) pending_style_ = style;
            pending_ = pending_ || kind == CharKind::space ? U' ' : c;
            continue;
        }
        if (pending_) {
            std::string blank;
            append_character(blank, std::exchange(pending_, 0));
            if (run.empty())
                push(blank, pending_style_);
            else
                run += blank;
        }
        append_character(run, c);
        const auto plain = plain_run(text, at);
        run.append(text, at, plain);
        at += plain;
    }
    if (!run.empty()) push(run, style);
}

std::vector<pb::Span> InlineText::take() {
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
