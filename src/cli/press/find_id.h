#pragma once

#include <string>
#include <vector>

#include "core/bytes.h"
#include "core/result.h"

namespace colport::cli {

/// The one id of `ids`, ascending, that begins as typed; `what` is the kind of thing
/// that has it. Errors: not_found, invalid (no id, or several begin so).
Result<ArticleId> find_id(const std::vector<ArticleId>& ids, const std::string& typed,
                          const char* what);

}  // namespace colport::cli
