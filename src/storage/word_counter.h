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

    /// Of a long text the beginning counts. Memory is bounded, whatever the texts: the
    /// rarest stems are forgotten where there are too many.
    void add(TokenMaker& maker, const ArticleText& text);
    [[nodiscard]] bool is_enough() const { return counted_ >= smallest_sample; }
    [[nodiscard]] Making making() const;

private:
    void forget_rarest();

    std::unordered_map<std::uint64_t, std::uint32_t> articles_;  ///< by CommonWords::hash()
    std::int64_t counted_ = 0, words_ = 0;
};

}  // namespace colport
