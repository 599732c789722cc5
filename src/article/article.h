#pragma once

#include <string>

#include "article.pb.h"
#include "core/bytes.h"
#include "core/result.h"

/// The typed article (SPEC "Articles"): the generated pb::Article, what it must
/// keep, and what follows from it.
namespace colport {

/// The id of what a publisher calls `guid`: the same in every format and every
/// re-import, different between feeds.
ArticleId article_id(const PublicKey& feed, std::string_view guid);

/// What a reader must refuse: bad ids, text that is not UTF-8, links that are
/// not http, https or mailto, depth and size beyond the limits, a retraction
/// that carries text. Errors: corrupt, too_large.
Status check(const pb::Article& article);
/// Raised when check() refuses what it took before: what passed an older one is checked
/// again.
inline constexpr int check_version = 1;

/// http, https or mailto, and nothing that a browser could read otherwise.
bool is_safe_link(std::string_view url);

/// True for languages written right to left, by the primary subtag.
bool is_right_to_left(std::string_view language);

/// Seconds since 1970 in the article's zone, as "2026-03-14 09:30"; "" for 0.
std::string format_time(std::int64_t seconds, int zone_minutes);

/// RFC 3339 with the zone, as "2026-03-14T09:30:00+02:00"; "" for 0.
std::string format_timestamp(std::int64_t seconds, int zone_minutes = 0);

}  // namespace colport
