// The way from a head to a whole release.

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <utility>

#include "core/limits.h"
#include "feed/files.h"
#include "feed/shelf.h"
#include "metainfo/torrent_file.h"
#include "peer/followed_feed.h"

namespace colport {
namespace {

// Hashed in one go: about a tenth of a second.
constexpr std::uint64_t bytes_at_once = 32 * limits::mib;

}  // namespace

void FollowedFeed::advance() {
    has_work_ = false;
    const Head* aim = target();
    if (aim == nullptr || !keyring_ || !record_.fork_head.empty()) return;
    if (!have_shelf(*aim)) return;
    plan_volumes(*aim);
    bool whole = true;
    // Newest first: that is what a reader wants to see.
    for (auto place = volumes_.rbegin(); place != volumes_.rend(); ++place) {
        auto& volume = place->second;
        if (volume.imported) continue;
        if (!have_info(volume)) {
            whole = false;
            continue;
        }
        if (!volume.added && steady_now() >= retry_at_) add_to_swarm(volume);
        if (!import_files(volume)) whole = false;
    }
    if (whole && pending_) commit(*pending_);
}

bool FollowedFeed::have_shelf(const Head& aim) {
    const auto wanted = aim.shelf_sha256();
    if (!wanted) {
        shelf_file_.clear();
        shelf_ = empty_shelf(record_.feed);
        return true;
    }
    if (!shelf_file_.empty() && sha256(shelf_file_) == *wanted) return true;
    if (record_.in_place) return false;
    pb::Subject subject;
    subject.set_kind(pb::Subject::SHELF);
    subject.set_sha256(wanted->str());
    exchange_.want(subject, steady_now());
    return false;
}

void FollowedFeed::serve_held() {
    if (!head_ || !pending_ || record_.in_place) return;
    // What is whole is served first, whatever becomes of the release being fetched.
    auto later = std::exchange(pending_, std::nullopt);
    do advance();
    while (has_work_);
    pending_ = std::move(later);
}

void FollowedFeed::plan_volumes(const Head& aim) {
    if (planned_ == aim.file) return;
    planned_ = aim.file;
    SignedRecords state{record_.feed, *keyring_, aim, shelf_};
    for (const auto& signed_volume : volumes_of(state)) {
        auto& volume = volumes_[signed_volume.number];
        if (volume.signed_volume.info_hash == signed_volume.info_hash &&
            volume.signed_volume.number != 0)
            continue;
        // A release that never became whole would fetch the same files twice.
        if (volume.added && !volume.imported) retire(volume.signed_volume.info_hash);
        // info_bytes of the release before stay: a listing may build on them.
        volume.signed_volume = signed_volume;
        volume.info.reset();
        volume.looked_at = 0;
        volume.looked_for_info = volume.added = volume.imported = false;
    }
}

bool FollowedFeed::have_info(Volume& volume) {
    if (volume.info) return true;
    if (!volume.looked_for_info && look_for_info(volume)) return true;
    if (record_.in_place) return false;
    const auto before = parse_info_dictionary(volume.info_bytes);
    const auto held = before ? static_cast<std::uint32_t>(before->files.size()) : 0;
    exchange_.want(listing_subject(volume, held), steady_now());
    return false;
}

bool FollowedFeed::look_for_info(Volume& volume) {
    auto from_disk = load_info(directory_, volume.signed_volume, record_.feed);
    volume.looked_for_info = true;
    if (from_disk) {
        auto bytes = encode(*from_disk);
        accept_info(volume, std::move(*from_disk), std::move(bytes));
        return true;
    }
    if (record_.in_place) {
        set_problem(pending_ && directory_seq_ < pending_->seq()
                        ? fmt::format("{} holds release {}, others hold release {} already",
                                      directory_.root.string(), directory_seq_, pending_->seq())
                        : from_disk.error().message);
        return false;
    }
    return false;
}

void FollowedFeed::accept_info(Volume& volume, InfoDictionary info, std::string bytes) {
    volume.info = std::move(info);
    volume.info_bytes = std::move(bytes);
    if (record_.in_place) return;
    const auto path = directory_.torrent(volume.signed_volume.number);
    const auto written = write_file(path, encode(TorrentFile{volume.info_bytes, link_.trackers, {}}));
    if (!written) set_problem(written.error().message);
}

bool FollowedFeed::look_at_disk(Volume& volume) {
    const auto number = volume.signed_volume.number;
    const auto& files = volume.info->files;
    std::uint64_t bytes = 0;
    for (; volume.looked_at < files.size(); ++volume.looked_at) {
        if (bytes > bytes_at_once) {
            has_work_ = true;
            return false;
        }
        const auto& file = files[volume.looked_at];
        if (!holdings_.holds(number, file)) bytes += file.size;
        if (holdings_.check(number, file) || record_.in_place) continue;
        // A dictionary that another volume carries too need not travel again.
        const auto twin = holdings_.same_bytes(file.sha256);
        if (!twin) continue;
        std::error_code error;
        std::filesystem::copy_file(*twin, directory_.volume(number) / file.name,
                                   std::filesystem::copy_options::overwrite_existing, error);
        if (!error) static_cast<void>(holdings_.take_in(number, file).ok());
    }
    return true;
}

void FollowedFeed::add_to_swarm(Volume& volume) {
    const auto number = volume.signed_volume.number;
    if (!record_.in_place) {
        const auto made = make_directory(directory_.volume(number), 0700);
        if (!made) return set_problem(made.error().message);
    }
    if (!look_at_disk(volume)) return;
    TorrentRequest request;
    request.info = volume.info_bytes;
    request.save_path = directory_.volumes();
    request.have = holdings_.pieces(*volume.info);
    // Somebody else's folder is read, never written: it is served when whole.
    if (record_.in_place && std::find(request.have.begin(), request.have.end(), false) !=
                                request.have.end()) {
        volume.looked_at = 0;
        return set_problem(fmt::format("volume {} in {} is not whole; run colport-press verify on it",
                                       number, directory_.root.string()));
    }
    request.trackers = link_.trackers;
    request.peers = link_.peers;
    request.peers.insert(request.peers.end(), around_.settings.peers.begin(),
                         around_.settings.peers.end());
    for (const auto& [peer_number, peer] : exchange_.peers()) request.peers.push_back(peer.address);
    const auto added = around_.swarm.add(request);
    if (!added && added.error().code != Errc::exists) return set_problem(added.error().message);
    volume.added = true;
    if (added) torrents_.push_back(volume.signed_volume.info_hash);
    served_[volume.signed_volume.info_hash] = *volume.info;
    announce_to_all();
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
        at = settled ? unconfirmed_.erase(at) : std::next(at);
    }
}

