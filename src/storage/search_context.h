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
};

}  // namespace colport
