#pragma once

#include <bitset>
#include <memory>
#include <memory_resource>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "storage/article_text.h"
#include "storage/common_words.h"
#include "words/words.h"

/// The tokens that the index holds of an article, each with its kind before it.
namespace colport {

/// Raise it when the tokens of any article change, or what text_of() or to_text()
/// makes of it: entries leave the index by the tokens that put them in.
inline constexpr int index_version = 4;

/// That with the versions of the words and of what tells their language. To be
/// stored with an index.
std::string index_signature();

namespace token {

enum Kind : char {
    stem = 's',      ///< of any word, or the form where it has none
    form = '=',      ///< a word whose stem is not its beginning
    title = 't',     ///< as stem, of the title alone
    author = 'a',    ///< form
    tag = 'g',       ///< as stem
    language = 'l',  ///< "ru", and "ru-by" too where there is more
    feed = 'f',      ///< row of the feed
    month = 'm',     ///< month_of()
    year = 'y',      ///< twelve of those
    pair = 'p',      ///< neighbouring stems that are both common, as a hash
    strong = '1',    ///< stem, frequent for the length: '1' somewhat to '8' very
};
inline constexpr int most_strong = 8;
/// What a frequency of that strength comes to when it is saturated; 0: of none.
double saturation_of(int strength);

std::string of(Kind kind, std::string_view text);
inline constexpr std::size_t pair_buckets = 1 << 15;
/// Which of those; of CommonWords::hash() of both.
std::size_t pair_bucket(std::uint64_t first, std::uint64_t second);
std::string of_pair(std::size_t bucket);
std::string of_strong(int level, std::string_view stem);

/// Time in steps of a twelfth of a year, whatever the calendar says.
std::int64_t month_of(std::int64_t seconds);
std::int64_t begin_of(std::int64_t month);
std::int64_t year_of(std::int64_t month);

}  // namespace token

/// What is frozen when an index is made.
struct Making {
    std::int64_t average_words = 600;
    CommonWords common;
};

/// How much an occurrence counts, in the body and elsewhere.
struct Weights {
    static constexpr int title = 5, about = 3, body = 1;
};

/// Not thread-safe. Holds a WordSplitter.
class TokenMaker {
public:
    TokenMaker();

    /// Each token once, joined by tokenizer::separator. Valid until the next call. What
    /// has more words than any article that people write is known by the first of them:
    /// it is no more than 40 MiB, which SQLite takes as one value.
    const std::string& make(const ArticleText& text, std::int64_t feed, const Making& making);

    /// For counting: the words of a text's first bytes, and each stem once, by
    /// CommonWords::hash().
    std::int64_t stems(const ArticleText& text, std::size_t bytes,
                       const std::function<void(std::uint64_t)>& visit);

    WordSplitter& splitter() { return splitter_; }

private:
    struct Hash {
        using is_transparent = void;
        std::size_t operator()(std::string_view text) const {
            return std::hash<std::string_view>()(text);
        }
    };
    struct Stem {
        std::uint64_t hash = 0;
        std::int64_t weight = 0;
        CommonWords::Share share = 0;
        bool in_title = false;
    };
    /// What is found in one text. Its memory serves the next.
    struct Found {
        explicit Found(std::pmr::memory_resource& memory);

        std::pmr::unordered_map<std::pmr::string, Stem, Hash, std::equal_to<>> stems;
        std::pmr::unordered_set<std::pmr::string, Hash, std::equal_to<>> others;
    };

    void begin(const Making* making);
    void read(std::string_view text, std::string_view language, int weight);
    /// Null where there is no room for another.
    Stem* find(std::string_view stem);
    bool has_room(std::size_t size);
    void add_other(token::Kind kind, std::string_view text);
    void add_pair(const Stem& first, const Stem& second);
    void read_authors(const ArticleText& text);
    void read_tags(const ArticleText& text);
    void append(token::Kind kind, std::string_view text);
    void append_strong(std::string_view text, const Stem& stem);
    void append_pairs();
    void append_about(const ArticleText& text, std::int64_t feed);

    WordSplitter splitter_;
    const Making* making_ = nullptr;
    std::vector<std::byte> buffer_;
    std::pmr::monotonic_buffer_resource memory_;
    std::optional<Found> found_;
    std::vector<std::size_t> pairs_;           ///< buckets, each once
    std::bitset<token::pair_buckets> paired_;  ///< the same
    std::int64_t words_ = 0;
    std::size_t bytes_ = 0;                    ///< of what is found
    std::string other_, out_;
};

}  // namespace colport
