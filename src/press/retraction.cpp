#include "press/retraction.h"

#include "article/article.h"
#include "press/draft_store.h"
#include "press/drafts.h"
#include "press/prepared.h"
#include "press/redacted.h"

namespace colport {

Result<Retracted> retract_article(const Workshop& workshop, const Catalogue& published,
                                  const ArticleId& id, const std::string& reason) {
    auto& store = *COLPORT_TRY(workshop.draft_store());
    if (is_redacted(workshop, id))
        return Error{Errc::denied,
                     "this article was redacted: a retraction would tell readers of it",
                     "where its redaction waits for a signature: colport-press release DIR --finish "
                     "FILE, or redact it again"};
    const bool had_draft = COLPORT_TRY(store.holds(id));
    const auto known = published.articles.find(id);
    if (known == published.articles.end()) {
        if (!had_draft)
            return Error{Errc::not_found, "no article with the id " + id.hex()};
        COLPORT_TRY(void_prepared_release(workshop, {id}));
        COLPORT_TRY(store.remove({id}));
        return Retracted::draft;
    }
    if (known->second.retracted) {
        // A draft would bring it back.
        COLPORT_TRY(void_prepared_release(workshop, {id}));
        COLPORT_TRY(store.remove({id}));
        return Retracted::already;
    }
    pb::Article article;
    article.set_id(id.str());
    article.set_revision(known->second.revision + 1);
    article.set_status(pb::Article::RETRACTED);
    article.set_note(reason);
    if (auto good = check(article); !good)
        return Error{Errc::invalid, "the reason cannot be published: " + good.error().message};
    COLPORT_TRY(void_prepared_release(workshop, {id}));
    COLPORT_TRY(save_draft(workshop, article));
    return Retracted::published;
}

}  // namespace colport
