#include "press/import_text.h"

#include "press/clean_text.h"
#include "press/inline_text.h"

namespace colport {
namespace {

// A first line longer than this is a paragraph, not a title.
constexpr std::size_t max_title_bytes = 400;

/// Takes one line off the front, without its end.
std::string_view take_line(std::string_view& text) {
    const auto end = text.find('\n');
    const auto line = text.substr(0, end);
    text.remove_prefix(end == text.npos ? text.size() : end + 1);
    return line;
}

}  // namespace

std::vector<pb::Block> text_blocks(std::string_view text) {
    std::vector<pb::Block> out;
    InlineText paragraph;
    const auto flush = [&] {
        if (paragraph.empty()) return;
        auto* spans = out.emplace_back().mutable_paragraph()->mutable_spans();
        for (auto& span : paragraph.take()) *spans->Add() = std::move(span);
    };
    while (!text.empty()) {
        const auto line = take_line(text);
        if (clean_line(line).empty()) flush();
        paragraph.add(line, {});
        paragraph.add(" ", {});
    }
    flush();
    return out;
}

Status import_text(Bytes content, ImportSink& sink) {
    if (content.starts_with("\xef\xbb\xbf")) content.remove_prefix(3);
    if (!is_text(content))
        return Error{Errc::corrupt, "is not text in UTF-8",
                     "save it as UTF-8, or name its format with --format"};
    FoundArticle found{.guid = sink.stable_name()};
    auto rest = content;
    std::string title;
    while (title.empty() && !rest.empty()) title = clean_line(take_line(rest));
    if (title.size() <= max_title_bytes) {
        found.article.set_title(title);
        content = rest;
    }
    for (auto& block : text_blocks(content)) *found.article.add_blocks() = std::move(block);
    sink.add(std::move(found));
    return done();
}

}  // namespace colport
