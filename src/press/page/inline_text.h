#pragma once

#include <string>
#include <string_view>
#include <utility>

#include "article.pb.h"

namespace colport {

/// How a run of text is written.
struct InlineStyle {
    std::uint32_t style = pb::Span::PLAIN;
    std::string href;
    bool operator==(const InlineStyle&) const = default;
};

using SpanList = google::protobuf::RepeatedPtrField<pb::Span>;

/// Gathers the text of one paragraph. White space collapses across runs, and
/// neighbours that are written alike become one span.
class InlineText {
public:
    void add(std::string_view text, const InlineStyle& style);
    [[nodiscard]] bool empty() const { return spans_.empty(); }
    /// The spans so far, without blanks at the ends; starts anew.
    SpanList take();

private:
    void push(std::string text, const InlineStyle& style);

    SpanList spans_;
    char32_t pending_ = 0;       ///< white space that has not found its text yet
    InlineStyle pending_style_;
};

/// Appends what the spans say.
template <class Spans>
void append_text(std::string& out, const Spans& spans) {
    for (const auto& span : spans) out += span.text();
}

/// What blocks say, a line a paragraph, at most about `limit` bytes of it.
template <class Blocks>
std::string text_of_blocks(const Blocks& blocks, std::size_t limit);

/// The same for one block.
void append_block_text(std::string& out, const pb::Block& block);

template <class Blocks>
std::string text_of_blocks(const Blocks& blocks, std::size_t limit) {
    std::string out;
    for (const auto& block : blocks) {
        if (out.size() >= limit) break;
        append_block_text(out, block);
    }
    return out;
}

}  // namespace colport
