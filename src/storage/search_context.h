#pragma once

#include "storage/bodies.h"
#include "storage/match.h"

namespace colport {

/// What all searches of a connection share. One thread.
class SearchContext {
public:
    /// Borrows both.
    SearchContext(Database& opened, Bodies& read_from) : database(opened), bodies(read_from) {}

    Database& database;
    Bodies& bodies;
    WordSplitter splitter;
    IndexTable table;                    ///< the one that is searched; id 0: there is none yet
    bool has_gaps = false;               ///< articles that could not be read for it
    std::int64_t articles = 0;
    std::vector<std::string> languages;  ///< the most frequent first

    /// Call inside the transaction of a search, before anything else.
    Status refresh();
    /// The languages to try on a word, `first` before the archive's.
    [[nodiscard]] std::vector<std::string> languages_after(const std::string& first) const;
    /// Articles that match, counted no further than `limit`.
    Result<std::int64_t> count(const std::string& expression, std::int64_t limit);
    /// Of the articles that match before row `below`, the newest first, the row of
    /// the one behind `skipped` others; 0 where there are no more.
    Result<std::int64_t> row_of(const std::string& expression, std::int64_t below,
                                std::int64_t skipped);

private:
    std::vector<std::string> named_;     ///< what `languages` was made of
};

}  // namespace colport
