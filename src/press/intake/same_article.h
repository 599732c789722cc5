#pragma once

#include <string>

#include "article.pb.h"

namespace colport {

/// All that an article's blocks say.
std::string article_text(const pb::Article& article);

/// Whether two that have one name could be one article, whole and shortened: one
/// title is part of the other, or the longer text holds how the shorter begins.
bool are_one(const pb::Article& one, const pb::Article& other);

}  // namespace colport
