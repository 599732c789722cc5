#pragma once

#include <cstdint>
#include <set>
#include <string>
#include <vector>

#include "article.pb.h"
#include "core/bytes.h"
#include "core/result.h"
#include "press/workshop.h"

/// Articles that were redacted: no source may bring them back by itself.
namespace colport {

struct RedactedArticle {
    ArticleId id;
    std::int64_t time = 0;         ///< seconds since 1970
    std::string reason;            ///< what readers see in its place; may be empty
    std::set<Sha256> pictures;     ///< that went with it
};

[[nodiscard]] bool is_redacted(const Workshop& workshop, const ArticleId& id);
/// In the order of ids.
std::vector<ArticleId> redacted_articles(const Workshop& workshop);
/// That went with them. Errors: corrupt (a note), io.
Result<std::set<Sha256>> redacted_pictures(const Workshop& workshop);

/// Takes pictures of `refused` out of an article, as if they could not be found. How many.
std::size_t leave_out_pictures(const std::set<Sha256>& refused, pb::Article& article);

/// As private/ keeps it, in JSON.
std::string encode_redacted(const RedactedArticle& article);
/// Errors: corrupt.
Result<RedactedArticle> decode_redacted(const std::string& note);

/// Notes that it was redacted, in a file of private/redacted, and removes what private/
/// holds of its words: its draft, its pictures, hashes of words that a correction replaced,
/// all fetched pages, what was prepared for a signature. What the newsroom's site and
/// its exports hold is not ours. Again is safe. Errors: io, denied.
Status forget_article(const Workshop& workshop, const RedactedArticle& article);

/// Its sources may bring it again. Errors: not_found (it was not redacted), io.
Status allow_again(const Workshop& workshop, const ArticleId& id);

}  // namespace colport
