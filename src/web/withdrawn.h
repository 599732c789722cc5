#pragma once

#include "web/context.h"

/// What is said of an article whose key has been in other hands (SPEC section 5).
namespace colport::web {

/// A paragraph; empty where the key was not withdrawn.
std::string withdrawn_html(const StoredArticle& stored);
/// The same as plain text, with a blank line behind it.
std::string withdrawn_text(const StoredArticle& stored);
/// For readers that show nothing beside an article: it begins with those words.
pb::Article marked(StoredArticle stored);

}  // namespace colport::web
