#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>

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

    void insert(std::string_view stem, double share);
    /// The share of articles that the stem stands in; 0 where it is not common.
    [[nodiscard]] double share(std::string_view stem) const;
    [[nodiscard]] bool contains(std::string_view stem) const {
        return !shares_.empty() && shares_.contains(hash(stem));
    }
    [[nodiscard]] std::size_t size() const { return shares_.size(); }

    /// The same on every machine: it is stored.
    static std::uint64_t hash(std::string_view stem);

private:
    struct Identity {
        std::size_t operator()(std::uint64_t value) const { return value; }
    };
    std::unordered_map<std::uint64_t, Share, Identity> shares_;
};

}  // namespace colport
