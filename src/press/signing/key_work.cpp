#include "press/signing/key_work.h"

#include <algorithm>
#include <map>

#include "press/catalogue.h"

namespace colport {
namespace {

/// A file that was made anew keeps the place of the old in its name.
std::uint64_t seq_of(const BundleReader& bundle, const VolumeFile& file) {
    return std::max(release_of(file.name), bundle.index().seq());
}

/// Calls `visit` for bundles of articles that one of `keys` signed. A release may have
/// put files into old volumes as well, so they come in no order.
Status visit_work(const FeedDirectory& feed, const SignedRecords& state,
                  const std::vector<PublicKey>& keys, const VisitBundle& visit) {
    return visit_bundles(feed, state,
                         [&](const BundleReader& bundle, const InfoDictionary& info,
                             const VolumeFile& file) -> Result<bool> {
                             const bool is_wanted =
                                 bundle.index().kind() != pb::BundleIndex::MEDIA &&
                                 std::find(keys.begin(), keys.end(), bundle.signer()) != keys.end();
                             return !is_wanted || COLPORT_TRY(visit(bundle, info, file));
                         });
}

}  // namespace

Result<std::vector<KeyWork>> work_of_keys(const FeedDirectory& feed, const SignedRecords& state,
                                          const std::vector<PublicKey>& keys, std::size_t count,
                                          std::size_t titles) {
    std::map<std::uint64_t, KeyWork> newest;
    COLPORT_TRY(visit_work(feed, state, keys,
                           [&](const BundleReader& bundle, const InfoDictionary&,
                               const VolumeFile& file) -> Result<bool> {
                               const auto seq = seq_of(bundle, file);
                               auto& work = newest[seq];
                               work.seq = seq;
                               work.time = std::max(work.time, bundle.index().time());
                               work.articles += bundle.size();
                               if (newest.size() > count) newest.erase(newest.begin());
                               return true;
                           }));
    LastDictionary last;
    COLPORT_TRY(visit_work(feed, state, keys,
                           [&](const BundleReader& bundle, const InfoDictionary& info,
                               const VolumeFile& file) -> Result<bool> {
                               const auto known = newest.find(seq_of(bundle, file));
                               if (known == newest.end()) return true;
                               std::shared_ptr<const Dictionary> dictionary;
                               if (const auto hash = bundle.dictionary())
                                   dictionary = COLPORT_TRY(last.load(feed, info, *hash));
                               auto& out = known->second.titles;
                               for (std::size_t i = 0; i < bundle.size() && out.size() < titles; ++i)
                                   out.push_back(
                                       COLPORT_TRY(bundle.article(i, dictionary.get())).title());
                               return true;
                           }));
    std::vector<KeyWork> out;
    for (auto work = newest.rbegin(); work != newest.rend(); ++work)
        out.push_back(std::move(work->second));
    return out;
}

}  // namespace colport
