#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

/// The language of searches. Whatever is typed means something; nothing is an
/// error. Pure but for the clock where it says so. Any thread.
namespace colport {

/// A word or a phrase. `text` is well-formed UTF-8 as typed, not folded, and
/// holds at least one letter or digit; a word may have signs in it: anti-war.
struct Term {
    enum class Field { anywhere, title, author, tag };
    std::string text;
    bool phrase = false;           ///< it stood in quotes
    bool prefix = false;           ///< the last word may go on
    Field field = Field::anywhere;

    bool operator==(const Term&) const = default;
};

/// Any one of them must match. Never empty.
using Alternatives = std::vector<Term>;

struct ParsedQuery {
    std::vector<Alternatives> all;
    std::vector<Term> without;
    std::string feed;                           ///< name or beginning of the key, as typed
    std::string language;                       ///< a language tag in lower case
    std::optional<std::int64_t> since, until;   ///< seconds since 1970; until is exclusive
    /// No term was typed: everything is asked for that feed, language and dates
    /// let through. If not blank and `all` is empty, nothing can be found.
    bool blank = true;

    bool operator==(const ParsedQuery&) const = default;
};

/// Of longer input the rest is not looked at. A term is one of `all` or `without`.
inline constexpr std::size_t longest_query = 4096;
inline constexpr std::size_t most_terms = 64;

/// Words must all occur, "a phrase" in its order, -word and -"a phrase" must
/// not. word* is the beginning of a word, from three letters on; of a Chinese,
/// Japanese or Korean one suffices. this OR that, this | that: one must occur;
/// it binds tighter than the blank.
///
///   title: author: tag:   where the word or phrase behind it must occur
///   feed: lang:           one feed, one language (also language:); of several
///                         the last counts
///   since: until:         2026, 2026-03, 2026-03-05, or days, weeks, months and
///                         years ago: 7d 2w 3m 1y. Days of UTC, until: with the
///                         whole of what it names
///
/// All the world's quotes and full-width forms of the signs will do. Everything
/// else is text: an unknown word before a colon, a date that is none, an OR that
/// joins nothing. Terms without a letter or digit are dropped. Days ago count
/// back from `now`, seconds since 1970.
ParsedQuery parse_query(std::string_view typed, std::int64_t now);

/// As above, by the system's clock.
ParsedQuery parse_query(std::string_view typed);

/// The query in its own language, to show what was understood. Parses to the
/// same ParsedQuery.
std::string to_string(const ParsedQuery& query);

}  // namespace colport
