#include "storage/word_counter.h"

#include <algorithm>
#include <functional>

namespace colport {
namespace {

constexpr double common_share = 0.003;
constexpr std::uint32_t fewest_to_be_common = 4;
// Hardly any article is longer, and what is common shows in less.
constexpr std::size_t most_text = 128 << 10;
// Several times what 1,500 articles in six languages have. Each takes 40 bytes.
constexpr std::size_t most_stems = 1 << 20;
// An index holds them, and each of its readers. Articles in six languages have 6,000.
constexpr std::size_t most_common = 50'000;

}  // namespace

void WordCounter::add(TokenMaker& maker, const ArticleText& text) {
    ++counted_;
    words_ += maker.stems(text, most_text, [&](std::uint64_t hash) { ++articles_[hash]; });
    if (articles_.size() > most_stems) forget_rarest();
}

void WordCounter::forget_rarest() {
    std::vector<std::uint32_t> counts;
    counts.reserve(articles_.size());
    for (const auto& [hash, articles] : articles_) counts.push_back(articles);
    const auto middle = counts.begin() + static_cast<std::ptrdiff_t>(counts.size() / 2);
    std::nth_element(counts.begin(), middle, counts.end());
    std::erase_if(articles_, [&](const auto& entry) { return entry.second <= *middle; });
}

Making WordCounter::making() const {
    Making out;
    if (counted_ > 0) out.average_words = std::max<std::int64_t>(words_ / counted_, 1);
    if (!is_enough()) return out;
    const auto all = static_cast<double>(counted_);
    std::vector<std::pair<std::uint32_t, std::uint64_t>> common;
    for (const auto& [hash, articles] : articles_)
        if (articles >= fewest_to_be_common && static_cast<double>(articles) > common_share * all)
            common.emplace_back(articles, hash);
    if (common.size() > most_common) {
        std::nth_element(common.begin(), common.begin() + most_common, common.end(),
                         std::greater<>());
        common.resize(most_common);
    }
    for (const auto& [articles, hash] : common)
        out.common.insert(hash, static_cast<double>(articles) / all);
    return out;
}

}  // namespace colport
