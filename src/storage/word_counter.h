#pragma once

#include <unordered_map>

#include "storage/tokens.h"

namespace colport {

/// Counts in some articles what an index has to know before it is made.
class WordCounter {
public:
    /// What is common is counted in about so many articles, evenly spread.
    static constexpr std::int64_t sample = 1'500;
    /// With fewer, nothing is.
    static constexpr std::int64_t smallest_sample = 300;

    void add(TokenMaker& maker, const ArticleText& text);
    [[nodiscard]] Making making() const;

private:
    std::unordered_map<std::string, std::int64_t> articles_;  ///< by stem
    std::int64_t counted_ = 0, words_ = 0;
};

}  // namespace colport
