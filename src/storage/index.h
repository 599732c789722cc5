#pragma once

#include <functional>
#include <map>
#include <span>

#include "storage/bodies.h"
#include "storage/database.h"
#include "storage/index_table.h"
#include "storage/word_counter.h"

/// The full-text index on its writing side: contentless FTS5 tables without
/// positions, which tell what articles a token stands in.
///
/// FTS5 takes an entry out by the words that it is told, and trusts them. So an
/// entry leaves by the tokens that put it in, made again from its bundle, or
/// read from the index itself where the bundle cannot be read any more or the
/// tokens were made by other code.
namespace colport {

class ArticleIndex {
public:
    /// So many are sought in one reading of the whole index, where their words must come
    /// from there: about as long as it takes to remove them.
    static constexpr std::size_t sought_at_once = 8192;

    /// Borrows both.
    ArticleIndex(Database& database, Bodies& bodies) : database_(database), bodies_(bodies) {}

    // In a transaction; begin() first.

    /// Looks which indexes there are, and makes one where there is none.
    Status begin();
    struct Added {
        std::int64_t article = 0, feed = 0;  ///< rows
        ArticleText text;
    };
    /// Call when the articles' rows are written and what was there is removed.
    Status add(std::span<const Added> articles);
    /// Call before the articles' rows change. Those that the index does not hold
    /// are left alone.
    Status remove(std::span<const std::int64_t> articles);
    /// False where remove() has to seek in the index what others put there.
    [[nodiscard]] bool knows_words() const;
    /// Removed words stay in the file until FTS5 merges the parts that hold them.
    /// This merges all of it: seconds for a large archive.
    Status forget_removed();
    /// The same, later and piece by piece.
    Status forget_removed_later();
    /// Erases at once what is left of indexes that are searched no more.
    Status erase_all();
    /// Begins anew with nothing. What was there is erased later, or by erase_all().
    Status clear();
    /// Compares the index with what the bundles say. Errors: corrupt, io.
    Status check();

    /// Gives `visit` some of the articles to come. False: enough.
    using Sample = std::function<Status(const std::function<void(const ArticleText&)>& visit)>;
    /// For the first articles of an archive: counts in them what the index has to
    /// know beforehand.
    Status begin_with(std::int64_t articles, const Sample& sample);

    // Outside of transactions.

    /// One step, of about 50 ms, of what can wait: making the index anew, merging,
    /// erasing. False when there is nothing left to do.
    Result<bool> work();

    /// In articles; equal when nothing is in the making.
    struct Progress {
        std::int64_t made = 0, all = 0;
    };
    Result<Progress> progress();

private:
    struct Open {
        IndexTable table;
        std::optional<Statement> add, remove;
    };
    struct Found {
        std::int64_t feed = 0;
        ArticleText text;
    };

    Result<std::int64_t> count();
    Result<std::int64_t> create(IndexTable::State state);
    Status set_making(std::int64_t id, std::int64_t articles, const Making& making);
    /// Those up to row `last`.
    Status write(Open& open, std::span<const Added> articles, std::int64_t last);
    Status write(Open& open, bool remove, std::int64_t article, std::string_view tokens);
    Result<bool> has_gaps(std::int64_t index);
    Result<bool> is_gap(std::int64_t index, std::int64_t article);
    Status set_gap(std::int64_t index, std::int64_t article, bool gap);
    /// What the archive holds of a shown article. Errors: not_found (no such row),
    /// corrupt, io (its bundle).
    Result<Found> find(std::int64_t article);
    /// False: its words have to be sought in the index.
    Result<bool> remove(Open& open, std::int64_t article, const Found* found);
    Status remove_by_words(Open& open, std::span<const std::int64_t> articles);
    /// Tokens by article: some, of what is sought and comes after the token `last`, which
    /// becomes the last of them. Empty: there are no more.
    using Sought = std::map<std::int64_t, std::string>;
    Result<Sought> seek_words(Open& open, std::string& last);
    Status check(Open& open);

    Result<bool> begin_anew();
    Result<bool> count_words();
    Result<bool> fill(Open& open);
    Status finish(const IndexTable& made);
    Result<bool> close_gaps();
    Result<bool> erase();
    Result<std::vector<IndexTable>> left_behind();
    /// Gives how many rows of its tables; 0: it is empty.
    Result<int> erase_some(const IndexTable& table);
    Result<int> erase_rows(const std::string& table, int after);
    Status drop(const IndexTable& table);
    Result<bool> merge(Open& open, int pages);
    Result<bool> merge(Open& open);
    Result<bool> merge_all(Open& open);
    Result<bool> tidy(Open& open);
    Result<bool> is_scattered(Open& open);
    Status set_tidy(Open& open, int tidy);
    Result<bool> changed_by(const std::string& sql);

    Database& database_;
    Bodies& bodies_;
    TokenMaker tokens_;
    std::map<std::int64_t, Open> open_;  ///< by id; none that is to be erased
    bool merged_ = false;
    struct Counting {
        WordCounter words;
        std::int64_t next = 0, stride = 1;  ///< rows
    };
    std::optional<std::vector<std::int64_t>> gaps_;  ///< to be tried once more in this run
    std::optional<Counting> counting_;   ///< for an index that is about to be begun
};

}  // namespace colport
