#pragma once

#include <cstdint>
#include <unordered_set>
#include <vector>

#include "core/bytes.h"

namespace colport {

/// All runs of twelve bytes in some text, to find out what of it others hold too: a name
/// of a dozen Latin letters, six Cyrillic ones, four of a Chinese one. Kept as hashes of
/// 64 bits, so a run may be taken for another once in a million million texts.
class ByteRuns {
public:
    static constexpr std::size_t size = 12;

    void add(Bytes text);
    void remove(Bytes text);
    /// Those that stand in any of `texts` stay.
    void keep_common(const std::vector<Bytes>& texts);
    [[nodiscard]] bool any_in(Bytes text) const;
    [[nodiscard]] bool empty() const { return runs_.empty(); }

private:
    std::unordered_set<std::uint64_t> runs_;
};

}  // namespace colport
