#include "press/redacted.h"

#include <fmt/format.h>

#include <algorithm>

#include "feed/files.h"
#include "press/correction.h"
#include "press/draft_store.h"
#include "press/drafts.h"

namespace colport {
namespace {

namespace fs = std::filesystem;

fs::path note_path(const Workshop& workshop, const ArticleId& id) {
    return workshop.redacted() / (id.hex() + ".txt");
}

}  // namespace

bool is_redacted(const Workshop& workshop, const ArticleId& id) {
    std::error_code ignored;
    return fs::exists(note_path(workshop, id), ignored);
}

std::vector<ArticleId> redacted_articles(const Workshop& workshop) {
    std::vector<ArticleId> out;
    std::error_code error;
    for (fs::directory_iterator at(workshop.redacted(), error), end; !error && at != end;
         at.increment(error))
        if (const auto id = ArticleId::from_hex_text(at->path().stem().string()))
            out.push_back(*id);
    std::sort(out.begin(), out.end());
    return out;
}

Status forget_article(const Workshop& workshop, const RedactedArticle& article) {
    COLPORT_TRY(make_directory(workshop.redacted(), 0700));
    COLPORT_TRY(write_file(note_path(workshop, article.id),
                           fmt::format("{}\n{}\n", article.time, article.reason), 0600));
    auto& store = *COLPORT_TRY(workshop.draft_store());
    COLPORT_TRY(store.remove({article.id}));
    COLPORT_TRY(store.note_wording(article.id, {}));
    for (const auto& picture : article.pictures)
        COLPORT_TRY(remove_path(picture_path(workshop, picture)));
    COLPORT_TRY(remove_path(overruled_path(workshop, article.id)));
    COLPORT_TRY(remove_path(workshop.web()));
    COLPORT_TRY(remove_path(workshop.secrets() / "prepared-release"));
    return sync_drafts(workshop);
}

Status allow_again(const Workshop& workshop, const ArticleId& id) {
    if (!is_redacted(workshop, id))
        return Error{Errc::not_found, "no article with the id " + id.hex() + " was redacted"};
    return remove_path(note_path(workshop, id));
}

}  // namespace colport
