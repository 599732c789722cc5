#pragma once

#include <filesystem>
#include <map>
#include <string>

#include "press/import.h"

namespace colport {

/// How a page is read: import_source(), or the same in a process of its own.
using ImportPage =
    std::function<Result<Imported>(Bytes content, const std::string& name, const ImportOptions&)>;

struct FoundPage {
    std::string body;
    std::string charset;   ///< what the server said; may be empty
};

/// The page of an article, by its address. Errors: not_found (the article stays as
/// it is), network (it waits for the next time).
using FindPage = std::function<Result<FoundPage>(const std::string& url)>;

/// What a page brought besides the text.
struct Completed {
    std::vector<pb::Picture> pictures;
    std::vector<std::string> warnings;
};

/// Puts the text of an article's own page in place of a feed's teaser. What the
/// feed says of the article itself is kept; a page with less text than the feed
/// changes nothing, and one that cannot be read costs a warning. Errors: network (the
/// page cannot be had now: the article is to wait, so that no teaser goes out as if
/// it were the text).
Result<Completed> complete_article(pb::Article& article, const ImportOptions& options,
                                   const FindPage& find, const ImportPage& read);

/// The saved pages of a folder by the address that each says it has, or that the
/// browser noted, or where a mirroring program laid it: `host/path/index.html`.
class SavedPages {
public:
    /// Pages that cannot be read have no address. Errors: not_found, denied, io.
    static Result<SavedPages> open(const std::filesystem::path& folder, const ImportPage& read);
    /// Errors: not_found, io.
    Result<std::string> find(const std::string& url) const;

private:
    std::filesystem::path folder_;
    std::map<std::string, std::filesystem::path> by_address_;   // by address_key()
};

}  // namespace colport
