#include "web/withdrawn.h"

#include <fmt/format.h>

#include "article/render.h"
#include "web/html.h"
#include "web/words.h"

namespace colport::web {
namespace {

Text words_of(const WithdrawnKey& key) {
    if (key.since == 0) return words::key_unknown;
    return key.doubtful ? words::key_withdrawn_doubtful : words::key_withdrawn;
}

std::string plain_words(const StoredArticle& stored) {
    if (!stored.withdrawn) return "";
    const auto& key = *stored.withdrawn;
    auto out = fill(std::string(words_of(key)), {date_text(key.since, 0)});
    if (!key.reason.empty())
        out += " " + fill(std::string(words::key_withdrawn_why), {key.reason});
    return out;
}

}  // namespace

std::string withdrawn_html(const StoredArticle& stored) {
    if (!stored.withdrawn) return "";
    const auto& key = *stored.withdrawn;
    auto out = fill(escape_html(words_of(key)), {date_html(key.since, 0)});
    if (!key.reason.empty())
        out += " " + fill(escape_html(words::key_withdrawn_why), {bdi(key.reason)});
    return fmt::format("<p class=\"{}\">{}</p>\n", key.doubtful ? "warning" : "correction",
                       out);
}

std::string withdrawn_text(const StoredArticle& stored) {
    const auto words = plain_words(stored);
    return words.empty() ? words : words + "\n\n";
}

pb::Article marked(StoredArticle stored) {
    const auto words = plain_words(stored);
    auto article = std::move(stored.article);
    if (words.empty()) return article;
    article.add_blocks()->mutable_paragraph()->add_spans()->set_text(words);
    auto& blocks = *article.mutable_blocks();
    for (int at = blocks.size() - 1; at > 0; --at) blocks.SwapElements(at, at - 1);
    return article;
}

}  // namespace colport::web
