#include "press/formats/import_text.h"

#include "press/clean_text.h"
#include "press/page/inline_text.h"
#include "press/page/plain_page.h"

namespace colport {
namespace {

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
        *spans = paragraph.take();
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
    auto page = read_plain_page(content);
    found.article.set_title(page.title);
    for (const auto& name : page.authors) add_author(found.article, name);
    if (page.published) {
        found.article.set_published(page.published->seconds);
        found.article.set_zone(page.published->zone);
    }
    for (auto& block : page.blocks) *found.article.add_blocks() = std::move(block);
    found.words_cut = page.words_cut;
    sink.add(std::move(found));
    return done();
}

}  // namespace colport
