#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "press/catalogue.h"
#include "press/redacted.h"
#include "press/signing/byte_runs.h"
#include "press/signing/next_release.h"
#include "press/signing/release.h"
#include "press/workshop.h"

/// Makes an article vanish from every follower's disk (SPEC "Redaction"): files that
/// hold it are made anew without it, and a release puts them in the place of the old.
namespace colport {

struct RedactionOptions {
    std::string reason;              ///< a retraction with it takes the article's place; empty: nothing does
    int level = default_level;       ///< of compression
    bool keep_dictionary = false;    ///< although it holds words of the article's own
};

/// What a redaction is about to do, or did.
struct RedactionReport {
    RedactedArticle article;
    std::string title;               ///< of the newest revision; may be empty
    bool draft = false;              ///< one was dropped
    std::size_t revisions = 0;       ///< that vanish; 0: it was never published
    std::size_t pictures = 0;        ///< likewise
    /// Pictures of it that stay, because these articles show them too.
    std::size_t pictures_kept = 0;
    std::set<ArticleId> shown_by;
    std::size_t files = 0;           ///< made anew; each follower fetches them
    std::uint64_t bytes_before = 0;  ///< of the files that they replace
    std::size_t volumes = 0;         ///< that those lie in
    bool dictionary = false;         ///< one held its words and is made anew, with all that need it
    bool dictionary_kept = false;    ///< one holds its words and stays, as was asked for
    std::uint64_t bytes = 0;         ///< of the new files, once made
    std::uint64_t seq = 0;           ///< of the release, once made
};

/// One redaction, which holds the workshop's lock from open() on.
class Redaction {
public:
    /// Finds all that the article stands in. Errors: not_found (no such article, nor
    /// draft), invalid (the reason cannot be published), and those of the feed directory.
    static Result<Redaction> open(const Workshop& workshop, const ArticleId& id,
                                  RedactionOptions options, std::int64_t now);

    [[nodiscard]] const RedactionReport& report() const noexcept { return report_; }
    /// Does anything that is published hold it? A draft's words may stand in a dictionary.
    [[nodiscard]] bool needs_release() const noexcept { return report_.files != 0; }

    /// Drops what nothing published holds. Errors: io, denied.
    Status drop_draft();
    /// Makes the files anew and publishes them. Killed, it is undone, or ended by the
    /// next command. Precondition: needs_release(). Errors: denied (the key), too_large,
    /// io, those of the feed directory.
    Status publish(const SigningKey& key, const ReleaseProgress& progress = {});
    /// The same as a request for a key on another machine, which finish_request() ends.
    /// What private/ holds of the article goes at once. The request holds the article.
    /// Errors: as above.
    Result<std::string> prepare(const ReleaseProgress& progress = {});

private:
    using Place = std::pair<std::uint32_t, std::string>;   ///< volume and name of a file
    struct Old {
        FileKind kind;
        std::uint64_t size = 0;
        std::optional<Sha256> dictionary;   ///< that a bundle names
    };
    /// Takes what is put in the place of a file: nothing, where that goes.
    using Take = std::function<Status(const Place& place, FileKind kind, const std::string& name,
                                      std::string content)>;

    Redaction(const Workshop& workshop, PressLock lock, SignedRecords state,
              RedactionOptions options, std::int64_t now)
        : workshop_(workshop), lock_(std::move(lock)), state_(std::move(state)),
          options_(std::move(options)), now_(now) {}
    Status find_article();
    Status find_draft();
    Status find_dictionaries();
    Status find_others();
    Status find_pictures();
    void find_users_of_dictionaries();
    void count();
    [[nodiscard]] pb::Article retraction() const;
    [[nodiscard]] Result<NextRelease> next_release() const;
    Status make_files(NextRelease& next, const SigningKey* key, const Take& take,
                      const ReleaseProgress& progress);
    Status make_dictionary();
    Result<std::string> without_article(const Place& place, const Old& old,
                                        const BundleInfo& info, const SigningKey* key);
    Result<std::string> without_pictures(const Place& place, const BundleInfo& info,
                                         const SigningKey* key);

    Workshop workshop_;
    PressLock lock_;
    SignedRecords state_;
    RedactionOptions options_;
    std::int64_t now_;
    RedactionReport report_;
    std::uint32_t newest_revision_ = 0;
    std::map<ArticleId, std::uint32_t> newest_of_others_;
    std::uint64_t text_of_others_ = 0;
    std::size_t others_ = 0;                 ///< of all revisions
    ByteRuns own_;                           ///< of the article's records; then of them alone
    std::set<Sha256> named_;                 ///< pictures of any of its revisions
    std::map<std::uint32_t, InfoDictionary> volumes_;
    std::map<Place, Old> bundles_;           ///< all of articles
    std::map<Place, Old> affected_;
    std::map<Sha256, std::shared_ptr<const Dictionary>> dictionaries_;
    std::set<Sha256> spoiled_;               ///< of these, those that hold words of its own
    std::string fresh_file_;
    std::shared_ptr<const Dictionary> fresh_;   ///< in their place; null: none
};

}  // namespace colport
