// Files that a release lists no more, as after a redaction: how they go.

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "core/append_new.h"
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

/// The release that wrote a file, also one in the place of another.
std::uint64_t made_in(const std::string& name) {
    std::uint64_t out = 0;
    const auto place = place_of(name).size();
    if (const auto reissue = name.find('.', place + 1); reissue != name.npos) {
        const auto* end = name.data() + reissue;
        if (std::from_chars(name.data() + place + 1, end, out).ptr == end) return out;
    }
    return release_of(name);
}

std::string memory_name(const PublicKey& feed, std::uint32_t volume, const std::string& name) {
    return fmt::format("unlisted {}/{} {}", volume, name, feed.hex());
}

}  // namespace

Status FollowedFeed::find_unlisted(Volume& volume) {
    const auto& info = *volume.info;
    const auto& release = *aim();
    volume.unlisted.clear();
    // What its key may not sign takes nothing away either.
    const bool stands = standing_.stands_by(release.head);
    const bool newest = stands && &release == standing_.newest();
    const auto goes = [&](const std::string& name) {
        return !lists(info, name) &&
               (newest || (stands && made_in(name) <= release.head.seq()));
    };
    const auto has_other_bytes = [&](const VolumeFile& file) {
        return newest && lists(info, file.name) &&
               std::find(info.files.begin(), info.files.end(), file) == info.files.end();
    };
    // What is to vanish is handed to nobody from now on.
    for (const auto& torrent : std::vector<InfoHash>(torrents_)) {
        const auto served = served_.find(torrent);
        if (served == served_.end() || served->second.info.volume != info.volume) continue;
        const auto& files = served->second.info.files;
        if (std::any_of(files.begin(), files.end(), [&](const VolumeFile& file) {
                return goes(file.name) || has_other_bytes(file);
            }))
            retire(torrent);
    }
    auto names = COLPORT_TRY(unlisted(info));
    // A newsroom gives no name a second time: one of the two was not its own.
    const bool has_rival = std::any_of(names.begin(), names.end(),
                                       [&](const auto& name) { return lists(info, name); });
    if (newest && !names.empty() && (has_rival || standing_.distrusts())) {
        COLPORT_TRY(drop_files(info.volume, names));
        names.clear();
    }
    for (const auto& name : names)
        if (goes(name))
            volume.unlisted.emplace(name, COLPORT_TRY(unlisted_since(info.volume, name)));
    // Half fetched, it is in no list of ours.
    if (newest && !in_place() && volume.unlisted.empty())
        COLPORT_TRY(remove_unlisted(directory_, info));
    volume.swept = newest ? Volume::Swept::wholly : Volume::Swept::partly;
    return done();
}

Result<std::vector<std::string>> FollowedFeed::unlisted(const InfoDictionary& info) const {
    auto out = holdings_.unlisted(info);
    for (auto& name : COLPORT_TRY(around_.archive.bundles(key(), info.volume)))
        if (!lists(info, name)) append_new(out, name);
    return out;
}

Result<std::int64_t> FollowedFeed::unlisted_since(std::uint32_t volume, const std::string& name) {
    const auto memory = memory_name(key(), volume, name);
    const auto known = COLPORT_TRY(around_.archive.recall(memory));
    std::int64_t out = 0;
    if (std::from_chars(known.data(), known.data() + known.size(), out).ec == std::errc())
        return out;
    out = around_.clock();
    COLPORT_TRY(around_.archive.remember(memory, std::to_string(out)));
    return out;
}

Status FollowedFeed::drop_files(std::uint32_t number, const std::vector<std::string>& names) {
    if (names.empty()) return done();
    // An article of theirs may stand in the place of an honest one, so all are taken
    // in anew. First, so that a process that is killed here does it again.
    COLPORT_TRY(around_.archive.forget_articles(key()));
    imports_.clear();
    awaited_.clear();
    for (auto& [other, volume] : volumes_) volume.imported = volume.noted = false;
    for (const auto& name : names) {
        // Its articles have gone already, so this is one step.
        COLPORT_TRY(around_.archive.remove_bundle(key(), number, name));
        COLPORT_TRY(holdings_.forget(number, name));
        if (!in_place()) COLPORT_TRY(remove_path(directory_.volume(number) / name));
    }
    return done();
}

bool FollowedFeed::has_predecessor(const Volume& volume, const std::string& name) {
    return std::any_of(volume.unlisted.begin(), volume.unlisted.end(),
                       [&](const auto& old) { return place_of(old.first) == place_of(name); });
}

bool FollowedFeed::waits_for_successor(const Volume& volume, const std::string& name) const {
    const auto since = volume.unlisted.at(name), now = around_.clock();
    // A clock that was set back must not start the wait anew.
    if (in_place() || around_.disk.is_full() || now < since || now >= since + longest_wait_seconds)
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
    const bool bundles = !std::all_of(names.begin(), names.end(), [](const auto& file) {
        return is_dictionary(file.first);
    });
    const auto next = std::find_if(names.begin(), names.end(), [&](const auto& file) {
        // Bundles are read with their dictionaries until they are gone.
        return !(bundles && is_dictionary(file.first)) && !waits_for_successor(volume, file.first);
    });
    if (next == names.end()) return;
    const auto name = next->first;
    // While the file is still here: its words leave the index by what it says.
    const auto removed = around_.archive.remove_bundle(key(), number, name);
    if (!removed) return set_problem(removed.error().message);
    has_work_ = true;
    if (!*removed) return;
    if (const auto forgotten = holdings_.forget(number, name); !forgotten)
        return set_problem(forgotten.error().message);
    imports_.erase({number, name});
    if (!in_place())
        if (const auto gone = remove_path(directory_.volume(number) / name); !gone)
            return set_problem(gone.error().message);
    static_cast<void>(around_.archive.remember(memory_name(key(), number, name), "").ok());
    names.erase(next);
    // With what is only half here.
    if (names.empty()) volume.swept = Volume::Swept::no;
}

}  // namespace colport
