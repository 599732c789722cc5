#pragma once

#include "query/suggestion.h"
#include "web/context.h"

namespace colport::web {

/// What the reader may have meant by a search that found next to nothing: another
/// one that finds more, in no more than some 20 ms. Its words are the index's own,
/// so that nothing of a retracted article is in it. Errors: the archive's.
Result<std::optional<Suggestion>> did_you_mean(const Context& context, const Query& query,
                                               const Page& found);

}  // namespace colport::web
