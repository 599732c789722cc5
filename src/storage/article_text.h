#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "article/article.h"

namespace colport {

/// What searches see of an article. Plain UTF-8, no control characters but line
/// feeds and tabs.
struct ArticleText {
    std::string title, body;
    std::vector<std::string> authors;
    std::vector<std::string> tags;      ///< the section is one, too
    std::string language;               ///< in lower case; detected where none is given
                                        ///< that can be one
    std::int64_t published = 0;         ///< seconds since 1970

    /// Of all its texts.
    [[nodiscard]] std::size_t bytes() const;
};

/// On one line; empty where what is given can be none.
std::string given_language(const pb::Article& article);

/// Where this changes, index_version must be raised (tokens.h).
ArticleText text_of(const pb::Article& article);

}  // namespace colport
