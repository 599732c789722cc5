#pragma once

#include <cstdint>
#include <map>
#include <mutex>
#include <utility>
#include <vector>

#include "storage/reading.h"

namespace colport::web {

/// What was opened since the daemon started, of a reader who wants none of it on
/// the disk. Thread-safe.
class Openings {
public:
    /// The oldest are forgotten.
    static constexpr std::size_t most = 5000;

    /// `time` in seconds since 1970.
    void add(const PublicKey& feed, const ArticleId& article, std::int64_t time);
    void remove(const PublicKey& feed, const ArticleId& article);
    [[nodiscard]] bool has(const PublicKey& feed, const ArticleId& article) const;
    [[nodiscard]] std::size_t size() const;
    /// The latest first.
    [[nodiscard]] std::vector<Reading::Entry> list(std::size_t offset, std::size_t limit) const;
    void forget_feed(const PublicKey& feed);
    void clear();

private:
    mutable std::mutex mutex_;
    std::uint64_t number_ = 0;                                      ///< of the latest
    struct Opening {
        std::uint64_t number = 0;
        std::int64_t time = 0;
    };
    std::map<std::pair<ArticleId, PublicKey>, Opening> openings_;
    std::map<std::uint64_t, std::pair<ArticleId, PublicKey>> order_;  ///< by number
};

}  // namespace colport::web
