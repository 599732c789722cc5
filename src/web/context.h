#pragma once

#include <optional>
#include <vector>

#include "web/desk.h"
#include "web/reading_file.h"
#include "web/web.h"

/// What one request is answered from.
namespace colport::web {

struct Context {
    const Request& request;
    ArchiveReader* archive;            ///< null: there is no archive yet
    Peer* peer;                        ///< null: no daemon runs in this process
    std::int64_t now;
    ReadingFile& reading;
    Settings settings;
    Desk& desk;
    std::filesystem::path data;        ///< the data directory
};

/// A feed as the archive and, when there is one, the daemon know it.
struct FeedView {
    FeedSummary summary;
    FeedState state = FeedState::waiting;
    std::uint64_t seq = 0;             ///< newest whole release; 0: none
    std::int64_t released = 0;         ///< when the publisher signed it
    std::optional<FeedStatus> live;
};
Result<std::vector<FeedView>> feed_views(const Context& context);

/// A feed by its exact name or an unambiguous beginning of its key, of at least
/// four digits. Errors: not_found, invalid (ambiguous).
Result<PublicKey> find_feed(const Context& context, const std::string& typed);

/// As the archive's, or nothing while there is no archive.
Result<Page> search(const Context& context, const Query& query);
Result<StoredArticle> stored_article(const Context& context, const std::string& id_prefix,
                                     const std::optional<PublicKey>& feed);

/// The latest first.
std::vector<std::string> saved_searches(const Context& context);

/// How far the daemon is with the index; whole where no daemon runs.
IndexStatus index_progress(const Context& context);

bool has_pictures(const pb::Article& article);

/// Erases all that is kept of a feed: its articles, files, stars, openings. Blocks for
/// seconds. Precondition: there is a peer. Errors: not_found, io, denied, and what
/// Peer::erase() says.
Status erase_all_of(const Context& context, const PublicKey& feed);

/// The reader opened it: that is written down, and its pictures are fetched, when
/// that is what she chose.
void opened(const Context& context, const StoredArticle& article);

}  // namespace colport::web
