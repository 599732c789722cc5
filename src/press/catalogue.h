#pragma once

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "core/codec.h"
#include "core/result.h"
#include "feed/bundle.h"
#include "feed/directory.h"

/// What a feed has published, read from the bundles themselves, so that there is
/// no second record that could disagree with them.
namespace colport {

struct PublishedArticle {
    std::uint32_t revision = 0;
    Sha256 sha256;                 ///< of the encoded pb::Article
    bool retracted = false;
};

/// Bytes of articles, as records, by the release that first brought the bundle that they
/// stand in.
using TextOfReleases = std::map<std::uint64_t, std::uint64_t>;
/// Up to release `last`.
std::uint64_t sum_of(const TextOfReleases& text, std::uint64_t last = UINT64_MAX);

struct Catalogue {
    std::map<ArticleId, PublishedArticle> articles;   ///< newest revision of each
    std::set<Sha256> pictures;
    TextOfReleases text;   ///< of all revisions
};

/// Called for a bundle that `info` lists as `file`, until it returns false.
using VisitBundle = std::function<Result<bool>(
    const BundleReader& bundle, const InfoDictionary& info, const VolumeFile& file)>;

/// Opens every bundle, the newest first. Errors name the file, and `visit`'s own.
Status visit_bundles(const FeedDirectory& directory, const SignedRecords& state,
                     const VisitBundle& visit);

/// Reads the index of every bundle. Errors name the file.
Result<Catalogue> read_catalogue(const FeedDirectory& directory, const SignedRecords& state);

/// The newest revision of an article. Errors: not_found (no such article), and those
/// of the bundle.
Result<pb::Article> published_article(const FeedDirectory& directory, const SignedRecords& state,
                                      const Catalogue& published, const ArticleId& id);

/// The pictures of `wanted` that are published. Errors name the file.
Result<std::vector<pb::Picture>> published_pictures(const FeedDirectory& directory,
                                                    const SignedRecords& state,
                                                    const std::set<Sha256>& wanted);

/// Which of a feed's articles stand for all of them.
struct Sampling {
    std::size_t step = 1;               ///< of every so many one
    std::uint64_t newest_bytes = 0;     ///< but of the newest each, up to these two
    std::size_t newest_articles = 0;
};

/// In all revisions, encoded, newest first; none of `without`, if it is named.
Result<std::vector<std::string>> sample_articles(const FeedDirectory& directory,
                                                 const SignedRecords& state,
                                                 const Sampling& sampling,
                                                 const std::optional<ArticleId>& without = {});

}  // namespace colport
