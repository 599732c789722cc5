#include "storage/word_counter.h"

#include <algorithm>

namespace colport {
namespace {

constexpr double common_share = 0.003;
constexpr std::int64_t fewest_to_be_common = 4;

}  // namespace

void WordCounter::add(TokenMaker& maker, const ArticleText& text) {
    ++counted_;
    words_ += maker.stems(text, [&](std::string_view stem) { ++articles_[std::string(stem)]; });
}

Making WordCounter::making() const {
    Making out;
    if (counted_ > 0) out.average_words = std::max<std::int64_t>(words_ / counted_, 1);
    if (counted_ < smallest_sample) return out;
    const auto all = static_cast<double>(counted_);
    for (const auto& [stem, articles] : articles_)
        if (articles >= fewest_to_be_common && static_cast<double>(articles) > common_share * all)
            out.common.insert(stem, static_cast<double>(articles) / all);
    return out;
}

}  // namespace colport
