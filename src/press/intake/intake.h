#pragma once

#include <filesystem>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "press/drafts.h"
#include "press/intake/fetch_page.h"
#include "press/intake/full_text.h"
#include "press/intake/ledger.h"
#include "press/intake/sources.h"
#include "press/intake/web_pages.h"
#include "press/sandbox/sandbox.h"

namespace colport {

struct IntakeOptions {
    ImportOptions import;                      ///< format, base_url, language and now of every source
    std::vector<std::filesystem::path> media;  ///< copies of the site's media library
    bool full_text = false;                    ///< each item's page instead of its teaser
    std::filesystem::path pages;               ///< folder of saved pages for full_text; empty: the web
    bool whole = false;                        ///< every source holds all that there is
    bool retract_missing = false;              ///< take back what is gone from a whole source
    bool restore = false;                      ///< bring back what was retracted
    FetchPage fetch;                           ///< null: nothing is fetched
    bool incomplete = false;                   ///< articles do not wait for pictures that may come yet
    HasTime has_time;                          ///< for another request; null: always
    std::vector<std::string> hosts;            ///< whose pages may be fetched beside the sources'
};

struct IntakeReport : AddReport {
    std::vector<std::string> missing;          ///< names of what is gone from a whole source
    std::size_t retracted = 0;                 ///< of these, taken back
    std::size_t waiting = 0;                   ///< articles that wait for pictures or their page
};

/// One run of `add`: sources become drafts, under ids that stay.
///
/// A folder, a WordPress export and, with `whole`, any source is known to hold all
/// that there is; what one held before and holds no more is reported, unless it
/// could not be read to its end. Of one article that a folder holds as a page and as a
/// feed's item the longer text is taken; else what comes later is its correction, which
/// may be shorter for a reason. Precondition: the workshop is locked while this
/// lives. One thread.
class Intake {
public:
    /// `published` must outlive it. Errors: corrupt, io (the ledger).
    static Result<Intake> open(const Workshop& workshop, const PublicKey& feed,
                               const Catalogue& published, IntakeOptions options);

    using Tell = std::function<void(std::size_t done, std::size_t total)>;

    /// A file, a folder or a web address. In a folder a file that cannot be read
    /// costs a warning. Errors: those of reading it; io, denied.
    Status add(const std::string& argument, const Tell& tell);

    /// Reports what is gone and makes all of it survive a power cut.
    Result<IntakeReport> finish();
    /// Keeps what was added before an error.
    Status save();

private:
    struct Origin {
        std::set<ArticleId> held;
        bool whole = false;
        bool complete = true;
    };
    Intake(const Workshop& workshop, const PublicKey& feed, const Catalogue& published,
           IntakeOptions options, Ledger ledger);

    ImportPage reader();
    Status add_argument(const std::string& argument, const Tell& tell);
    Status add_folder(const SourceList& list, const Tell& tell);
    Status add_file(const Source& source, const std::string& folder_origin, bool is_of_site);
    Status add_address(const std::string& url);
    /// Articles of a source that wait for the next time, for want of their page.
    struct Postponed {
        std::size_t count = 0;
        std::string why;
    };
    /// How one source is read.
    using Read = std::function<Result<Imported>(const ImportOptions&)>;
    Status add_source(const Read& read, ImportOptions options, const std::string& origin,
                      bool is_folder);
    /// What this run has taken under an id: a teaser that comes later does not replace it.
    struct Taken {
        std::size_t letters = 0;    ///< bytes of text
        std::size_t argument = 0;   ///< the number of the one that it came by
        bool of_feed = false;
        enum { unchanged, changed, added } as = unchanged;
        bool is_counted = false;
    };
    /// Whether what was taken stays: the other is a teaser, or of a folder's page and
    /// feed the shorter.
    static bool outweighs(const Taken& taken, const Taken& other);
    /// Tells when the two are not one article at all.
    Status compare(const ArticleId& id, const pb::Article& other);
    Status store(ImportedArticle item, Taken& taken);
    /// What came of the pictures that were asked for since the last article.
    struct PictureTrouble {
        std::string waits;                 ///< why one may come yet; empty: none may
        std::set<std::string> missed;      ///< as they are written
        bool refused = false;              ///< one lies on a host that may not be asked
        bool gone = false;                 ///< one is not there any more, says its server
        std::vector<std::string> asked;    ///< addresses
    };
    Status take(ImportedArticle item, std::vector<ArticleId>& found, Postponed& postponed);
    Status take(pb::Picture picture);
    /// Puts an article's own page in its place. False: the page cannot be had now.
    Result<bool> complete(ImportedArticle& item, const ImportOptions& options, Postponed& postponed);
    [[nodiscard]] Result<bool> is_retracted(const ArticleId& id) const;
    Status forget_redacted();
    Status settle_missing(const std::string& origin, const Origin& facts);
    /// Notes in trouble_ what comes of it.
    std::optional<std::string> fetch_picture(const std::string& source, const std::string& base);
    [[nodiscard]] Result<bool> is_known(const ArticleId& id) const;
    Status find_withdrawn();
    /// The article that was taken back from the address where a new one is found now: a
    /// site that moved gives its articles new names.
    using Withdrawn = std::map<std::string, ArticleId>;   ///< by address
    [[nodiscard]] Result<std::optional<ArticleId>> withdrawn_at(const Withdrawn& withdrawn,
                                                                const ArticleId& id,
                                                                const std::string& url) const;

    Workshop workshop_;
    PublicKey feed_;
    const Catalogue& published_;
    IntakeOptions options_;
    Ledger ledger_;
    WebPages web_;
    std::optional<SavedPages> pages_;
    std::map<std::string, Origin> origins_;
    std::map<ArticleId, Taken> taken_;
    std::size_t arguments_ = 0;
    std::set<std::string> refused_hosts_;
    std::set<Sha256> refused_pictures_;   ///< of redacted articles
    Withdrawn redacted_at_, retracted_at_;
    PictureTrouble trouble_;
    bool failed_ = false;         ///< a source was: what it holds may be what another seems to miss
    std::size_t no_articles_ = 0; ///< files of the folder that is being read
    std::size_t teasers_ = 0;     ///< texts left out for longer ones
    bool forgets_ = false;        ///< something that was redacted came again, with its pictures
    std::size_t retracted_ = 0;   ///< articles left out for that
    std::size_t redacted_ = 0;    ///< likewise
    std::size_t since_saved_ = 0; ///< articles whose names may not be on disk
    std::unique_ptr<Sandbox> sandbox_ = std::make_unique<Sandbox>();
    /// Reads an article's page while the other is in the midst of its source.
    std::unique_ptr<Sandbox> page_sandbox_ = std::make_unique<Sandbox>();
    IntakeReport report_;
};

}  // namespace colport
