#include "web/openings.h"

#include <iterator>

namespace colport::web {

void Openings::add(const PublicKey& feed, const ArticleId& article, std::int64_t time) {
    const std::lock_guard lock(mutex_);
    auto& opening = openings_[{article, feed}];
    order_.erase(opening.number);
    opening = {++number_, time};
    order_.emplace(number_, std::pair(article, feed));
    if (order_.size() <= most) return;
    openings_.erase(order_.begin()->second);
    order_.erase(order_.begin());
}

void Openings::remove(const PublicKey& feed, const ArticleId& article) {
    const std::lock_guard lock(mutex_);
    const auto known = openings_.find({article, feed});
    if (known == openings_.end()) return;
    order_.erase(known->second.number);
    openings_.erase(known);
}

bool Openings::has(const PublicKey& feed, const ArticleId& article) const {
    const std::lock_guard lock(mutex_);
    return openings_.contains({article, feed});
}

std::size_t Openings::size() const {
    const std::lock_guard lock(mutex_);
    return openings_.size();
}

std::vector<Reading::Entry> Openings::list(std::size_t offset, std::size_t limit) const {
    const std::lock_guard lock(mutex_);
    std::vector<Reading::Entry> out;
    for (auto at = order_.rbegin(); at != order_.rend() && out.size() < limit; ++at) {
        if (offset != 0) {
            --offset;
            continue;
        }
        const auto& [article, feed] = at->second;
        out.push_back({feed, article, openings_.at(at->second).time});
    }
    return out;
}

void Openings::forget_feed(const PublicKey& feed) {
    const std::lock_guard lock(mutex_);
    const auto of_it = [&](const auto& opening) { return opening.second == feed; };
    std::erase_if(openings_, [&](const auto& opening) { return of_it(opening.first); });
    std::erase_if(order_, [&](const auto& opening) { return of_it(opening.second); });
}

void Openings::clear() {
    const std::lock_guard lock(mutex_);
    openings_.clear();
    order_.clear();
}

}  // namespace colport::web
