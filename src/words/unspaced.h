#pragma once

#include <unicode/ubrk.h>

#include <cstddef>
#include <functional>
#include <memory>
#include <string_view>
#include <vector>

namespace colport::words {

/// A Thai or Lao "am" that was typed as the ring and the stroke that it looks
/// like, where a tone may stand between them.
struct ApartAm {
    std::size_t size = 0;           ///< in bytes; 0: there is none
    UChar32 tone = 0, whole = 0;    ///< 0: no tone
};

/// At the beginning of `text`.
ApartAm apart_am(std::string_view text);

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
