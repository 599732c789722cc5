// The way of one volume: from its list, by what is here already, into the swarm.

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "core/limits.h"
#include "feed/files.h"
#include "metainfo/torrent_file.h"
#include "peer/followed_feed.h"

namespace colport {
namespace {

// Hashed in one go: about a tenth of a second.
constexpr std::uint64_t bytes_at_once = 32 * limits::mib;
constexpr std::int64_t day_seconds = 24 * 3600;

}  // namespace

void FollowedFeed::advance_volume(Volume& volume, const Release& release, bool room) {
    if (!volume.info && !look_for_info(volume)) {
        // What is here of it may have to vanish, wanted or not.
        if (!in_place() && !is_stale() && (is_here(volume) || (room && is_wanted(volume))))
            fetch_info(volume);
        if (!volume.info) return;
    }
    if (volume.swept == Volume::Swept::no)
        if (const auto found = find_unlisted(volume, release); !found)
            return set_problem(found.error().message);
    // Nothing is taken in that what still has to go would take along.
    if (volume.swept == Volume::Swept::no) return;
    if (!volume.unlisted.empty() && !starting_) remove_unlisted_files(volume);
    if (!volume.added) {
        if (!is_kept(volume)) return;
        if (steady_now() < retry_at_ || !look_at_disk(volume)) return;
        if (volume.held || room || standing_.forked() || is_stale()) add_to_swarm(volume);
    }
    // Also where nothing can be fetched now: what is here is to be read. Of somebody else's
    // folder only what is whole.
    if (volume.added || !in_place()) import_files(volume);
}

bool FollowedFeed::is_wanted(const Volume& volume) const {
    const auto* release = aim();
    const auto& days = around_.settings.history_days;
    if (in_place()) return true;
    if (volume.number() < kept_from_) return false;
    if (!days || release == nullptr) return true;
    const auto changed = volume.signed_volume.time;
    return volume.number() == release->head.message.volume() ||
           changed >= standing_.record().history_since ||
           (*days > 0 && changed >= around_.clock() - *days * day_seconds);
}

bool FollowedFeed::is_kept(const Volume& volume) const {
    return is_wanted(volume) ||
           (volume.info && (volume.added || holdings_.holds_any(volume.number())));
}

bool FollowedFeed::is_wanted(std::uint32_t volume, const VolumeFile& file) const {
    return in_place() || kind_of(file.name) != FileKind::media ||
           around_.settings.pictures == FetchPictures::always ||
           wanted_pictures_.contains({volume, release_of(file.name)});
}

IsWanted FollowedFeed::wanted_files() const {
    return [this](std::uint32_t volume, const VolumeFile& file) { return is_wanted(volume, file); };
}

bool FollowedFeed::look_for_info(Volume& volume) {
    if (std::exchange(volume.looked_for_info, true)) return false;
    auto found = load_info(directory_, volume.signed_volume, key());
    if (!found && source_ && !is_stale())
        found = load_info(*source_, volume.signed_volume, key());
    if (found) {
        auto bytes = encode(*found);
        accept_info(volume, std::move(*found), std::move(bytes));
        return true;
    }
    const auto bundles = around_.archive.bundles(key(), volume.number());
    volume.was_here = !bundles || !bundles->empty() ||
                      stamp_of(directory_.volume(volume.number())).ok();
    if (!in_place()) return false;
    const auto& pending = standing_.pending();
    set_problem(pending && directory_seq_ < pending->head.seq()
                    ? fmt::format("{} holds release {}, others hold release {} already",
                                  directory_.root.string(), directory_seq_, pending->head.seq())
                    : found.error().message);
    return false;
}

void FollowedFeed::fetch_info(Volume& volume) {
    const auto before = parse_info_dictionary(volume.info_bytes);
    const auto held = before ? static_cast<std::uint32_t>(before->files.size()) : 0;
    exchange_.want(listing_subject(volume, held), steady_now(), planned_);
    if (is_at_door(volume.signed_volume.seq) &&
        steady_now() < pending_since_ + around_.settings.patience)
        return;
    mirrors_.want({fmt::format("volumes/{}.torrent", volume_name(volume.number())), 0, 0,
                   limits::torrent_file},
                  [this, wanted = volume.signed_volume](const std::string& body,
                                                         const std::string&) -> Status {
                      const auto known = volumes_.find(wanted.number);
                      if (known == volumes_.end()) return done();
                      auto& now = known->second;
                      if (now.info || now.signed_volume.info_hash != wanted.info_hash ||
                          is_stale())
                          return done();
                      auto info = info_in_torrent(body, wanted, key());
                      if (!info) return of_another_release(std::move(info).error());
                      auto bytes = encode(*info);
                      accept_info(now, std::move(*info), std::move(bytes));
                      return done();
                  });
}

void FollowedFeed::accept_info(Volume& volume, InfoDictionary info, std::string bytes) {
    volume.info = std::move(info);
    volume.info_bytes = std::move(bytes);
    note_progress(volume.number());
    exchange_.give_up_listings(volume.number());
    // The newest list stays on disk, whichever of its releases is served meanwhile.
    if (in_place() || is_stale() || has_newest_list(volume.number())) return;
    const auto torrent = encode(TorrentFile{volume.info_bytes, link_.trackers, {}});
    if (const auto written = write_file(directory_.torrent(volume.number()), torrent); !written)
        set_problem(written.error().message);
}

bool FollowedFeed::look_at_disk(Volume& volume) {
    const auto number = volume.number();
    if (!in_place()) {
        const auto made = make_directory(directory_.volume(number), 0700);
        if (!made) {
            set_problem(made.error().message);
            return false;
        }
    }
    const auto& files = volume.info->files;
    std::uint64_t bytes = 0;
    for (; volume.looked_at < files.size(); ++volume.looked_at) {
        if (bytes > bytes_at_once) {
            has_work_ = true;
            return false;
        }
        const auto& file = files[volume.looked_at];
        if (!holdings_.holds(number, file)) bytes += file.size;
        if (holdings_.check(number, file) || in_place()) continue;
        if (may_be_copied(number, file)) copy_twin(number, file);
    }
    see_what_is_missing(volume);
    return true;
}

bool FollowedFeed::has_newest_list(std::uint32_t number) const {
    const auto* newest = standing_.newest();
    if (newest == nullptr || newest->head.file == planned_) return false;
    const auto volumes = volumes_of(newest->head, newest->shelf);
    return std::any_of(volumes.begin(), volumes.end(), [&](const SignedVolume& volume) {
        return volume.number == number && load_info(directory_, volume, key()).ok();
    });
}

bool FollowedFeed::may_be_copied(std::uint32_t volume, const VolumeFile& file) const {
    // A list could name what is large and held here hundreds of times, and fill a disk by
    // that. Its word on what is a dictionary is as good as its author.
    return kind_of(file.name) == FileKind::dictionary && file.size <= limits::dictionary &&
           is_wanted(volume, file) && may_fetch();
}

void FollowedFeed::copy_twin(std::uint32_t volume, const VolumeFile& file) {
    const auto twin = holdings_.same_bytes(file.sha256);
    if (!twin) return;
    const auto copied =
        copy_whole(*twin, directory_.volume(volume) / file.name, file.size, file.sha256);
    if (copied && *copied) static_cast<void>(holdings_.take_in(volume, file).ok());
}

void FollowedFeed::see_what_is_missing(Volume& volume) {
    auto missing = missing_of(volume, holdings_, wanted_files());
    volume.held = missing.files == 0;
    volume.missing = missing.bytes;
    // What is under way stops; what is here is served.
    if (!may_fetch() && !volume.held)
        missing.urgency.assign(missing.urgency.size(), Urgency::never);
    if (volume.held) volume.calls = {};
    else volume.imported = false;
    if (missing.urgency == volume.urgency) return;
    volume.urgency = std::move(missing.urgency);
    if (volume.added) around_.swarm.set_urgency(volume.signed_volume.info_hash, volume.urgency);
}

void FollowedFeed::add_to_swarm(Volume& volume) {
    const auto number = volume.number();
    const auto& hash = volume.signed_volume.info_hash;
    // Somebody else's folder is read, never written: it is served when whole.
    if (in_place() && !volume.held) {
        volume.looked_at = 0;
        return set_problem(fmt::format("volume {} in {} is not whole; run colport-press verify on it",
                                       number, directory_.root.string()));
    }
    const auto* release = aim();
    TorrentRequest request;
    request.info = volume.info_bytes;
    request.save_path = directory_.volumes();
    request.have = holdings_.pieces(*volume.info);
    request.files = volume.urgency;
    request.trackers = link_.trackers;
    if (!volume.held && may_fetch()) request.peers = absent_peers();
    // Where nobody can call us, they learn in no other way that we have it.
    else if (exchange_.peers().empty() && !takes_turns_) request.peers = named_peers();
    // Whoever wants an old volume meets its peers at the door.
    request.quiet = release == nullptr || number != release->head.message.volume();
    const auto added = around_.swarm.add(request);
    if (!added && added.error().code != Errc::exists) return set_problem(added.error().message);
    volume.added = true;
    volume.added_at = steady_now();
    if (added) {
        torrents_.push_back(hash);
        around_.owners[hash] = this;
        served_[hash] = {*volume.info};
    }
    volume.calls = {};
    call_holders(volume);
}

void FollowedFeed::confirm_completed() {
    for (auto at = unconfirmed_.begin(); at != unconfirmed_.end();) {
        const auto& [number, name] = *at;
        const auto volume = volumes_.find(number);
        Status taken = done();
        if (volume != volumes_.end() && volume->second.info)
            for (const auto& file : volume->second.info->files)
                if (file.name == name && !holdings_.holds(number, file))
                    taken = holdings_.take_in(number, file);
        if (!taken) set_problem(taken.error().message);
        // What could not be looked at now, on a full disk or so, is looked at again.
        const bool settled = taken || taken.error().code == Errc::forged;
        if (taken && volume != volumes_.end() && volume->second.info) {
            turns_in_need_ = 0;
            note_progress(number);
            parts_.erase(*at);
            if (copied_ == *at) copied_.reset();
            volume->second.noted = false;
            see_what_is_missing(volume->second);
        }
        at = settled ? unconfirmed_.erase(at) : std::next(at);
    }
}

}  // namespace colport
