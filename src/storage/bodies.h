#pragma once

#include <list>
#include <map>
#include <memory>
#include <optional>

#include "feed/bundle.h"
#include "storage/database.h"

struct sqlite3_context;
struct sqlite3_value;

namespace colport {

/// What the index holds of an article beside its title.
struct ArticleText {
    std::string body;
    std::string about;  ///< authors, tags and section
};
ArticleText text_of(const pb::Article& article);

/// Reads articles and pictures from the bundles that the archive names, and
/// keeps the last used ones open. Every bundle is verified with its feed's
/// keyring when it is opened. One thread; borrows the database.
class Bodies {
public:
    explicit Bodies(Database& database);
    ~Bodies();
    Bodies(const Bodies&) = delete;
    Bodies& operator=(const Bodies&) = delete;

    /// Makes colport_body and colport_about known to the database. They give ""
    /// for an article that cannot be read: a search must go on. While they are
    /// in use, this object must stay.
    Status install();

    /// Errors name the file: corrupt, forged, io (also when it is missing), too_large.
    Result<pb::Article> article(std::int64_t bundle, std::int64_t entry);
    Result<pb::Picture> picture(std::int64_t bundle, std::int64_t entry);
    Result<ArticleText> text(std::int64_t bundle, std::int64_t entry);
    /// Can the bundle be opened?
    bool readable(std::int64_t bundle) { return open(bundle).ok(); }

    /// The first failure behind a "" that the functions gave since the last call.
    std::optional<Error> take_failure();

private:
    struct Location;
    struct OpenBundle;
    template <std::string ArticleText::*Part>
    static void call(sqlite3_context* context, int count, sqlite3_value** values);
    Result<const OpenBundle*> open(std::int64_t bundle);
    Result<Location> locate(std::int64_t bundle);
    Result<std::shared_ptr<const Dictionary>> dictionary(const Location& at, const Sha256& hash);
    const ArticleText& text_or_empty(std::int64_t bundle, std::int64_t entry);
    void make_room();

    Database& database_;
    std::optional<Statement> locate_;
    std::list<OpenBundle> bundles_;  ///< last used first
    std::list<std::shared_ptr<const Dictionary>> dictionaries_;
    std::optional<Keyring> keyring_;
    struct LastText {
        std::int64_t bundle = 0, entry = -1;
        ArticleText text;
    } last_;
    std::optional<Error> failure_;
};

}  // namespace colport
