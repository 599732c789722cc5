#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "article.pb.h"
#include "core/bytes.h"
#include "core/result.h"

/// Turns what a newsroom's site emits into typed articles.
namespace colport {

enum class SourceFormat { detect, rss, atom, html, text, jsonl };

struct ImportOptions {
    SourceFormat format = SourceFormat::detect;
    std::string base_url;               ///< resolves relative links; may be empty
    std::string language;               ///< the feed's, for articles that name none and are too short to tell
    std::filesystem::path folder;       ///< where local pictures are looked for; never outside it
};

/// One article before it belongs to a feed: `article` has no id and no revision.
struct ImportedArticle {
    std::string guid;                   ///< stable name: GUID, else canonical URL, else the source's name
    pb::Article article;
};

struct Imported {
    std::vector<ImportedArticle> articles;
    std::vector<pb::Picture> pictures;  ///< those that the articles' figures name by SHA-256
    std::vector<std::string> warnings;  ///< one line each, for a person
};

/// Reads one source. `name` is its file name, for errors, warnings and, for
/// want of better, as guid. Never touches the network.
///
/// Hostile input costs at most an error: sizes are bounded, external entities
/// and DTDs are not loaded. Errors: corrupt, invalid (unknown format), too_large.
Result<Imported> import_source(Bytes content, const std::string& name,
                               const ImportOptions& options);

/// Errors: invalid (unknown name). Names: rss, atom, html, text, jsonl.
Result<SourceFormat> parse_source_format(std::string_view name);

}  // namespace colport
