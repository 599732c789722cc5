#pragma once

#include <filesystem>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "core/bytes.h"
#include "core/result.h"
#include "press/urls.h"

namespace colport {

/// The names that each article came under, so that a page, a feed and an export
/// that tell of one article mean one article; and the sources that it came from,
/// so that what is gone from one is noticed. The file is private/names.jsonl, an
/// object a line; what later lines say of an article adds to the earlier. Without it
/// no article is lost, but one that came under two names may be published twice.
class Ledger {
public:
    /// An absent file is an empty ledger; a last line that was cut off is left out.
    /// Errors: corrupt (names the line), io.
    static Result<Ledger> load(const std::filesystem::path& path);
    /// Adds what changed since, in time that does not grow with the file; writes it
    /// whole when half of it is out of date. Errors: io, denied.
    Status save(const std::filesystem::path& path);

    /// The id of what a source calls `guid` and finds at `url`, which may be empty.
    /// An article that is known under either name alone is the same one; two that
    /// have different names of their own are two, even at one address.
    ArticleId id_of(const PublicKey& feed, const std::string& guid, const std::string& url);

    /// Where it was found, as address_key() has it. Not the front page of a site, which
    /// feeds name for want of an article's own address.
    [[nodiscard]] std::set<std::string> addresses_of(const ArticleId& id) const;

    /// The ids under which either name is known, without making one of them.
    [[nodiscard]] std::vector<ArticleId> known_ids(const std::string& guid,
                                                   const std::string& url) const;

    /// Notes that `origin`, a source as it is called for good, holds the article.
    void note_origin(const ArticleId& id, const std::string& origin);
    /// What `origin` held once and is not among `held`.
    std::vector<ArticleId> missing_from(const std::string& origin,
                                        const std::set<ArticleId>& held);

    /// A name to tell a person which article is meant.
    [[nodiscard]] std::string name_of(const ArticleId& id) const;

private:
    struct Entry {
        std::set<std::string> names;     ///< GUIDs, or addresses in place of them
        std::string address;             ///< as address_key() has it
        std::set<std::string> origins;
    };
    void index(const ArticleId& id);
    [[nodiscard]] std::string line_of(const ArticleId& id) const;

    std::map<ArticleId, Entry> entries_;
    std::map<std::string, ArticleId> by_name_;
    std::map<std::string, ArticleId> by_address_;
    std::set<ArticleId> changed_;
    std::size_t lines_ = 0;     ///< of the file
    bool is_torn_ = false;      ///< the file's last line is not whole
};

}  // namespace colport
