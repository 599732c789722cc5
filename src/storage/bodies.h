#pragma once

#include <list>
#include <map>
#include <memory>
#include <optional>

#include "feed/bundle.h"
#include "storage/article_text.h"
#include "storage/database.h"

namespace colport {

/// A RecordPlace as it is stored with an article.
std::string encode_place(const RecordPlace& place);

/// Reads articles and pictures from the bundles that the archive names, and
/// keeps the last used ones open. Every bundle is verified with its feed's
/// keyring when it is opened, but for articles whose place was stored when their
/// bundle was imported: for them it is their hash that is verified, which is what
/// searches have the time for. One thread; borrows the database.
class Bodies {
public:
    explicit Bodies(Database& database);
    ~Bodies();
    Bodies(const Bodies&) = delete;
    Bodies& operator=(const Bodies&) = delete;

    /// Errors name the file: corrupt, forged, io (also when it is missing), too_large.
    Result<pb::Article> article(std::int64_t bundle, std::int64_t entry);
    Result<pb::Picture> picture(std::int64_t bundle, std::int64_t entry);
    /// `place` as it is stored; may be empty.
    Result<pb::Article> article(std::int64_t bundle, std::int64_t entry, Bytes place);
    Result<ArticleText> text(std::int64_t bundle, std::int64_t entry, Bytes place);
    /// Can the bundle be opened?
    bool readable(std::int64_t bundle) { return open(bundle).ok(); }

private:
    struct Location;
    struct OpenBundle;
    struct OpenFile;
    template <class Read>
    auto read(std::int64_t bundle, std::int64_t entry, pb::BundleIndex::Kind kind,
              const Read& read) -> decltype(read(std::declval<const OpenBundle&>(), 0));
    Result<const OpenFile*> open_file(std::int64_t bundle);
    Result<const OpenBundle*> open(std::int64_t bundle);
    Result<Location> locate(std::int64_t bundle);
    Result<std::shared_ptr<const Dictionary>> dictionary(const Location& at, const Sha256& hash);
    void make_room();

    Database& database_;
    std::list<OpenBundle> bundles_;  ///< last used first
    std::list<OpenFile> files_;      ///< likewise
    std::list<std::shared_ptr<const Dictionary>> dictionaries_;
    std::optional<Keyring> keyring_;
};

}  // namespace colport
