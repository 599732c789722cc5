#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "article.pb.h"
#include "core/result.h"
#include "press/catalogue.h"
#include "press/workshop.h"

namespace colport {

/// Puts a corrected text of a published article among the drafts: its next revision,
/// with `note` for its readers. What `corrected` leaves open (title, authors, tags,
/// time, address and the like) stays as it was published. The words that are replaced
/// are remembered, so that adding the site's uncorrected feed again does not undo it.
/// `pictures` are those that it brings; what was redacted with another article is left out,
/// and how many pictures that were is returned. A retracted article is brought back.
/// Precondition: the workshop is locked. Errors: not_found (not published), invalid (the
/// same words, a retraction waits), denied (redacted), corrupt, io.
Result<std::size_t> correct_article(const Workshop& workshop, const SignedRecords& state,
                                    const Catalogue& published, const ArticleId& id,
                                    pb::Article corrected, const std::string& note,
                                    std::int64_t now, std::vector<pb::Picture> pictures = {});

/// Where they are remembered.
std::filesystem::path overruled_path(const Workshop& workshop, const ArticleId& id);

/// Whether these are words that a correction has replaced, as they were published or as
/// they come typeset another way.
bool is_overruled(const Workshop& workshop, const ArticleId& id, pb::Article article);

}  // namespace colport
