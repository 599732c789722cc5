// The way from a head to a whole release.

#include <algorithm>
#include <utility>

#include "core/limits.h"
#include "feed/files.h"
#include "feed/shelf.h"
#include "peer/followed_feed.h"

namespace colport {
namespace {

// The newest volume has the line for itself, until what is left of it comes within
// this time: then the next one keeps the line busy while it ends. Older ones are
// in less of an order, and a fast line takes several to fill.
constexpr std::uint64_t overlap_seconds = 2;
constexpr std::uint64_t least_overlap_of_older = 64 * limits::mib;
// Of a turn: at last it takes an hour, or four where somebody at the door claims to have it.
constexpr int most_doublings = 7;

}  // namespace

const Release* FollowedFeed::aim() const {
    const auto& pending = standing_.pending();
    const auto& whole = standing_.whole();
    if (const auto* older = before_fork(); older != nullptr && older->has_shelf()) return older;
    if (!starting_ && pending && !standing_.forked()) {
        const bool saves_from_thief =
            standing_.in_doubt() && reserve() != nullptr && !pending->has_shelf();
        const auto* next = saves_from_thief || waits_in_vain() ? reserve() : &*pending;
        if (next->has_shelf() && !predates_redaction(*next)) return next;
    }
    return whole ? &*whole : nullptr;
}

bool FollowedFeed::is_stale() const {
    const auto* release = aim();
    if (release == nullptr) return true;
    const auto& whole = standing_.whole();
    return whole && release == &*whole && (standing_.pending() || standing_.in_doubt());
}

bool FollowedFeed::governs(const Release& release) const {
    return &release == standing_.newest() && standing_.stands_by(release.head);
}

bool FollowedFeed::waits_in_vain() const {
    return on_reserve_ && standing_.pending() && reserve() != nullptr;
}

const Release* FollowedFeed::reserve() const {
    const auto& reserve = standing_.reserve();
    return reserve && !predates_redaction(*reserve) ? &*reserve : nullptr;
}

const Release* FollowedFeed::before_fork() const {
    const bool has_nothing =
        standing_.forked() && !standing_.keys_forked() && !standing_.whole() && !in_place();
    return has_nothing ? reserve() : nullptr;
}

bool FollowedFeed::predates_redaction(const Release& release) const {
    const auto& keyring = standing_.keyring();
    return keyring && std::any_of(redacted_.begin(), redacted_.end(), [&](const auto& known) {
               const auto& [signer, seq] = known;
               return release.head.seq() < seq && keyring->knows(signer) &&
                      !keyring->is_revoked(signer);
           });
}

void FollowedFeed::change_turns() {
    const auto& pending = standing_.pending();
    if (!pending || reserve() == nullptr || in_place() || is_listed(*pending)) {
        on_reserve_ = false;
        return;
    }
    // Saying that one has a release, and never sending it, must not keep others from
    // the other one for good.
    const auto& aimed_at = on_reserve_ ? *reserve() : *pending;
    const auto patience = around_.settings.patience * (is_at_door(aimed_at.head.seq()) ? 4 : 1);
    // A turn that ends loses what is half here. So turns grow, until what comes slowly fits.
    if (steady_now() < progress_at_ + (patience << std::min(turns_in_vain_, most_doublings)))
        return;
    on_reserve_ = !on_reserve_;
    ++turns_in_vain_;
    progress_at_ = steady_now();
}

void FollowedFeed::note_progress(std::uint32_t volume) {
    const auto* release = aim();
    if (release != nullptr && release->head.message.volume() == volume)
        progress_at_ = steady_now();
}

bool FollowedFeed::is_listed(const Release& release) const {
    const auto newest = volumes_.find(release.head.message.volume());
    return newest != volumes_.end() && newest->second.info &&
           newest->second.signed_volume.info_hash == release.head.info_hash;
}

bool FollowedFeed::is_at_door(std::uint64_t seq) const {
    return std::any_of(exchange_.peers().begin(), exchange_.peers().end(),
                       [&](const auto& entry) { return entry.second.seq >= seq; });
}

void FollowedFeed::advance() {
    has_work_ = false;
    const bool forked = standing_.forked();
    if (!standing_.keyring() || (forked && before_fork() == nullptr)) source_.reset();
    if (!standing_.keyring()) return;
    remove_overdue();
    if (look_for_imports_at_ != 0 &&
        (unlisted_.empty() || steady_now() >= look_for_imports_at_)) {
        look_for_imports_at_ = 0;
        look_for_imports();
    }
    const auto& pending = standing_.pending();
    for (const auto* next : {!forked && pending ? &*pending : nullptr,
                             forked ? before_fork() : waits_in_vain() ? reserve() : nullptr})
        if (next != nullptr) fetch_shelf(*next);
    // One that is newer than the whole release would be the one in reserve.
    if (source_ && is_stale() && reserve() == nullptr &&
        steady_now() >= pending_since_ + around_.settings.patience) {
        source_.reset();
        set_problem("nothing was taken from the copy: it is older than a release that is known "
                    "here and on its way. Bring it again when that one is here, or a newer copy");
    }
    const auto* release = aim();
    if (release == nullptr) return;
    plan_volumes(*release);
    // A busy disk: the next tick plans again.
    if (planned_ != release->head.file) return;
    auto overlap = overlap_seconds * line_rate_.bytes_a_second();
    std::uint64_t missing = 0;
    // Newest first: that is what a reader wants to see.
    for (auto place = volumes_.rbegin(); place != volumes_.rend(); ++place) {
        auto& volume = place->second;
        if (place->first < kept_from_ && !in_place()) {
            if (!starting_) drop(volume);
            continue;
        }
        // What is carried here by hand takes nothing from the line.
        const bool room = may_fetch() && (source_ || missing == 0 || missing < overlap);
        if (!volume.imported) advance_volume(volume, *release, room);
        // By an older list, bundles of the newest one would be in none.
        if (release == standing_.newest() && volume.info && !volume.noted &&
            volume.looked_at == volume.info->files.size())
            note_listing(volume);
        if (!volume.held && volume.added) missing += volume.missing;
        else if (!volume.held && is_kept(volume)) missing += overlap + 1;
        if (place == volumes_.rbegin() && volume.held)
            overlap = std::max(overlap, least_overlap_of_older);
    }
    if (standing_.distrusts() && governs(*release) &&
        std::none_of(volumes_.begin(), volumes_.end(), [this](const auto& entry) {
            return entry.second.swept != Volume::Swept::wholly && is_here(entry.second);
        }))
        // A busy disk: again at the next tick.
        static_cast<void>(standing_.trust_again().ok());
    const auto newest = volumes_.find(release->head.message.volume());
    const bool is_whole = standing_.whole() && release == &*standing_.whole();
    if (!is_whole && newest->second.imported) commit(*release);
    if (may_fetch()) fetch_files();
}

bool FollowedFeed::may_fetch() const {
    return !around_.disk.is_full() && (!standing_.forked() || before_fork() != nullptr) &&
           !is_stale();
}

bool FollowedFeed::is_here(const Volume& volume) const {
    return volume.info || volume.was_here || holdings_.holds_any(volume.number());
}

void FollowedFeed::fetch_shelf(const Release& release) {
    if (in_place()) return;
    pb::Subject subject;
    subject.set_kind(pb::Subject::SHELF);
    subject.set_sha256(release.head.message.shelf_sha256());
    // It may have come by another way than asking.
    if (release.has_shelf()) return exchange_.give_up(subject);
    exchange_.want(subject, steady_now(), release.head.file);
    if (is_at_door(release.head.seq()) && !waits_in_vain() &&
        steady_now() < pending_since_ + around_.settings.patience)
        return;
    mirrors_.want({"shelf", 0, 0, limits::shelf}, [this](const std::string& body, const std::string&) {
        return of_another_release(standing_.take_shelf(body));
    });
}

void FollowedFeed::plan_volumes(const Release& release) {
    if (planned_ == release.head.file) return;
    if (governs(release)) {
        const auto dropped = drop_volumes_after(release.head.message.volume());
        if (!dropped) return set_problem(dropped.error().message);
        if (!*dropped) return;
    }
    for (auto at = volumes_.upper_bound(release.head.message.volume()); at != volumes_.end();) {
        if (at->second.added) retire(at->second.signed_volume.info_hash);
        at = volumes_.erase(at);
    }
    const bool same_lister = !planned_.empty() && lister() == release.head.signer;
    planned_ = release.head.file;
    for (const auto& signed_volume : volumes_of(release.head, release.shelf)) {
        auto& volume = volumes_[signed_volume.number];
        if (volume.signed_volume.info_hash == signed_volume.info_hash && volume.number() != 0) {
            volume.noted = volume.noted && same_lister;
            volume.signed_volume.time = signed_volume.time;
            if (!volume.info) volume.looked_for_info = false;
            else if (volume.held || volume.added) see_what_is_missing(volume);
            if (volume.swept == Volume::Swept::partly || standing_.distrusts()) {
                volume.swept = Volume::Swept::no;
                volume.imported = false;
            }
            continue;
        }
        // A release that never became whole would fetch the same files twice.
        if (volume.added && !volume.held) retire(volume.signed_volume.info_hash);
        forget_given(signed_volume.number);
        exchange_.give_up_listings(signed_volume.number);
        // info_bytes of the release before stay: a listing may build on them.
        volume.signed_volume = signed_volume;
        volume.info.reset();
        volume.urgency.clear();
        volume.looked_at = 0;
        volume.looked_for_info = volume.added = volume.held = volume.imported = false;
        volume.noted = volume.was_here = false;
        volume.swept = Volume::Swept::no;
        volume.unlisted.clear();
    }
}

void FollowedFeed::commit(const Release& release) {
    if (!in_place()) {
        Status written = done();
        if (!release.shelf_file.empty()) written = write_file(directory_.shelf(), release.shelf_file);
        if (written) written = write_file(directory_.head(), release.head.file);
        if (!written) return set_problem(written.error().message);
    }
    if (auto saved = standing_.commit(release); !saved) return set_problem(saved.error().message);
    on_reserve_ = false;
    turns_in_vain_ = 0;
    progress_at_ = steady_now();
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

void FollowedFeed::retire_where(const std::function<bool(const InfoDictionary&)>& goes) {
    for (const auto& torrent : std::vector<InfoHash>(torrents_))
        if (const auto served = served_.find(torrent);
            served != served_.end() && goes(served->second.info))
            retire(torrent);
}

void FollowedFeed::retire(const InfoHash& torrent) {
    around_.swarm.remove(torrent);
    around_.owners.erase(torrent);
    std::erase(torrents_, torrent);
    served_.erase(torrent);
    listed_ = {};
    for (auto& [number, volume] : volumes_)
        if (volume.signed_volume.info_hash == torrent) volume.added = volume.imported = false;
    const auto known = stats_.find(torrent);
    if (known == stats_.end()) return;
    add_traffic(known->second);
    stats_.erase(known);
}

}  // namespace colport
