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

/// What a release needs to know of a draft before it reads its words.
struct DraftFacts {
    Sha256 sha256;                  ///< of the encoded article, which was good when it came
    std::uint32_t revision = 0;
    bool retracts = false;
    std::int64_t published = 0;
    std::size_t bytes = 0;          ///< of the encoded article
    std::vector<Sha256> pictures;   ///< that it names
};

/// The encoded articles that wait for the next release, in one SQLite file: a file
/// for each cost more processor time than reading the sources did. Each put() or
/// remove() is whole or absent, whenever the process is killed, which takes the last
/// put() as well, up to 64 of them; a power cut may take what came since sync(). One
/// thread; others may have it open as well, and see what is not to be lost any more.
class DraftStore {
public:
    /// In `folder`, where articles that lie there as files, as they once did, are
    /// taken in. Errors: io, denied, corrupt.
    static Result<DraftStore> open(const std::filesystem::path& folder);
    DraftStore(DraftStore&&) = default;
    ~DraftStore();

    Result<std::optional<std::string>> find(const ArticleId& id);
    Result<bool> holds(const ArticleId& id);
    /// `facts` are the article's; those of an article that nobody has looked at are none.
    Status put(const ArticleId& id, Bytes article, const std::optional<DraftFacts>& facts,
               const Wording& wording);
    /// Those that it does not hold are no error. Their wordings stay.
    Status remove(const std::vector<ArticleId>& ids);

    /// Of what was put last or noted, also after it was published and removed.
    Result<std::optional<Wording>> wording(const ArticleId& id);
    /// Nothing: forgets it.
    Status note_wording(const ArticleId& id, const std::optional<Wording>& wording);

    using Visit = std::function<Status(const ArticleId& id, Bytes article)>;
    /// In the order of ids. `visit` must change nothing here. Errors: its own, too.
    Status visit(const Visit& visit);
    using VisitFacts = std::function<Status(const ArticleId& id, std::optional<DraftFacts> facts)>;
    /// The same without reading the articles. No facts: nobody has looked at it.
    Status visit_facts(const VisitFacts& visit);
    /// Of one; nothing as above, or when it holds no such draft.
    Result<std::optional<DraftFacts>> facts(const ArticleId& id);

    /// Makes all of it survive a power cut.
    Status sync();

private:
    explicit DraftStore(Database database) : database_(std::move(database)) {}
    Status prepare();
    /// Makes what was put safe from a kill.
    Status commit();
    Status take_files(const std::filesystem::path& folder);
    Status note_facts(const ArticleId& id, const std::optional<DraftFacts>& facts);

    Database database_;
    int uncommitted_ = 0;   ///< of put()
    std::optional<Statement> find_, holds_, put_, remove_;
    std::optional<Statement> facts_, note_facts_, forget_facts_;
    std::optional<Statement> wording_, note_, forget_;
};

}  // namespace colport
