// Files that come from mirrors and from directories, not from peers.

#include <fmt/format.h>

#include <algorithm>

#include "core/limits.h"
#include "feed/files.h"
#include "feed/shelf.h"
#include "peer/followed_feed.h"

namespace colport {
namespace {

// What a mirror is asked for at once: lost when the line is cut.
constexpr std::uint64_t part_bytes = 4 * limits::piece_length;
// Peers get this long to begin, and this long to finish, before a mirror helps.
constexpr std::int64_t first_byte_seconds = 3;
constexpr std::int64_t slow_seconds = 60;
constexpr std::int64_t slow_rate = 1024;
// The swarm drops pieces that a peer spoiled: what is not confirmed by then is
// given again.
constexpr std::int64_t confirm_seconds = 30;

Error other_release() { return {Errc::stale, "of another release than is known here"}; }

}  // namespace

void FollowedFeed::fetch_files() {
    const Volume* newest = nullptr;
    for (auto place = volumes_.rbegin(); place != volumes_.rend(); ++place) {
        const auto& volume = place->second;
        if (!volume.added || volume.held) continue;
        // Until then the swarm drops what it is given.
        if (!serves(volume.signed_volume.info_hash)) return;
        if (newest == nullptr) newest = &volume;
        if (!source_) break;
        if (fetch_from_source(volume)) return;
    }
    if (source_) {
        // What it held of this feed is here now, and the rest must come from elsewhere.
        if (newest != nullptr || (!has_work_ && !volumes_.empty())) source_.reset();
        return;
    }
    if (newest != nullptr && !mirrors_.is_empty() && needs_help(*newest))
        fetch_from_mirror(*newest);
}

bool FollowedFeed::needs_help(const Volume& volume) const {
    if (exchange_.peers().empty()) return true;
    const auto known = stats_.find(volume.signed_volume.info_hash);
    if (known == stats_.end() || steady_now() < volume.added_at + first_byte_seconds) return false;
    const auto& stats = known->second;
    return stats.peers == 0 || stats.download_rate < slow_rate ||
           stats.wanted_left / stats.download_rate > slow_seconds;
}

void FollowedFeed::fetch_from_mirror(const Volume& volume) {
    const auto* file = next_missing(volume, holdings_, wanted_files(), !exchange_.peers().empty());
    if (file == nullptr) return;
    const auto number = volume.number();
    auto& part = parts_[{number, file->name}];
    if (part.bytes >= file->size) {
        if (steady_now() < part.at + confirm_seconds) return;
        part = {};
    }
    const auto first = part.bytes;
    const auto left = file->size - first;
    Mirrors::Want want;
    want.path = fmt::format("volumes/{}/{}", volume_name(number), file->name);
    want.first = first;
    if (left > part_bytes) want.length = part_bytes;
    want.limit = left;
    mirrors_.want(want, [this, number, file = *file, first](const std::string& body,
                                                            const std::string& head) {
        auto taken = take_part(number, file, first, body);
        // Whom a thief fooled has other files of the same names.
        if (!taken && is_fault(taken.error()) && head != planned_) taken = other_release();
        return taken;
    });
}

Status FollowedFeed::take_part(std::uint32_t number, const VolumeFile& file, std::uint64_t first,
                               const std::string& body) {
    const auto volume = volumes_.find(number);
    if (volume == volumes_.end() || !volume->second.added || !volume->second.info ||
        holdings_.holds(number, file))
        return done();
    const auto& info = *volume->second.info;
    const auto listed = std::find(info.files.begin(), info.files.end(), file);
    if (listed == info.files.end()) return done();
    const bool last = first + body.size() == file.size;
    if (body.empty() || (!last && body.size() % limits::piece_length != 0))
        return Error{Errc::corrupt, "sends fewer bytes than were asked for"};
    const auto piece = info.first_piece(static_cast<std::size_t>(listed - info.files.begin())) +
                       first / limits::piece_length;
    const auto hashes = hash_pieces_of(body);
    if (info.pieces.compare(20 * piece, hashes.size(), hashes) != 0)
        return Error{Errc::forged, "sends other bytes than the publisher signed"};
    auto& part = parts_[{number, file.name}];
    part = {std::max(part.bytes, first + body.size()), steady_now()};
    add_pieces(volume->second, piece, body);
    return done();
}

void FollowedFeed::add_pieces(const Volume& volume, std::size_t piece, std::string bytes) {
    bytes.resize(pieces_of(bytes.size()) * limits::piece_length);
    around_.swarm.add_pieces(volume.signed_volume.info_hash, piece, std::move(bytes));
}

bool FollowedFeed::fetch_from_source(const Volume& volume) {
    const auto number = volume.number();
    if (copied_ && copied_->first == number && steady_now() < copied_at_ + confirm_seconds)
        return true;
    const auto& files = volume.info->files;
    for (std::size_t i = files.size(); i-- > 0;) {
        const auto& file = files[i];
        const FileKey place(number, file.name);
        if (holdings_.holds(number, file) || !is_wanted(number, file) ||
            not_in_source_.contains(place))
            continue;
        const auto bytes = read_file(source_->volume(number) / file.name, file.size);
        // Size and hash are both the publisher's word, who need not be honest.
        if (!bytes || bytes->size() != file.size || sha256(*bytes) != file.sha256) {
            not_in_source_.insert(place);
            has_work_ = true;
            return true;
        }
        copied_ = place;
        copied_at_ = steady_now();
        add_pieces(volume, volume.info->first_piece(i), *bytes);
        return true;
    }
    return false;
}

/// These files change with every release, and a mirror may be a release behind us
/// or ahead: that is not a lie.
Status FollowedFeed::of_another_release(Status taken) {
    if (taken || taken.error().code != Errc::forged) return taken;
    return other_release();
}

void FollowedFeed::forget_given(std::uint32_t volume) {
    std::erase_if(parts_, [volume](const auto& part) { return part.first.first == volume; });
    if (copied_ && copied_->first == volume) copied_.reset();
}

Status FollowedFeed::take_directory(const std::filesystem::path& root) {
    const FeedDirectory directory{root};
    const auto loaded = load_records_of(directory);
    if (!loaded && loaded.error().code != Errc::stale) return loaded;
    source_ = directory;
    not_in_source_.clear();
    take_shelf_of_source();
    for (auto& [number, volume] : volumes_)
        if (!volume.info) volume.looked_for_info = false;
    // What somebody brought by hand has its turn at once.
    const auto& pending = standing_.pending();
    if (pending && !is_listed(*pending) && reserve() != nullptr &&
        (directory_seq_ == pending->head.seq() || directory_seq_ == reserve()->head.seq())) {
        on_reserve_ = directory_seq_ != pending->head.seq();
        progress_at_ = steady_now();
    }
    advance();
    return done();
}

/// It serves whenever it is the one that the release being fetched signs.
void FollowedFeed::take_shelf_of_source() {
    const auto& pending = standing_.pending();
    const auto& reserve = standing_.reserve();
    if (!source_ || ((!pending || pending->has_shelf()) && (!reserve || reserve->has_shelf())))
        return;
    if (const auto file = read_file(source_->shelf(), limits::shelf))
        static_cast<void>(standing_.take_shelf(*file).ok());
}

Status FollowedFeed::load_records_of(const FeedDirectory& directory) {
    // A revocation goes out even when it strikes the head beside it.
    COLPORT_TRY(take_keyring(COLPORT_TRY(read_file(directory.keyring(), limits::keyring))));
    if (standing_.keys_forked()) return Error{Errc::forked, fork_problem()};
    const auto state = COLPORT_TRY(load_records(directory, around_.clock()));
    if (state.feed != key())
        return Error{Errc::forged,
                     fmt::format("{} holds another feed", directory.root.string())};
    if (!state.head)
        return Error{Errc::not_found, fmt::format("{} has no head", directory.root.string())};
    directory_seq_ = state.head->seq();
    COLPORT_TRY(take_head(state.head->file));
    if (standing_.forked()) return Error{Errc::forked, fork_problem()};
    const auto& pending = standing_.pending();
    if (pending && !pending->has_shelf() && pending->head.same_as(*state.head))
        COLPORT_TRY(standing_.take_shelf(encode_shelf(state.shelf)));
    return done();
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
    const auto loaded = load_records_of(directory_);
    if (!loaded) {
        directory_health_.fails(loaded.error().message);
        return set_problem(loaded.error().message);
    }
    directory_health_.works(around_.clock());
    set_problem("");
    directory_seen_ = stamps;
}

}  // namespace colport
