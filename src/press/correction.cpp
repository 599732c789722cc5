#include "press/correction.h"

#include <fmt/format.h>

#include <algorithm>

#include "article/article.h"
#include "core/crypto.h"
#include "core/limits.h"
#include "core/message.h"
#include "feed/files.h"
#include "press/drafts.h"
#include "press/redacted.h"
#include "press/wording.h"

namespace colport {
namespace {

namespace fs = std::filesystem;

/// Of what a source says, to the letter, whichever revision it became.
std::string words_of(pb::Article article) {
    article.clear_revision();
    article.clear_note();
    return sha256(encode_message(article)).hex();
}

/// The same where the site's feed has other marks than its export.
std::string wording_hash(const pb::Article& article) {
    return wording_of(article, TextOrigin::site).words.hex();
}

/// All words that were overruled so far, one hash a line.
std::string overruled_words(const Workshop& workshop, const ArticleId& id) {
    const auto known = read_file(overruled_path(workshop, id), 64 * limits::kib);
    return known ? *known : std::string();
}

Status overrule(const Workshop& workshop, const ArticleId& id, const pb::Article& before) {
    COLPORT_TRY(make_directory(workshop.overruled(), 0700));
    auto known = overruled_words(workshop, id);
    for (const auto& hash : {words_of(before), wording_hash(before)})
        if (known.find(hash) == known.npos) known += hash + "\n";
    return write_file(overruled_path(workshop, id), known, 0600);
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
    if (known.empty()) return false;
    if (known.find(wording_hash(article)) != known.npos) return true;
    return known.find(words_of(std::move(article))) != known.npos;
}

Result<std::size_t> correct_article(const Workshop& workshop, const SignedRecords& state,
                                    const Catalogue& published, const ArticleId& id,
                                    pb::Article corrected, const std::string& note,
                                    std::int64_t now, std::vector<pb::Picture> pictures) {
    if (is_redacted(workshop, id))
        return Error{Errc::denied, "this article was redacted: a correction would bring it back",
                     fmt::format("only if nobody is in danger any more: colport-press redact DIR {} "
                                 "--allow", id.hex())};
    if (COLPORT_TRY(is_retraction_draft(workshop, id)))
        return Error{Errc::invalid, "the next release is to retract this article",
                     fmt::format("to correct it instead: colport-press drafts DIR --drop {}",
                                 id.hex())};
    const auto before =
        COLPORT_TRY(published_article(workshop.feed(), state, published, id));
    const auto refused = COLPORT_TRY(redacted_pictures(workshop));
    const auto left_out = leave_out_pictures(refused, corrected);
    pictures.erase(std::remove_if(pictures.begin(), pictures.end(),
                                  [&](const pb::Picture& picture) {
                                      return refused.contains(sha256(picture.data()));
                                  }),
                   pictures.end());
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
    COLPORT_TRY(overrule(workshop, id, before));
    // Words that wait, or are away to be signed, are the site's as well.
    if (const auto waiting = load_draft(workshop, id); waiting && words_of(*waiting) != words_of(same))
        COLPORT_TRY(overrule(workshop, id, *waiting));
    Imported brought;
    brought.pictures = std::move(pictures);
    COLPORT_TRY(add_drafts(workshop, state.feed, published, std::move(brought)));
    COLPORT_TRY(save_draft(workshop, corrected));
    return left_out;
}

}  // namespace colport
