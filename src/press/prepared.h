#pragma once

#include <string>
#include <vector>

#include "core/bytes.h"
#include "core/result.h"
#include "press/workshop.h"

/// What this side remembers of a release that waits for its signature elsewhere: a note in
/// private/, without which no answer is taken. One is under way at most. Its lines are the
/// request's fingerprint, then the ids of the drafts that are in it, or "none".
namespace colport {

/// In the place of what was noted before. Errors: io, denied.
Status note_prepared_release(const Workshop& workshop, const std::string& fingerprint,
                             const std::vector<ArticleId>& drafts);

[[nodiscard]] bool is_release_prepared(const Workshop& workshop);
/// Is that the one under way?
[[nodiscard]] bool is_prepared_release(const Workshop& workshop, const std::string& fingerprint);

/// Whoever takes a draft back does not want it published by a request that holds it: that
/// is forgotten, for good once this returns, so call it before the draft goes. A request
/// that holds none of `ids` stays. Errors: io.
Status void_prepared_release(const Workshop& workshop, const std::vector<ArticleId>& ids);

}  // namespace colport
