#pragma once

#include <cstddef>
#include <string_view>

namespace colport::words {

/// How many bytes of what stands between two blanks are left without the
/// particles at its end; all where no two syllables would be. Which particle can
/// follow depends on whether a syllable ends in a vowel, and that is heeded.
std::size_t size_without_particles(std::string_view word);

/// How many bytes of `text` are Hangul syllables.
std::size_t hangul_size(std::string_view text);

}  // namespace colport::words
