#pragma once

#include <limits>
#include <memory>
#include <string>

#include "storage/database.h"
#include "storage/tokens.h"

namespace colport {

/// One row of `indexes`.
struct IndexTable {
    enum class State { making = 0, searched = 1, erased = 2 };
    static constexpr std::int64_t all = std::numeric_limits<std::int64_t>::max();

    std::int64_t id = 0;
    State state = State::making;
    std::string signature;
    std::int64_t filled = 0;          ///< `all`: nothing is missing
    std::int64_t articles = 0;
    std::shared_ptr<const Making> making;
    int tidy = 0;

    /// 0 is what is left of the one that archives had before version 3.
    [[nodiscard]] std::string index() const {
        return id == 0 ? "article_index" : "article_index_" + std::to_string(id);
    }
    [[nodiscard]] std::string words() const { return "article_words_" + std::to_string(id); }
    [[nodiscard]] bool is_whole() const { return filled == all; }
};

/// The columns that read_index_table() reads, from 0 on.
inline constexpr const char* index_table_columns =
    "id, state, signature, filled, articles, average_words, tidy, common";
/// `known`: an earlier reading, whose `making` is still good where the id is the same.
IndexTable read_index_table(const Statement& row, const IndexTable* known);

}  // namespace colport
