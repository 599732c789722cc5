#pragma once

#include <algorithm>
#include <cstddef>

namespace colport {

/// What is spent on reading a block of articles, in bytes of text: those that decide
/// what the index cannot. 480 KB take about 10 ms.
class BlockWork {
public:
    static constexpr std::size_t most = 480 << 10;
    /// Of an article, however short.
    static constexpr std::size_t smallest = 2 << 10;

    void add(std::size_t bytes) {
        counted_ += std::min(bytes, most_counted);
        read_ += bytes;
    }
    [[nodiscard]] bool is_spent() const { return counted_ >= most || read_ >= most_read; }

private:
    // A long article does not use up a block: it counts for no more than this, as long
    // as all that is read stays below that.
    static constexpr std::size_t most_counted = most / 8, most_read = 4 * most;

    std::size_t read_ = 0, counted_ = 0;
};

}  // namespace colport
