#pragma once

#include <string>
#include <vector>

#include "article.pb.h"
#include "core/result.h"
#include "press/catalogue.h"
#include "press/import.h"
#include "press/workshop.h"

/// Articles that wait for the next release, one file each in private/drafts.
namespace colport {

/// Where the draft of an article lies, if there is one.
std::filesystem::path draft_path(const Workshop& workshop, const ArticleId& id);

/// Whether the next release would take the article back.
bool is_retraction_draft(const Workshop& workshop, const ArticleId& id);

struct AddReport {
    std::size_t added = 0;       ///< new articles
    std::size_t changed = 0;     ///< new revisions of published ones, or replaced drafts
    std::size_t unchanged = 0;
    std::size_t pictures = 0;
    std::vector<std::string> warnings;
};

/// Puts imported articles among the drafts. What is published already in the
/// same words is left out; changed text becomes the next revision.
/// Errors: io, denied; what was written before stays, and adding again is safe.
Result<AddReport> add_drafts(const Workshop& workshop, const PublicKey& feed,
                             const Catalogue& published, Imported imported);

/// Makes what was added survive a power cut: once a command, since a sync for
/// each of thousands of drafts takes minutes. Errors: io.
Status sync_drafts(const Workshop& workshop);

struct Drafts {
    std::vector<pb::Article> articles;   ///< ascending by time
    std::vector<pb::Picture> pictures;   ///< those that the articles name
    std::vector<std::string> warnings;   ///< for a person, one line each
    std::vector<std::string> missing;    ///< pictures that are neither stored nor published
};

/// Errors: corrupt (names the file), io.
Result<Drafts> load_drafts(const Workshop& workshop, const Catalogue& published);

/// Removes what `published` holds in the same words, and pictures that no
/// remaining draft names.
Status remove_published_drafts(const Workshop& workshop, const Catalogue& published);

}  // namespace colport
