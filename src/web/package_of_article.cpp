// An article as its newsroom signed it, in a file that any Colport takes in.

#include <fmt/format.h>

#include "core/crypto.h"
#include "feed/files.h"
#include "feed/package.h"
#include "feed/scratch_folder.h"
#include "feed/stick.h"
#include "web/books.h"

namespace colport::web {
namespace {

namespace fs = std::filesystem;

Result<FeedSummary> feed_of(const Context& context, const PublicKey& key) {
    for (auto& feed : COLPORT_TRY(context.archive->feeds()))
        if (feed.feed == key) return std::move(feed);
    return Error{Errc::not_found, "this feed is not followed"};
}

}  // namespace

Result<Response> package_of_article(const Context& context, const StoredArticle& stored) {
    const auto feed = COLPORT_TRY(feed_of(context, stored.feed));
    // By its name a purge knows it.
    const ScratchFolder scratch(context.data / ("share-" + to_hex(random_bytes(8))));
    ExportOptions options;
    options.only = OneBundle{stored.volume, stored.bundle};
    const auto copy = scratch.path() / "feeds" / stored.feed.hex().substr(0, 16);
    const auto file = scratch.path() / "package";
    COLPORT_TRY(make_directory(scratch.path(), 0700));
    COLPORT_TRY(make_directory(copy.parent_path()));
    COLPORT_TRY(export_feed({feed.directory}, copy, options, context.now));
    COLPORT_TRY(pack(copy.parent_path(), file));
    auto body = std::make_shared<FileBody>();
    body->descriptor = COLPORT_TRY(open_regular(file));
    std::error_code error;
    body->size = fs::file_size(file, error);
    if (error) return Error{Errc::io, "cannot read " + file.string() + ": " + error.message()};
    return Response{200, "application/x-tar", "",
                    {{"Content-Disposition",
                      fmt::format("attachment; filename=\"{}.tar\"",
                                  to_hex(stored.article.id()).substr(0, 16))}},
                    std::move(body)};
}

}  // namespace colport::web
