#pragma once

#include <cstdint>

#include "article.pb.h"

namespace colport::web {

/// At a calm pace, rounded up; 0 for an article without text. Scripts without
/// spaces are counted by characters.
std::uint64_t minutes_to_read(const pb::Article& article);

}  // namespace colport::web
