#include "storage/article_text.h"

#include "article/render.h"
#include "storage/text.h"
#include "words/detect.h"

namespace colport {

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
    out.language = lower(one_line(without_controls(article.language())));
    if (out.language.empty()) out.language = language_of_text(out.title + "\n" + out.body);
    out.published = article.published();
    return out;
}

}  // namespace colport
