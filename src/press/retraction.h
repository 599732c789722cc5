#pragma once

#include <string>

#include "core/result.h"
#include "press/catalogue.h"
#include "press/workshop.h"

namespace colport {

enum class Retracted { published, draft, already };

/// Takes an article back: the next release retracts one that is published, with
/// `reason` for its readers; one that is only a draft is dropped. What is
/// retracted already stays so. A release that was prepared with a draft of it can be
/// finished no more (press/prepared.h). Precondition: the workshop is locked.
/// Errors: not_found (neither published nor a draft), invalid (reason), denied (redacted),
/// io.
Result<Retracted> retract_article(const Workshop& workshop, const Catalogue& published,
                                  const ArticleId& id, const std::string& reason);

}  // namespace colport
