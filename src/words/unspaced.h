#pragma once

#include <unicode/ubrk.h>

#include <cstddef>
#include <functional>
#include <memory>
#include <string_view>
#include <vector>

namespace colport::words {

/// Finds the words of scripts that are written without blanks, by ICU's
/// dictionaries.
class Unspaced {
public:
    /// Calls `visit` with where each word of `run` begins and ends. The run is
    /// of letters and marks alone, well-formed UTF-8 of any length.
    void words(std::string_view run,
               const std::function<void(std::size_t begin, std::size_t end)>& visit);

private:
    struct Deleter {
        void operator()(UBreakIterator* breaks) const { ubrk_close(breaks); }
    };

    std::unique_ptr<UBreakIterator, Deleter> breaks_;
    std::vector<UChar> text_;
    std::vector<std::size_t> starts_;  // of each of text_ in the run
};

}  // namespace colport::words
