#pragma once

#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "core/bytes.h"
#include "core/result.h"
#include "press/wording.h"
#include "storage/database.h"

namespace colport {

/// What a release needs to know of a draft, noted when it was checked.
struct DraftFacts {
    Sha256 sha256;                  ///< of the encoded article
    std::uint32_t revision = 0;
    bool retracts = false;
    std::int64_t published = 0;
    std::size_t bytes = 0;          ///< of the encoded article
    std::vector<Sha256> pictures;   ///< that it names
};

/// One of the drafts, while it is visited.
class StoredDraft {
public:
    ArticleId id;
    Bytes article;   ///< encoded
    /// Nothing: nobody has checked the article that stands there, in the way that is checked
    /// now. Hashes it.
    [[nodiscard]] std::optional<DraftFacts> facts() const;

private:
    friend class DraftStore;
    StoredDraft(const ArticleId& of, const Statement& row);
    const Statement& row_;
};

/// The encoded articles that wait for the next release, in one SQLite file: a file
/// for each cost more processor time than reading the sources did. Each put() or
/// remove() is whole or absent, whenever the process is killed, which takes the last
/// put() as well, up to 64 of them, and so does a put() that fails; a power cut may take
/// what came since sync(). One thread; others may have it open as well, and see what is
/// not to be lost any more. They may be of another version and note no facts, or none of
/// what they put over what this one noted.
class DraftStore {
public:
    /// In `folder`, where articles that lie there as files, as they once did, are
    /// taken in. Errors: io, denied, corrupt.
    static Result<DraftStore> open(const std::filesystem::path& folder);
    DraftStore(DraftStore&&) = default;
    ~DraftStore();

    Result<std::optional<std::string>> find(const ArticleId& id);
    Result<bool> holds(const ArticleId& id);
    /// `facts` are the article's; those of an article that nobody has checked are none, and
    /// so is the wording of one of which nothing is to be said.
    Status put(const ArticleId& id, Bytes article, const std::optional<DraftFacts>& facts,
               const std::optional<Wording>& wording);
    /// Those that it does not hold are no error. Their wordings stay. What is removed is
    /// overwritten, or leaves the file.
    Status remove(const std::vector<ArticleId>& ids);

    /// Of what was put last or noted, also after it was published and removed.
    Result<std::optional<Wording>> wording(const ArticleId& id);
    /// Nothing: forgets it.
    Status note_wording(const ArticleId& id, const std::optional<Wording>& wording);

    using Visit = std::function<Status(const StoredDraft& draft)>;
    /// In the order of ids. `visit` must change nothing here. Errors: its own, too.
    Status visit(const Visit& visit);

    /// Makes all of it survive a power cut.
    Status sync();

private:
    explicit DraftStore(Database database) : database_(std::move(database)) {}
    Status lay_out();
    Status prepare();
    Status write(const ArticleId& id, Bytes article, const std::optional<DraftFacts>& facts,
                 const std::optional<Wording>& wording);
    /// Makes what was put safe from a kill.
    Status commit();
    Status take_files(const std::filesystem::path& folder);
    Result<bool> are_all(const std::vector<ArticleId>& ids);
    Status remove_all();
    Status note_facts(const ArticleId& id, const std::optional<DraftFacts>& facts);

    Database database_;
    int uncommitted_ = 0;   ///< of put()
    std::optional<Statement> find_, holds_, put_, remove_;
    std::optional<Statement> note_facts_, forget_facts_;
    std::optional<Statement> wording_, note_, forget_;
};

}  // namespace colport
