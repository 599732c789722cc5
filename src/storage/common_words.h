#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "core/bytes.h"

namespace colport {

/// Stems that stand in many articles, as they were counted when an index was
/// made: frozen with it, since entries leave an index by the words that put
/// them in. Kept as hashes, so that no word of an article outlives it here.
class CommonWords {
public:
    /// In parts of 65,536.
    using Share = std::uint16_t;

    CommonWords() = default;
    /// As bytes() gave it; whatever is over after whole entries is left out.
    explicit CommonWords(Bytes bytes);
    [[nodiscard]] std::string bytes() const;

    void insert(std::string_view stem, double share) { insert(hash(stem), share); }
    void insert(std::uint64_t hash, double share);
    /// The share of articles that the stem stands in; 0 where it is not common.
    [[nodiscard]] double share(std::string_view stem) const;
    /// The same as it is stored; 0 likewise.
    [[nodiscard]] Share raw_share(std::string_view stem) const { return raw_share(hash(stem)); }
    [[nodiscard]] Share raw_share(std::uint64_t hash) const;
    /// Are two stems with these raw shares so common together that the articles
    /// where they are neighbours are worth an entry of their own?
    static bool is_pair(Share first, Share second) {
        return std::uint64_t{first} * second >= pair_product;
    }
    [[nodiscard]] std::size_t size() const { return size_; }

    /// The same on every machine: it is stored.
    static std::uint64_t hash(std::string_view stem);

private:
    // 0.001: of a million articles, 1,000 have both if they have nothing to do with
    // each other.
    static constexpr std::uint64_t pair_product = (std::uint64_t{1} << 32) / 1'000;

    struct Slot {
        std::uint64_t hash = 0;
        Share share = 0;  ///< 0: free
    };
    /// The slot that holds it, or would. There is always a free one.
    [[nodiscard]] std::size_t find(std::uint64_t hash) const;

    std::vector<Slot> slots_;  ///< a power of two of them, half full at most
    std::size_t size_ = 0;
};

}  // namespace colport
