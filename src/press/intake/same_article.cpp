#include "press/intake/same_article.h"

#include "core/limits.h"
#include "press/clean_text.h"
#include "press/page/inline_text.h"

namespace colport {

std::string article_text(const pb::Article& article) {
    return text_of_blocks(article.blocks(), limits::article);
}

bool are_one(const pb::Article& one, const pb::Article& other) {
    constexpr std::size_t enough = 80;
    const auto a = ascii_lower(one.title());
    const auto b = ascii_lower(other.title());
    // A site adds its name.
    if (a.find(b) != a.npos || b.find(a) != b.npos) return true;
    auto longer = clean_line(article_text(one));
    auto shorter = clean_line(article_text(other));
    if (longer.size() < shorter.size()) std::swap(longer, shorter);
    return longer.find(shorter.substr(0, enough)) != longer.npos;
}

}  // namespace colport
