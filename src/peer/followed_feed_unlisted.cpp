// Files that a release lists no more, as after a redaction: how they go.

#include <algorithm>

#include "feed/files.h"
#include "feed/unlisted.h"
#include "peer/followed_feed.h"

namespace colport {
namespace {

// A file that holds what must vanish, and much else, stays readable for so long while
// the one that takes its place is fetched.
constexpr std::int64_t longest_wait_seconds = 3600;

bool lists(const InfoDictionary& info, const std::string& name) {
    return std::any_of(info.files.begin(), info.files.end(),
                       [&](const VolumeFile& file) { return file.name == name; });
}

bool is_dictionary(const std::string& name) { return kind_of(name) == FileKind::dictionary; }

}  // namespace

Status FollowedFeed::find_unlisted(Volume& volume) {
    const auto& info = *volume.info;
    volume.unlisted.clear();
    volume.listed_at = steady_now();
    auto names = holdings_.unlisted(info);
    for (auto& name : COLPORT_TRY(around_.archive.bundles(key(), info.volume)))
        names.push_back(std::move(name));
    // Other bytes under a listed name are no matter of names.
    for (auto& name : names)
        if (!lists(info, name)) volume.unlisted.insert(std::move(name));
    // What is to vanish is handed to nobody from now on.
    for (const auto& torrent : std::vector<InfoHash>(torrents_)) {
        const auto served = served_.find(torrent);
        if (served == served_.end() || served->second.info.volume != info.volume) continue;
        const auto& files = served->second.info.files;
        if (!std::all_of(files.begin(), files.end(),
                         [&](const VolumeFile& file) { return lists(info, file.name); }))
            retire(torrent);
    }
    // Half fetched, it is in no list of ours.
    if (in_place() || !volume.unlisted.empty()) return done();
    return remove_unlisted(directory_, info);
}

bool FollowedFeed::has_predecessor(const Volume& volume, const std::string& name) {
    return std::any_of(volume.unlisted.begin(), volume.unlisted.end(),
                       [&](const std::string& old) { return place_of(old) == place_of(name); });
}

bool FollowedFeed::waits_for_successor(const Volume& volume, const std::string& name) const {
    if (in_place() || around_.disk.is_full() ||
        steady_now() >= volume.listed_at + longest_wait_seconds)
        return false;
    const auto& files = volume.info->files;
    return std::any_of(files.begin(), files.end(), [&](const VolumeFile& file) {
        return place_of(file.name) == place_of(name) && is_wanted(volume.number(), file) &&
               !holdings_.holds(volume.number(), file);
    });
}

void FollowedFeed::remove_unlisted_files(Volume& volume) {
    const auto number = volume.number();
    auto& names = volume.unlisted;
    const bool bundles = !std::all_of(names.begin(), names.end(), is_dictionary);
    const auto next = std::find_if(names.begin(), names.end(), [&](const std::string& name) {
        // Bundles are read with their dictionaries until they are gone.
        return !(bundles && is_dictionary(name)) && !waits_for_successor(volume, name);
    });
    if (next == names.end()) return;
    // While the file is still here: its words leave the index by what it says.
    const auto removed = around_.archive.remove_bundle(key(), number, *next);
    if (!removed) return set_problem(removed.error().message);
    has_work_ = true;
    if (!*removed) return;
    if (const auto forgotten = holdings_.forget(number, *next); !forgotten)
        return set_problem(forgotten.error().message);
    imports_.erase({number, *next});
    if (!in_place())
        if (const auto gone = remove_path(directory_.volume(number) / *next); !gone)
            return set_problem(gone.error().message);
    names.erase(next);
    if (!names.empty() || in_place()) return;
    if (const auto swept = remove_unlisted(directory_, *volume.info); !swept)
        set_problem(swept.error().message);
}

}  // namespace colport
