#include "press/catalogue.h"

#include <fmt/format.h>

#include "core/limits.h"
#include "core/message.h"
#include "feed/files.h"

namespace colport {
namespace {

bool is_media(const BundleReader& bundle) {
    return bundle.index().kind() == pb::BundleIndex::MEDIA;
}

Status visit_volume(const FeedDirectory& directory, const SignedRecords& state,
                    const InfoDictionary& info, const VisitBundle& visit, bool& go_on) {
    for (auto file = info.files.rbegin(); file != info.files.rend() && go_on; ++file) {
        const auto kind = kind_of(file->name);
        if (!kind || *kind == FileKind::dictionary) continue;
        const auto path = directory.volume(info.volume) / file->name;
        const auto parts = COLPORT_TRY(FileParts::open(path, limits::bundle));
        const auto bundle = BundleReader::open(parts, state.keyring);
        if (!bundle) return Error(bundle.error()).in(path.string());
        go_on = COLPORT_TRY(visit(*bundle, info, *file));
    }
    return done();
}

}  // namespace

Status visit_bundles(const FeedDirectory& directory, const SignedRecords& state,
                     const VisitBundle& visit) {
    const auto volumes = volumes_of(state);
    bool go_on = true;
    for (auto volume = volumes.rbegin(); volume != volumes.rend() && go_on; ++volume) {
        const auto info = COLPORT_TRY(load_info(directory, *volume, state.feed));
        COLPORT_TRY(visit_volume(directory, state, info, visit, go_on));
    }
    return done();
}

std::uint64_t sum_of(const TextOfReleases& text, std::uint64_t last) {
    std::uint64_t out = 0;
    for (auto at = text.begin(); at != text.end() && at->first <= last; ++at) out += at->second;
    return out;
}

Result<Catalogue> read_catalogue(const FeedDirectory& directory, const SignedRecords& state) {
    Catalogue out;
    COLPORT_TRY(visit_bundles(
        directory, state,
        [&](const BundleReader& bundle, const InfoDictionary&,
            const VolumeFile& file) -> Result<bool> {
            std::uint64_t text = 0;
            for (const auto& entry : bundle.index().entries()) {
                if (is_media(bundle)) {
                    out.pictures.insert(*Sha256::from(entry.id()));
                    continue;
                }
                text += entry.size();
                auto& known = out.articles[*ArticleId::from(entry.id())];
                if (entry.revision() > known.revision)
                    known = {entry.revision(), *Sha256::from(entry.sha256()), entry.retracted()};
            }
            out.text[release_of(file.name)] += text;
            return true;
        }));
    return out;
}

Result<pb::Article> published_article(const FeedDirectory& directory, const SignedRecords& state,
                                      const Catalogue& published, const ArticleId& id) {
    const auto known = published.articles.find(id);
    if (known == published.articles.end())
        return Error{Errc::not_found, fmt::format("no published article with the id {}", id.hex())};
    std::optional<pb::Article> out;
    COLPORT_TRY(visit_bundles(
        directory, state,
        [&](const BundleReader& bundle, const InfoDictionary& info,
            const VolumeFile&) -> Result<bool> {
            if (is_media(bundle)) return true;
            for (std::size_t i = 0; i < bundle.size(); ++i) {
                const auto& entry = bundle.entry(i);
                if (entry.revision() != known->second.revision || entry.id() != id.str()) continue;
                std::shared_ptr<const Dictionary> dictionary;
                if (const auto hash = bundle.dictionary())
                    dictionary = COLPORT_TRY(load_dictionary(directory, info, *hash));
                out = COLPORT_TRY(bundle.article(i, dictionary.get()));
                return false;
            }
            return true;
        }));
    COLPORT_ASSERT(out.has_value());
    return std::move(*out);
}

Result<std::vector<pb::Picture>> published_pictures(const FeedDirectory& directory,
                                                    const SignedRecords& state,
                                                    const std::set<Sha256>& wanted) {
    std::vector<pb::Picture> out;
    if (wanted.empty()) return out;
    COLPORT_TRY(visit_bundles(
        directory, state,
        [&](const BundleReader& bundle, const InfoDictionary&,
            const VolumeFile&) -> Result<bool> {
            if (!is_media(bundle)) return true;
            for (std::size_t i = 0; i < bundle.size(); ++i)
                if (wanted.contains(*Sha256::from(bundle.entry(i).id())))
                    out.push_back(COLPORT_TRY(bundle.picture(i)));
            return out.size() < wanted.size();
        }));
    return out;
}

Result<std::vector<std::string>> sample_articles(const FeedDirectory& directory,
                                                 const SignedRecords& state,
                                                 const Sampling& sampling,
                                                 const std::optional<ArticleId>& without) {
    std::vector<std::string> out;
    std::size_t seen = 0, older = 0;
    std::uint64_t bytes = 0;
    const auto is_wanted = [&](const pb::BundleEntry& entry) {
        const bool is_new = bytes < sampling.newest_bytes && seen < sampling.newest_articles;
        ++seen;
        bytes += entry.size();
        return is_new || older++ % sampling.step == 0;
    };
    LastDictionary last;
    COLPORT_TRY(visit_bundles(
        directory, state,
        [&](const BundleReader& bundle, const InfoDictionary& info,
            const VolumeFile&) -> Result<bool> {
            if (is_media(bundle)) return true;
            std::shared_ptr<const Dictionary> dictionary;
            if (const auto hash = bundle.dictionary())
                dictionary = COLPORT_TRY(last.load(directory, info, *hash));
            for (std::size_t i = bundle.size(); i-- > 0;) {
                if (without && bundle.entry(i).id() == without->view()) continue;
                if (is_wanted(bundle.entry(i)))
                    out.push_back(encode_message(COLPORT_TRY(bundle.article(i, dictionary.get()))));
            }
            return true;
        }));
    return out;
}

}  // namespace colport
