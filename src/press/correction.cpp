#include "press/correction.h"

#include <fmt/format.h>

#include "article/article.h"
#include "core/crypto.h"
#include "core/limits.h"
#include "core/message.h"
#include "feed/files.h"
#include "press/drafts.h"
#include "press/redacted.h"

namespace colport {
namespace {

namespace fs = std::filesystem;

/// Of what a source says, whichever revision it became.
std::string words_of(pb::Article article) {
    article.clear_revision();
    article.clear_note();
    return sha256(encode_message(article)).hex();
}

/// All words that were overruled so far, one hash a line.
std::string overruled_words(const Workshop& workshop, const ArticleId& id) {
    const auto known = read_file(overruled_path(workshop, id), 64 * limits::kib);
    return known ? *known : std::string();
}

void keep_facts(const pb::Article& before, pb::Article& article) {
    if (article.title().empty()) article.set_title(before.title());
    if (article.language().empty()) article.set_language(before.language());
    if (article.authors().empty()) *article.mutable_authors() = before.authors();
    if (article.tags().empty()) *article.mutable_tags() = before.tags();
    if (article.section().empty()) article.set_section(before.section());
    if (article.url().empty()) article.set_url(before.url());
    if (before.published() == 0) return;
    // A correction is not news: it keeps its place in time.
    article.set_published(before.published());
    article.set_zone(before.zone());
}

}  // namespace

fs::path overruled_path(const Workshop& workshop, const ArticleId& id) {
    return workshop.overruled() / (id.hex() + ".sha256");
}

bool is_overruled(const Workshop& workshop, const ArticleId& id, pb::Article article) {
    const auto known = overruled_words(workshop, id);
    return !known.empty() && known.find(words_of(std::move(article))) != known.npos;
}

Status correct_article(const Workshop& workshop, const SignedRecords& state,
                       const Catalogue& published, const ArticleId& id, pb::Article corrected,
                       const std::string& note, std::int64_t now) {
    if (is_redacted(workshop, id))
        return Error{Errc::denied, "this article was redacted: a correction would bring it back",
                     fmt::format("only if nobody is in danger any more: colport-press redact DIR {} "
                                 "--allow", id.hex())};
    const auto before =
        COLPORT_TRY(published_article(workshop.feed(), state, published, id));
    corrected.set_id(id.str());
    keep_facts(before, corrected);
    corrected.set_revision(before.revision() + 1);
    if (corrected.published() < now) corrected.set_updated(now);
    auto same = corrected;
    same.set_updated(before.updated());
    if (words_of(same) == words_of(before))
        return Error{Errc::invalid, "these are the words that are published already"};
    corrected.set_note(note);
    if (auto good = check(corrected); !good)
        return Error{Errc::invalid, "the correction cannot be published: " + good.error().message};
    COLPORT_TRY(make_directory(workshop.overruled(), 0700));
    auto known = overruled_words(workshop, id);
    if (const auto words = words_of(before); known.find(words) == known.npos) {
        known += words + "\n";
        COLPORT_TRY(write_file(overruled_path(workshop, id), known, 0600));
    }
    return save_draft(workshop, corrected);
}

}  // namespace colport