bool FollowedFeed::import_files(Volume& volume) {
    if (!volume.added) return false;
    const auto number = volume.signed_volume.number;
    bool settled = true;
    for (const auto& file : volume.info->files) {
        if (imports_.contains({number, file.name})) continue;
        settled = false;
        if (!holdings_.holds(number, file)) continue;
        // One a call; the next ones when the queue has been looked at.
        if (has_work_) return false;
        import_once(volume, file);
    }
    volume.imported = settled;
    return settled;
}

void FollowedFeed::import_once(const Volume& volume, const VolumeFile& file) {
    const auto imported = import_file(volume, file);
    // Its dictionary may still be on the way.
    if (!imported && imported.error().code == Errc::not_found) return;
    if (!imported) set_problem(fmt::format("refused: {}", imported.error().message));
    // A busy or full disk recovers; a bad bundle stays bad, and keeps nothing else away.
    const auto code = imported ? Errc::invalid : imported.error().code;
    if (code == Errc::io || code == Errc::locked || code == Errc::denied) return;
    imports_[{volume.signed_volume.number, file.name}] =
        imported ? Import::taken_in : Import::refused;
    has_work_ = true;
}

Status FollowedFeed::import_file(const Volume& volume, const VolumeFile& file) {
    const auto kind = kind_of(file.name);
    if (!kind || *kind == FileKind::dictionary) return done();
    const auto number = volume.signed_volume.number;
    if (COLPORT_TRY(around_.archive.is_imported(record_.feed, number, file.name))) return done();
    const auto path = directory_.volume(number) / file.name;
    const auto mapped = COLPORT_TRY(MappedFile::open(path, limits::bundle));
    auto bundle = BundleReader::open(mapped.bytes(), *keyring_);
    if (!bundle) return std::move(bundle).error().in(path.string());
    if ((bundle->index().kind() == pb::BundleIndex::MEDIA) != (*kind == FileKind::media))
        return Error{Errc::corrupt, path.string() + " holds another kind than its name says"};
    std::shared_ptr<const Dictionary> dictionary;
    if (const auto hash = bundle->dictionary()) {
        const auto listed = std::find_if(volume.info->files.begin(), volume.info->files.end(),
                                         [&](const VolumeFile& f) { return f.sha256 == *hash; });
        if (listed != volume.info->files.end() && !holdings_.holds(number, *listed))
            return Error{Errc::not_found, "the dictionary is still on the way"};
        dictionary = COLPORT_TRY(load_dictionary(directory_, *volume.info, *hash));
    }
    auto imported = around_.archive.import_bundle(record_.feed, number, file.name, *bundle,
                                                  dictionary.get());
    if (!imported) return std::move(imported).error().in(path.string());
    return done();
}

