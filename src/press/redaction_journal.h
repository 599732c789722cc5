#pragma once

#include <optional>

#include "feed/directory.h"
#include "press/redacted.h"
#include "press/workshop.h"

/// How a redaction, which changes many files that readers have, comes into force as a
/// whole or not at all: its files are laid ready in private/redaction, in the layout of
/// the feed directory. When the last of them lies there, the folder gets its name, and
/// from then on whoever locks the workshop next ends what a kill broke off.
namespace colport {

/// An empty folder for it. Precondition: the workshop is locked, as for all of this.
/// Errors: io, denied.
Result<FeedDirectory> begin_redaction(const Workshop& workshop);

/// Puts in force what lies in the folder, with the head last, removes files that no
/// release lists any more, and then forgets the article, where it is named.
/// Errors: io, denied; it is then due at the next lock.
Status finish_redaction(const Workshop& workshop, const std::optional<RedactedArticle>& article);

[[nodiscard]] bool is_redaction_due(const Workshop& workshop);
/// Does what is due, and sweeps away what never became whole. lock_workshop() calls it.
Status resume_redaction(const Workshop& workshop);

}  // namespace colport
