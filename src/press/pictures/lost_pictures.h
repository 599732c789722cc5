#pragma once

#include <cstddef>

#include "article.pb.h"

namespace colport {

/// Whether `now` is `before` but for pictures that it has no more. A figure without
/// words goes with its picture, as does a lead; of these `may_vanish` may be missing, for
/// more than that somebody took off. Revision and note do not count.
bool only_loses_pictures(const pb::Article& now, const pb::Article& before,
                         std::size_t may_vanish);

}  // namespace colport