void FollowedFeed::commit(const Head& whole) {
    if (!record_.in_place) {
        Status written = done();
        if (!shelf_file_.empty()) written = write_file(directory_.shelf(), shelf_file_);
        if (written) written = write_file(directory_.head(), whole.file);
        if (!written) return set_problem(written.error().message);
    }
    record_.head = whole.file;
    record_.shelf = shelf_file_;
    record_.pending_head.clear();
    record_.updated = around_.clock();
    if (auto saved = save(); !saved) return set_problem(saved.error().message);
    head_ = whole;
    pending_.reset();
    if (std::none_of(imports_.begin(), imports_.end(),
                     [](const auto& file) { return file.second == Import::refused; }))
        set_problem("");
    retire_old_torrents();
    announce_to_all();
    around_.swarm.request_stats();
}

void FollowedFeed::retire_old_torrents() {
    std::vector<InfoHash> old;
    for (const auto& torrent : torrents_)
        if (std::none_of(volumes_.begin(), volumes_.end(), [&](const auto& entry) {
                return entry.second.signed_volume.info_hash == torrent;
            }))
            old.push_back(torrent);
    // Peers one release behind still ask for the torrent before.
    if (!old.empty()) old.pop_back();
    for (const auto& torrent : old) retire(torrent);
}

void FollowedFeed::retire(const InfoHash& torrent) {
    around_.swarm.remove(torrent);
    std::erase(torrents_, torrent);
    served_.erase(torrent);
    const auto known = stats_.find(torrent);
    if (known == stats_.end()) return;
    gone_.bytes_received += known->second.bytes_received;
    gone_.bytes_sent += known->second.bytes_sent;
    gone_.payload_received += known->second.payload_received;
    gone_.payload_sent += known->second.payload_sent;
    stats_.erase(known);
}

void FollowedFeed::read_directory() {
    const auto now = steady_now();
    const auto head = stamp_of(directory_.head());
    const auto keyring = stamp_of(directory_.keyring());
    if (!head || !keyring) return set_problem((head ? keyring : head).error().message);
    const std::pair stamps(head->modified, keyring->modified);
    if (directory_seen_ == stamps && (problem_.empty() || now < directory_retry_)) return;
    directory_retry_ = now + 10;
    for (auto& [number, volume] : volumes_) volume.looked_for_info = false;
    const auto loaded = load_from_directory();
    if (!loaded) return set_problem(loaded.error().message);
    directory_seen_ = stamps;
}

Status FollowedFeed::load_from_directory() {
    // A revocation goes out even when it strikes the head beside it.
    COLPORT_TRY(consider_keyring(COLPORT_TRY(read_file(directory_.keyring(), limits::keyring))));
    const auto state = COLPORT_TRY(load_records(directory_, around_.clock()));
    if (state.feed != record_.feed)
        return Error{Errc::forged, fmt::format("{} now holds another feed",
                                               directory_.root.string())};
    if (!state.head)
        return Error{Errc::not_found, fmt::format("{} has no head", directory_.root.string())};
    directory_seq_ = state.head->seq();
    COLPORT_TRY(consider_head(state.head->file));
    if (target() != nullptr && target()->same_as(*state.head)) {
        shelf_ = state.shelf;
        shelf_file_ = state.shelf.volumes_size() == 0 ? "" : encode_shelf(state.shelf);
    }
    set_problem("");
    return done();
}

}  // namespace colport
