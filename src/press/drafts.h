#pragma once

#include <set>
#include <string>
#include <vector>

#include "article.pb.h"
#include "core/result.h"
#include "feed/bundle.h"
#include "press/catalogue.h"
#include "press/draft_store.h"
#include "press/import.h"
#include "press/workshop.h"

/// Articles that wait for the next release (press/draft_store.h), and their pictures,
/// a file each in private/pictures.
namespace colport {

/// Whether the next release would take the article back.
Result<bool> is_retraction_draft(const Workshop& workshop, const ArticleId& id);

struct AddReport {
    std::size_t added = 0;       ///< new articles
    std::size_t changed = 0;     ///< new revisions of published ones, or replaced drafts
    std::size_t unchanged = 0;
    std::size_t pictures = 0;
    std::size_t pictures_stay = 0;   ///< articles, of the unchanged, whose pictures could not be had
    std::vector<std::string> warnings;
};

/// Puts imported articles among the drafts. What is published already in the
/// same words is left out, and so is what was redacted, and what lacks nothing but pictures
/// that could not be had; changed text becomes the next revision.
/// Errors: io, denied; what was written before stays, but for the last few, and adding
/// again is safe.
Result<AddReport> add_drafts(const Workshop& workshop, const PublicKey& feed,
                             const Catalogue& published, Imported imported);

/// Makes what was added survive a power cut: once a command, since a sync for
/// each of thousands of pictures takes minutes. Errors: io.
Status sync_drafts(const Workshop& workshop);

/// What a person wants to know of a draft: thousands of them fit in memory.
struct DraftEntry {
    ArticleId id;
    std::uint32_t revision = 0;
    bool retracts = false;
    std::string title;
    std::string language;
    std::int64_t published = 0;
    std::int32_t zone = 0;
    std::size_t bytes = 0;               ///< as it will be compressed
    std::vector<std::string> warnings;   ///< what a reader would miss; a few words each
};

struct DraftPicture {
    Sha256 id;
    std::uint64_t bytes = 0;
};

struct Drafts {
    std::vector<DraftEntry> articles;    ///< ascending by time, then id
    std::vector<DraftPicture> pictures;  ///< those that the articles name and nobody has yet
    std::vector<std::string> missing;    ///< pictures that are neither stored nor published, a line each

    [[nodiscard]] bool empty() const { return articles.empty() && pictures.empty(); }
};

/// Reads one draft at a time. Errors: corrupt, io.
Result<Drafts> list_drafts(const Workshop& workshop, const Catalogue& published);

/// The drafts as a release takes them.
struct Waiting {
    struct Article {
        ArticleId id;
        DraftFacts facts;
    };
    std::vector<Article> articles;       ///< ascending by time, then id
    std::vector<DraftPicture> pictures;  ///< as in Drafts
    std::vector<std::string> missing;

    [[nodiscard]] bool empty() const { return articles.empty() && pictures.empty(); }
};

/// Parses no article whose facts are known. Errors: corrupt, io.
Result<Waiting> list_waiting(const Workshop& workshop, const Catalogue& published);

/// A draft as a bundle takes it. Proof that it is good is that it is still what it was
/// when it came; else all of it is checked. Errors: not_found, corrupt, io.
Result<ArticleMessage> load_message(const Workshop& workshop, const Waiting::Article& draft);

/// Errors: not_found, corrupt, io.
Result<pb::Article> load_draft(const Workshop& workshop, const ArticleId& id);
Result<pb::Picture> load_draft_picture(const Workshop& workshop, const Sha256& id);

/// Where a picture waits for the next release.
std::filesystem::path picture_path(const Workshop& workshop, const Sha256& id);

/// The pictures that an article names.
std::set<Sha256> pictures_of(const pb::Article& article);

/// Puts an article that passes check() in the place of its draft. Errors: io, denied.
Status save_draft(const Workshop& workshop, const pb::Article& article);

/// The ids of all drafts, ascending, damaged ones among them. Errors: io.
Result<std::vector<ArticleId>> draft_ids(const Workshop& workshop);

/// A release that was prepared with it can be finished no more (press/prepared.h).
/// Errors: not_found, io.
Status drop_draft(const Workshop& workshop, const ArticleId& id);

/// Removes what `published` holds in the same words, and pictures that no remaining draft
/// names: all stay while a draft is damaged. A draft of a revision that was published in
/// other words meanwhile becomes the next: with its number readers would not take it.
/// Errors: io.
Status remove_published_drafts(const Workshop& workshop, const Catalogue& published);

}  // namespace colport
