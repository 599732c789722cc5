#include "press/retraction.h"

#include "article/article.h"
#include "core/message.h"
#include "feed/files.h"
#include "press/drafts.h"

namespace colport {

Result<Retracted> retract_article(const Workshop& workshop, const Catalogue& published,
                                  const ArticleId& id, const std::string& reason) {
    const auto draft = draft_path(workshop, id);
    std::error_code failed;
    const bool had_draft = std::filesystem::exists(draft, failed);
    const auto known = published.articles.find(id);
    if (known == published.articles.end()) {
        if (!had_draft)
            return Error{Errc::not_found, "no article with the id " + id.hex()};
        std::filesystem::remove(draft, failed);
        if (failed)
            return Error{Errc::io, "cannot remove " + draft.string() + ": " + failed.message()};
        return Retracted::draft;
    }
    if (known->second.retracted) {
        // A draft would bring it back.
        if (had_draft) std::filesystem::remove(draft, failed);
        return Retracted::already;
    }
    pb::Article article;
    article.set_id(id.str());
    article.set_revision(known->second.revision + 1);
    article.set_status(pb::Article::RETRACTED);
    article.set_note(reason);
    if (auto good = check(article); !good)
        return Error{Errc::invalid, "the reason cannot be published: " + good.error().message};
    COLPORT_TRY(write_file(draft, encode_message(article), 0600));
    return Retracted::published;
}

}  // namespace colport
