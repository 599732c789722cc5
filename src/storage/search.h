#pragma once

#include <limits>

#include "storage/archive.h"
#include "storage/look.h"
#include "storage/search_context.h"

namespace colport {

/// ArchiveReader::search. Call inside a transaction, after context.refresh():
/// several statements must see the same archive.
///
/// The index proposes rows, newest first. Where it cannot decide alone, texts
/// are read until there are enough. The best by what the index knows of them are
/// read as well, for their order; the rest of the shown ones for their snippets.
class Searcher {
public:
    /// Borrows everything.
    Searcher(SearchContext& context, const Query& query);
    Result<Page> run();

private:
    static constexpr std::size_t most_hits = 100;
    /// Matches are counted and listed as far as this.
    static constexpr std::size_t most_rows = 10'000;
    /// The order of so many is decided by their texts.
    static constexpr std::size_t most_read = 40;
    static constexpr auto no_row = std::numeric_limits<std::int64_t>::max();
    struct Row {
        std::int64_t id = 0, published = 0;
        double score = 0;
        bool seen = false;               ///< look_at() was here
        std::string snippet;
    };
    /// Half-open, in seconds since 1970.
    struct Times {
        std::int64_t since = std::numeric_limits<std::int64_t>::min();
        std::int64_t until = std::numeric_limits<std::int64_t>::max();
        [[nodiscard]] bool any() const {
            return since != std::numeric_limits<std::int64_t>::min() ||
                   until != std::numeric_limits<std::int64_t>::max();
        }
    };

    // search_filters.cpp
    Status read_filters();
    Status read_feed(const std::string& typed);
    Status read_years();
    [[nodiscard]] bool is_usual(std::int64_t year) const {
        return year >= usual_first_ && year <= usual_last_;
    }
    /// Are there articles that the times let through and that years_ leaves out?
    [[nodiscard]] bool lacks_years() const;
    [[nodiscard]] std::vector<std::string> filter_tokens() const;
    /// Of months and years that the times asked for hold, and of months that they hold
    /// a part of. Both empty: nothing is dated so.
    struct TimeTokens {
        std::string within, partly;
        [[nodiscard]] std::string any() const { return fts::any(within, partly); }
    };
    [[nodiscard]] TimeTokens time_tokens() const;
    [[nodiscard]] std::string filtered(const std::string& expression,
                                       const std::string& also) const;
    Result<Page> list();
    Result<std::uint64_t> count_listed(const std::string& where);

    // search.cpp
    Result<std::vector<Row>> select(const std::string& expression, std::int64_t below,
                                    std::size_t limit, std::int64_t from = 0);
    Status select(const std::string& expression, bool timed, std::int64_t below,
                  std::size_t limit, std::int64_t from, std::vector<Row>& out);
    Status find_undecided(Page& page);
    Status find_phrases(Page& page);
    Status find_month_by_month(Page& page, std::int64_t from);
    /// What is in `sure`, not before a row, and what was found otherwise.
    Status find_by_rank(Page& page, std::int64_t from, std::vector<Row> also);
    Status find_by_date(Page& page, std::int64_t from, std::vector<Row> also);
    enum class Look { matches, does_not, unreadable };
    /// Counts what it reads as work_, in bytes.
    Result<Look> look_at(Row& row);
    void sort(std::vector<Row>::iterator begin, std::vector<Row>::iterator end) const;
    Status show(std::size_t offset, Page& page);

    // rank.cpp
    Status weigh();
    /// Sets horizon_, so that no conjunction takes too many steps of the index.
    Status set_horizon();
    [[nodiscard]] double share_of(const SoughtTerm& term) const;
    [[nodiscard]] double score_of(const Sight& sight, std::int64_t published) const;
    [[nodiscard]] std::string strong_tokens(std::size_t group, int from, int to) const;
    [[nodiscard]] std::int64_t strong_horizon(std::size_t group, std::int64_t newest,
                                              std::size_t questions) const;
    Result<std::vector<Row>> strongest(std::int64_t from, std::int64_t newest);

    SearchContext& context_;
    const Query& query_;
    ParsedQuery parsed_;
    std::optional<std::vector<std::int64_t>> feeds_;  ///< rows; nothing: all
    std::vector<std::string> languages_;              ///< filters
    Times times_;
    bool by_date_ = false;
    CompiledQuery compiled_;
    std::optional<Looker> looker_;
    std::vector<double> weights_;                     ///< how rare each of Matchers::all is
    std::vector<double> counted_;                     ///< of the articles, at least so many have it
    std::vector<double> shares_;                      ///< of the articles, about so many have it
    double lists_ = 0;                                ///< of the index, in the whole expression
    std::int64_t oldest_ = 0, newest_ = 0;            ///< published, in the whole archive
    std::int64_t freshest_ = 0;                       ///< likewise, not dated ahead
    std::int64_t usual_first_ = 0, usual_last_ = 0;   ///< years, as token::year_of()
    std::vector<std::int64_t> years_;                 ///< those that are asked for, in order
    std::int64_t horizon_ = 0;                        ///< rows before are not looked at
    std::size_t work_ = 0, dictionaries_ = 0;
    std::vector<Row> found_;                          ///< in their order
    std::optional<Statement> place_;
    std::map<std::string, Statement> selects_;        ///< by their text
};

/// The columns of `articles a JOIN feeds f` that hit_of() reads, from 0 on, and how
/// many they are.
inline constexpr const char* hit_columns =
    "f.key, f.name, a.article, a.revision, a.title, a.language, a.published, a.zone, a.section, "
    "a.bundle";
inline constexpr int hit_column_count = 10;

/// Without a snippet. Errors: corrupt.
Result<Hit> hit_of(const Statement& row);
/// Says in the hit of that row what is to be said of the key that signed it.
void mark(Hit& hit, const Statement& row, Bodies& bodies);

}  // namespace colport
