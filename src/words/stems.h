#pragma once

#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

struct sb_stemmer;

namespace colport::words {

/// Snowball stems of folded words, with a cache of bounded size.
class Stems {
public:
    Stems();
    ~Stems();

    /// "pt" of "pt-BR". Languages without a stemmer find no stems.
    void choose(std::string_view language);

    /// The stem of a word of letters, accents gone; empty where there is none.
    /// `folded` has the accents of Latin letters, and any apostrophe as `'`.
    /// Valid until the next call.
    std::string_view stem(std::string_view folded, std::string_view plain);

private:
    void append_stem(std::string_view folded, std::string_view plain, std::string& out);

    struct Language;
    struct Slot {
        const Language* language = nullptr;
        std::size_t word_size = 0;
        std::string word_and_stem;
    };

    std::map<std::string, std::unique_ptr<Language>, std::less<>> languages_;
    Language* chosen_ = nullptr;
    std::vector<Slot> slots_;
    std::string uncached_;
};

}  // namespace colport::words
