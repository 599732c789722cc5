#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

#include "query/query.h"

namespace colport::typed {

/// One thing that a query is made of.
struct Token {
    enum class Kind { end, term, without, join, feed, language, since, until };
    Kind kind = Kind::end;
    Term term;              ///< of term and without; its text may hold no word
    std::string value;      ///< of feed and language
    std::int64_t time = 0;  ///< of since and until
    bool is_word = false;   ///< the join is OR, and not a sign
};

/// Reads a query from left to right.
class Scanner {
public:
    /// `text` as decode() makes it; borrowed.
    Scanner(std::u32string_view text, std::chrono::sys_days today)
        : text_(text), today_(today) {}

    Token next();

private:
    /// What stands behind a name and a colon, or alone.
    struct Value {
        std::u32string_view text;
        bool phrase = false, starred = false;
    };

    [[nodiscard]] bool ends_word(std::size_t at) const;
    bool skip_minus();
    Value quoted();
    Value unquoted();
    std::optional<Token> named(const Value& word, bool excluded);
    [[nodiscard]] std::optional<Token> filter(std::u32string_view name,
                                              std::u32string_view value) const;

    std::u32string_view text_;
    std::chrono::sys_days today_;
    std::size_t at_ = 0;
};

}  // namespace colport::typed
