#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "article.pb.h"
#include "core/bytes.h"
#include "core/result.h"
#include "press/pictures/picture_file.h"
#include "press/pictures/picture_lookup.h"
#include "press/wording.h"

/// Turns what a newsroom's site emits into typed articles.
namespace colport {

enum class SourceFormat {
    detect,
    rss,       ///< RSS 0.9x, 1.0, 2.0
    atom,
    json_feed,
    wxr,       ///< a WordPress export
    html,
    warc,
    wacz,
    markdown,
    epub,
    text,
    jsonl,
};

struct ImportTaker;

struct ImportOptions {
    SourceFormat format = SourceFormat::detect;
    std::string charset;                ///< what a server said of the encoding; may be empty
    std::string base_url;               ///< resolves relative links; may be empty
    std::string language;               ///< the feed's, for articles that name none and are too short to tell
    std::string stable_name;            ///< the source as it is called wherever it lies; empty: its name
    std::int64_t now = 0;               ///< what is dated later is not due yet; 0: all is due
    std::filesystem::path folder;       ///< where local pictures are looked for; never outside it
    PictureLookup pictures;             ///< asked before the folder is; may be empty
    PictureSize picture_size;           ///< how large pictures may become
    bool is_of_site = false;            ///< one file of many: those that are no articles are left out
    bool text_only = false;             ///< pictures are neither looked for nor missed
    const ImportTaker* taker = nullptr; ///< gets what is found at once; null: Imported holds it
};

/// One article before it belongs to a feed: `article` has no id and no revision.
struct ImportedArticle {
    std::string guid;                   ///< stable name: GUID, else canonical URL, else the source's name
    pb::Article article;
    TextOrigin origin = TextOrigin::site;
    bool of_feed = false;               ///< an item, perhaps a teaser of a page
    /// There, when pictures could not be had, which does not say that they are gone: how
    /// many of them may come yet.
    std::optional<std::size_t> pictures_missed = {};
    std::optional<ArticleId> id;        ///< where it is known under another name; else the guid's
};

/// Where articles go while the rest of a large source is still to be read, each
/// after its pictures. An error ends the import.
struct ImportTaker {
    std::function<Status(ImportedArticle)> article;
    std::function<Status(pb::Picture)> picture;
};

/// An article that stands in a source and could not be taken this time: it is not gone.
struct LeftStanding {
    std::string guid;
    std::string url;                    ///< may be empty
};

struct Imported {
    std::vector<ImportedArticle> articles;
    std::vector<pb::Picture> pictures;  ///< those that the articles' figures name by SHA-256
    std::vector<std::string> warnings;  ///< one line each, for a person
    std::vector<LeftStanding> standing;
    std::size_t no_articles = 0;        ///< 1 for a file that is a list or of the site's machinery
    std::string site;                   ///< address of the site that a WordPress export is of; else empty
    bool damaged = false;               ///< not read to its end: articles may be missing
};

/// Reads one source. `name` is its file name, for errors, warnings and, for
/// want of better, as guid. Never touches the network.
///
/// Hostile input costs at most an error: sizes are bounded, external entities
/// and DTDs are not loaded. Errors: corrupt, invalid (unknown format), too_large.
Result<Imported> import_source(Bytes content, const std::string& name,
                               const ImportOptions& options);

/// What the content looks like; for want of a sign, what the name ends in.
SourceFormat detect_format(Bytes content, const std::string& name);

/// Errors: invalid (unknown name); the hint lists the names.
Result<SourceFormat> parse_source_format(std::string_view name);
/// "rss, atom, …", for help texts.
std::string source_format_names();

}  // namespace colport
