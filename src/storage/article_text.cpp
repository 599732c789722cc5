#include "storage/article_text.h"

#include "article/render.h"
#include "storage/text.h"
#include "words/detect.h"

namespace colport {
namespace {

// Of a BCP 47 tag (RFC 5646, section 4.4.1). Each of its beginnings becomes a token.
constexpr std::size_t longest_language = 35;

}  // namespace

std::string given_language(const pb::Article& article) {
    if (article.language().size() > longest_language) return {};
    return one_line(without_controls(article.language()));
}

ArticleText text_of(const pb::Article& article) {
    ArticleText out;
    out.title = one_line(without_controls(article.title()));
    out.body = without_controls(to_text(article));
    const auto add = [](std::vector<std::string>& to, const std::string& text) {
        if (!text.empty()) to.push_back(one_line(without_controls(text)));
    };
    for (const auto& author : article.authors()) add(out.authors, author);
    for (const auto& tag : article.tags()) add(out.tags, tag);
    add(out.tags, article.section());
    out.language = lower(given_language(article));
    if (out.language.empty()) out.language = language_of_text(out.title + "\n" + out.body);
    out.published = article.published();
    return out;
}

std::size_t ArticleText::bytes() const {
    auto out = title.size() + body.size();
    for (const auto* texts : {&authors, &tags})
        for (const auto& text : *texts) out += text.size();
    return out;
}

}  // namespace colport
