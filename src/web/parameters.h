#pragma once

#include <cstdint>
#include <string>

#include "web/context.h"

/// Reads query parameters. Errors name the parameter: invalid, not_found.
namespace colport::web {

/// A missing or empty parameter is `fallback`.
Result<std::size_t> number_parameter(const Request& request, const char* name,
                                     std::size_t fallback, std::size_t least, std::size_t most);

/// A missing parameter is empty. Never an error: what is too long is cut as
/// typed_text() says.
std::string text_parameter(const Request& request, const char* name);

/// What somebody typed, as text that a search can take: at most 1,000 bytes of
/// whole characters, with a space for NUL and for each byte that is not UTF-8.
std::string typed_text(std::string_view text);

/// A feed by key, beginning of a key or name.
Result<std::optional<PublicKey>> feed_parameter(const Context& context);

/// feed, language, since and until.
Result<Query> filter_parameters(const Context& context);

/// As above, with q, sort and before; not the place in the results. An author and
/// a tag become words.
Result<Query> query_parameters(const Context& context);

/// Seconds since 1970 of "2026-03-14" or of RFC 3339, with or without fractions.
/// A day is its beginning in UTC, or its end if `whole_day`.
std::optional<std::int64_t> parse_time(std::string_view text, bool whole_day);

/// Escapes text for the query part of an address.
std::string escape_query(std::string_view text);

}  // namespace colport::web
