#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace colport::words {

/// Snowball stems of folded words, with a cache of fixed size.
class Stems {
public:
    Stems();
    ~Stems();

    /// As language_code() makes it. Languages without a stemmer find no stems.
    void choose(const std::string& code);

    /// Accents gone; empty where there is none.
    struct Found {
        std::string_view stem;
        std::string_view other;  ///< that forms of the same word may have
    };

    /// The stems of a word of letters. `folded` has the accents of Latin letters,
    /// and any apostrophe as `'`. Valid until the next call.
    Found stem(std::string_view folded, std::string_view plain);

private:
    struct Language;

    /// A word with its stem, which is mostly how the word begins. One line of
    /// the processor's cache.
    struct Slot {
        std::uint8_t language = 0;  ///< 0: free
        std::uint8_t word_size = 0, stem_at = 0, stem_size = 0, other_size = 0;
        std::array<char, 59> text;  ///< the word, its stem, the other
    };

    void make_stems(std::string_view folded, std::string_view plain);
    std::string snowball(std::string_view plain);  // of word_
    void keep(Slot& slot, std::string_view word) const;

    std::map<std::string, std::unique_ptr<Language>, std::less<>> languages_;
    Language* chosen_ = nullptr;
    std::vector<Slot> slots_;
    std::string word_, made_, other_;
};

}  // namespace colport::words
