#pragma once

#include <bitset>
#include <cstddef>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

namespace colport {

/// Raise it when the words of any text change: entries leave an index by the
/// words that put them in.
inline constexpr int words_version = 3;

/// The version together with that of the Unicode tables in use, which a newer
/// ICU may change. To be stored with an index and compared for equality.
std::string words_signature();

/// Does a language have stems? `code` is the first part of its tag, in lower case.
bool has_stems(std::string_view code);

/// Longer words go on as another word. In code points.
inline constexpr std::size_t longest_word = 64;
/// So do those whose form reaches this: some characters stand for a dozen others.
inline constexpr std::size_t longest_form = 4 * longest_word;

/// One word of a text. Readings of one position come one after another.
struct Word {
    std::size_t begin = 0, end = 0;  ///< bytes of the text, at character boundaries
    std::string_view form;           ///< case, accents and spelling variants folded away
    std::string_view stem;           ///< folded too; empty where it is the form itself
    bool beside = false;             ///< another reading of the position before it
};

/// What words begin with, by their first characters; may take one for another.
class FirstCharacters {
public:
    void insert(std::string_view word) { if (!word.empty()) there_[place(word)] = true; }
    [[nodiscard]] bool contains(std::string_view word) const {
        return !word.empty() && there_[place(word)];
    }

private:
    static std::size_t place(std::string_view word) {
        const auto first = static_cast<unsigned char>(word[0]);
        if (first < 0x80 || word.size() == 1) return first;
        return (first * 64u + static_cast<unsigned char>(word[1])) % 4096;
    }
    std::bitset<4096> there_;
};

/// Turns text, of an article or a query, into the words of the index.
///
/// `form` does not depend on the language but for two things: French, Italian
/// and Catalan leave out an elided article and the like, and Italian and Catalan
/// part other words at an apostrophe; and what is a word in Thai, Lao, Khmer and
/// Burmese comes from ICU's dictionaries. `stem` does depend on it. Where other
/// forms of a word have another stem, it is beside with that one too.
/// A lone Han, Kana or Hangul character is a word; more of them are overlapping
/// pairs, without the particles at the end of a Korean word, and simplified where
/// they are traditional Chinese. What a zero-width non-joiner parts in Arabic
/// script comes in pieces, and in one beside the first piece, and so do initials
/// that full stops part; its begin and end span them all.
///
/// Any bytes are text: malformed UTF-8 and NUL part words. One pass; memory is
/// bounded whatever the text. `begin` never decreases.
///
/// Not thread-safe: one for each database connection. Holds stemmers and about
/// 1 MB of stems.
class WordSplitter {
public:
    WordSplitter();
    ~WordSplitter();
    WordSplitter(WordSplitter&&) noexcept;
    WordSplitter& operator=(WordSplitter&&) noexcept;

    /// `language` is a BCP 47 tag such as "pt-BR", of which the first part
    /// counts. Unknown or empty: no stems. The word is only lent to `visit`.
    void split(std::string_view text, std::string_view language,
               const std::function<void(const Word&)>& visit) {
        split(text, language, nullptr, visit);
    }
    /// Words that begin otherwise than those in `sought` may come without their stems,
    /// which are much of the work.
    void split(std::string_view text, std::string_view language, const FirstCharacters* sought,
               const std::function<void(const Word&)>& visit);

private:
    struct Parts;
    std::unique_ptr<Parts> parts_;
};

}  // namespace colport
