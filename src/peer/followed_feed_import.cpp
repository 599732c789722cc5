// From the files of a volume to the articles of the archive.

#include <fmt/format.h>

#include <algorithm>

#include "core/limits.h"
#include "feed/files.h"
#include "peer/followed_feed.h"

namespace colport {

bool FollowedFeed::is_settled(const Volume& volume, const VolumeFile& file) {
    const FileKey place(volume.number(), file.name);
    if (imports_.contains(place)) return true;
    const auto kind = kind_of(file.name);
    const auto known = kind && *kind != FileKind::dictionary
                           ? around_.archive.is_imported(key(), volume.number(), file.name)
                           : Result<bool>(true);
    if (!known || !*known) return false;
    imports_[place] = Import::taken_in;
    return true;
}

void FollowedFeed::import_files(Volume& volume) {
    bool settled = volume.held;
    for (const auto& file : volume.info->files) {
        if (!holdings_.holds(volume.number(), file) || is_settled(volume, file)) continue;
        settled = false;
        // One a call, and none before what is whole is served: the next ones when the queue
        // has been looked at.
        if (has_work_ || starting_) break;
        // By an older list what has vanished would come back.
        if (is_stale()) continue;
        // Where two bundles hold an article, the archive keeps the first.
        if (has_predecessor(volume, file.name) || is_stuck({volume.number(), file.name})) continue;
        if (const auto needed = awaited_.find({volume.number(), file.name});
            needed != awaited_.end()) {
            if (!holdings_.holds(volume.number(), needed->second)) continue;
            awaited_.erase(needed);
        }
        import_once(volume, file);
    }
    volume.imported = settled && volume.added && volume.unlisted.empty() &&
                      volume.swept != Volume::Swept::no;
}

void FollowedFeed::note_listing(Volume& volume) {
    std::set<std::string> names;
    for (const auto& file : volume.info->files)
        if (holdings_.holds(volume.number(), file)) names.insert(file.name);
    // Else a busy or full disk: the next tick.
    volume.noted = around_.archive.note_listing(key(), volume.number(), names, lister()).ok();
}

PublicKey FollowedFeed::lister() const {
    const auto head = read_trusted_head(planned_);
    COLPORT_ASSERT(head.ok());
    return head->signer;
}

void FollowedFeed::import_once(const Volume& volume, const VolumeFile& file) {
    auto imported = import_file(volume, file);
    // Its dictionary may still be on the way.
    if (!imported && imported.error().code == Errc::not_found) return;
    // By a key that the keyring names no more, after it did.
    if (!imported && imported.error().code == Errc::forged)
        if (const auto known = around_.archive.bundles(key(), volume.number());
            known && std::find(known->begin(), known->end(), file.name) != known->end())
            imported = done();
    if (!imported) set_problem(fmt::format("refused: {}", imported.error().message));
    if (!imported && imported.error().code == Errc::io) note_stuck({volume.number(), file.name});
    // A bad bundle stays bad, and keeps nothing else away.
    if (!imported && (is_passing(imported.error()) || imported.error().code == Errc::denied))
        return;
    imports_[{volume.number(), file.name}] = imported ? Import::taken_in : Import::refused;
    has_work_ = true;
}

Status FollowedFeed::import_file(const Volume& volume, const VolumeFile& file) {
    const auto kind = kind_of(file.name);
    const auto number = volume.number();
    const auto path = directory_.volume(number) / file.name;
    const auto parts = COLPORT_TRY(FileParts::open(path, limits::bundle));
    auto bundle = BundleReader::open(parts, *standing_.keyring());
    if (!bundle) return std::move(bundle).error().in(path.string());
    if ((bundle->index().kind() == pb::BundleIndex::MEDIA) != (*kind == FileKind::media))
        return Error{Errc::corrupt, path.string() + " holds another kind than its name says"};
    std::shared_ptr<const Dictionary> dictionary;
    if (const auto hash = bundle->dictionary()) {
        const auto listed = std::find_if(volume.info->files.begin(), volume.info->files.end(),
                                         [&](const VolumeFile& f) {
                                             return f.sha256 == *hash &&
                                                    kind_of(f.name) == FileKind::dictionary;
                                         });
        if (listed == volume.info->files.end())
            return Error{Errc::corrupt,
                         path.string() + ": its volume lacks the compression dictionary"};
        if (!holdings_.holds(number, *listed)) {
            awaited_.insert_or_assign({number, file.name}, *listed);
            return Error{Errc::not_found, "the dictionary is still on the way"};
        }
        dictionary = COLPORT_TRY(dictionary_.load(directory_, *volume.info, *hash));
    }
    Arrival arrival{standing_.arrival_time(), lister()};
    if (standing_.keyring()->is_revoked(bundle->signer())) arrival.time = 0;
    auto imported = around_.archive.import_bundle(key(), number, file.name, *bundle,
                                                  dictionary.get(), around_.go_on, arrival);
    if (!imported) return std::move(imported).error().in(path.string());
    return done();
}

Status FollowedFeed::import_again() {
    COLPORT_TRY(around_.archive.import_again(key()));
    imports_.clear();
    awaited_.clear();
    look_for_imports();
    return done();
}

void FollowedFeed::look_for_imports() {
    std::erase_if(imports_, [](const auto& file) { return file.second == Import::taken_in; });
    for (auto& [number, volume] : volumes_) volume.imported = volume.noted = false;
}

}  // namespace colport
