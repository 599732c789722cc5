#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "query/near_words.h"
#include "words/words.h"

/// "Did you mean" for a whole search. Any thread.
namespace colport {

struct Suggestion {
    std::string query;  ///< in the language of searches (query.h)
    /// Where it differs from what was typed: first byte and the one behind the last.
    std::vector<std::pair<std::size_t, std::size_t>> marked;
};

/// Words that are looked up for one suggestion, at most; each takes an archive 20 to
/// 30 microseconds.
inline constexpr std::size_t most_suggestion_lookups = 600;

/// A search that was likely meant by `typed`: on another keyboard, or with the words
/// put right that are hardly anywhere. Beginnings of words, authors, and what must
/// not occur stay as they are. Nothing comes out of it but what `how_common` knows.
/// `now` as parse_query() wants it.
std::optional<Suggestion> suggest(std::string_view typed, std::int64_t now,
                                  WordSplitter& splitter, const HowCommon& how_common);

}  // namespace colport
