#pragma once

#include <array>
#include <unordered_map>

#include "storage/match.h"

namespace colport {

/// Where in a text something stands, in bytes.
struct Span {
    std::size_t begin = 0, end = 0;
};

/// What a second look at an article finds. Of a long body it sees no more than the
/// beginning, unless that does not decide whether it matches.
struct Sight {
    bool matches = false;
    std::vector<double> frequencies;  ///< weighted, of the best term of each of Matchers::all
    std::int64_t words = 0;           ///< that were seen
    std::vector<Span> marks;          ///< in the body, by beginning; may overlap
};

/// Looks for what is sought in the texts of articles. Borrows both.
class Looker {
public:
    Looker(const Matchers& matchers, WordSplitter& splitter);
    Sight look(const ArticleText& text);

private:
    using Mask = std::uint64_t;
    static_assert(Matchers::most_words <= 64);
    struct Found {
        Mask exact = 0, stem = 0;
    };
    /// A word of the text that is one of those sought.
    struct Occurrence {
        std::size_t place = 0, width = 1;  ///< in words; wider than one: joined of pieces
        Span span;
        Found found;
    };
    struct Hash {
        using is_transparent = void;
        std::size_t operator()(std::string_view text) const {
            return std::hash<std::string_view>()(text);
        }
    };
    using Words = std::unordered_map<std::string, Found, Hash, std::equal_to<>>;

    static std::size_t trait(std::string_view word);
    void insert(const std::string& word, Mask bit, bool stem);
    void prepare(const std::string& language);
    Found find(const Word& word) const;
    Found find_beginnings(const Word& word) const;
    /// Adds to occurrences_ what is found in text[begin, end).
    void read(std::string_view text, std::size_t begin, std::size_t end,
              std::string_view language);
    void look_in_body(const ArticleText& text, Sight& out);
    [[nodiscard]] bool has_all() const;
    double count(const SoughtTerm& term, std::vector<Span>* marks) const;
    double count(const std::vector<std::size_t>& reading, std::vector<Span>* marks) const;
    void look_in(Term::Field field, const std::string& text, const std::string& language,
                 int weight);
    void count_in(Term::Field field, int weight, std::vector<double>& counts,
                  std::vector<Span>* marks) const;

    const Matchers& matchers_;
    WordSplitter& splitter_;
    std::string language_ = "?";      ///< that words_ is prepared for
    Words words_;
    FirstCharacters stems_;           ///< of what may be found by its stem
    std::array<bool, 256> traits_{};  ///< of the words sought: most others differ in it
    std::vector<std::size_t> beginnings_;
    std::vector<Occurrence> occurrences_;
    std::size_t places_ = 0;          ///< words read of the same text
    std::vector<double> counts_;      ///< of each term, those of `without` last
};

/// About 200 characters around the marks that say most, each between mark_begin
/// and mark_end; the beginning of the text where there are none.
std::string snippet_of(std::string_view text, const std::vector<Span>& marks);

}  // namespace colport
