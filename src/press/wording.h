#pragma once

#include "article.pb.h"
#include "core/crypto.h"

namespace colport {

/// A hash of what an article says, the same for texts that differ in typography
/// alone: a site's feed has curled quotes and long dashes where its export has
/// `"` and `--`. Revision and note do not count. Precondition: it passes check().
Sha256 wording_of(pb::Article article);

}  // namespace colport
