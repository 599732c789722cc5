#include "peer/followed_feed.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>

#include "feed/files.h"
#include "feed/shelf.h"

namespace colport {

FollowedFeed::FollowedFeed(Surroundings around, FeedRecord record, Holdings holdings)
    : around_(around), record_(std::move(record)), directory_{record_.directory},
      door_(door_of(record_.feed)), exchange_(around.swarm), holdings_(std::move(holdings)),
      shelf_(empty_shelf(record_.feed)) {
    link_.feed = record_.feed;
}

FollowedFeed::~FollowedFeed() = default;

Result<std::unique_ptr<FollowedFeed>> FollowedFeed::open(Surroundings around, FeedRecord record) {
    auto holdings = COLPORT_TRY(Holdings::load(around.archive, record.feed, {record.directory}));
    std::unique_ptr<FollowedFeed> out(
        new FollowedFeed(around, std::move(record), std::move(holdings)));
    COLPORT_TRY(out->restore());
    return out;
}

Status FollowedFeed::restore() {
    if (!record_.link.empty()) link_ = COLPORT_TRY(parse_link(record_.link));
    if (!record_.keyring.empty())
        keyring_ = COLPORT_TRY(Keyring::verify(record_.keyring, record_.feed));
    if (!record_.head.empty()) head_ = COLPORT_TRY(read_trusted_head(record_.head));
    if (!record_.pending_head.empty())
        pending_ = COLPORT_TRY(read_trusted_head(record_.pending_head));
    if (!record_.shelf.empty()) {
        shelf_file_ = record_.shelf;
        shelf_ = COLPORT_TRY(parse_shelf(shelf_file_, record_.feed));
    }
    return done();
}

Status FollowedFeed::start() {
    if (!record_.in_place) {
        COLPORT_TRY(make_directory(directory_.volumes(), 0700));
        if (!stamp_of(directory_.key()))
            COLPORT_TRY(write_file(directory_.key(), door_.content));
    }
    TorrentRequest request;
    request.info = door_.info;
    request.save_path = directory_.root;
    request.have = {true};
    request.trackers = link_.trackers;
    request.peers = link_.peers;
    request.peers.insert(request.peers.end(), around_.settings.peers.begin(),
                         around_.settings.peers.end());
    request.door = true;
    COLPORT_TRY(around_.swarm.add(request));
    serve_held();
    if (record_.in_place) read_directory();
    advance();
    return done();
}

void FollowedFeed::stop() {
    for (const auto& torrent : torrents_) around_.swarm.remove(torrent);
    around_.swarm.remove(door_.info_hash);
    torrents_.clear();
}

void FollowedFeed::add_link(const Link& link) {
    for (const auto& peer : link.peers) {
        if (std::find(link_.peers.begin(), link_.peers.end(), peer) == link_.peers.end())
            link_.peers.push_back(peer);
        around_.swarm.connect(door_.info_hash, peer);
    }
    if (link_.name.empty()) link_.name = link.name;
    for (const auto& tracker : link.trackers)
        if (std::find(link_.trackers.begin(), link_.trackers.end(), tracker) ==
            link_.trackers.end())
            link_.trackers.push_back(tracker);
    if (const auto merged = to_string(link_); parse_link(merged)) record_.link = merged;
    if (auto saved = save(); !saved) set_problem(saved.error().message);
}

bool FollowedFeed::owns(const InfoHash& torrent) const {
    return torrent == door_.info_hash ||
           std::find(torrents_.begin(), torrents_.end(), torrent) != torrents_.end();
}

const Head* FollowedFeed::target() const {
    return pending_ ? &*pending_ : head_ ? &*head_ : nullptr;
}

Status FollowedFeed::consider_keyring(const std::string& file) {
    auto keyring = COLPORT_TRY(Keyring::verify(file, record_.feed));
    if (keyring_ && keyring.version() <= keyring_->version()) return done();
    keyring_ = std::move(keyring);
    record_.keyring = file;
    record_.name = keyring_->message().name();
    if (pending_ && !keyring_->may_sign(pending_->signer, pending_->message.time())) {
        pending_.reset();
        record_.pending_head.clear();
    }
    COLPORT_TRY(save());
    if (!record_.in_place) COLPORT_TRY(write_file(directory_.keyring(), file));
    announce_to_all();
    return done();
}

Status FollowedFeed::consider_head(const std::string& file) {
    if (!keyring_) return Error{Errc::not_found, "no keyring of the feed yet"};
    auto head = COLPORT_TRY(verify_head(file, *keyring_, record_.seen_seq, around_.clock()));
    if (!record_.fork_head.empty()) return done();
    if (head.seq() == record_.seen_seq) {
        const auto* known = target();
        if (known != nullptr && known->seq() == head.seq()) {
            if (!known->same_as(head)) return note_fork(head);
            return done();
        }
    }
    record_.seen_seq = head.seq();
    record_.pending_head = file;
    pending_ = std::move(head);
    exchange_.give_up_all();
    return save();
}

Status FollowedFeed::note_fork(const Head& other) {
    record_.fork_head = other.file;
    record_.pending_head.clear();
    pending_.reset();
    exchange_.give_up_all();
    set_problem("two different releases carry the same number: the key may be in other hands");
    return save();
}

void FollowedFeed::judge(PeerNumber number) {
    const auto known = exchange_.peers().find(number);
    if (!keyring_ || known == exchange_.peers().end() || known->second.head.empty()) return;
    const auto* newest = target();
    if (newest != nullptr && known->second.head == newest->file) return;
    const auto considered = consider_head(known->second.head);
    if (considered || known->second.keyring_version > keyring_->version()) return;
    // With an older keyring a good head may look forged; this one was judged by
    // the keyring that its sender goes by.
    const auto code = considered.error().code;
    if (code == Errc::forged || code == Errc::corrupt || code == Errc::too_large)
        around_.swarm.ban(number, considered.error().message);
    else if (code == Errc::io || code == Errc::denied || code == Errc::early ||
             code == Errc::unsupported)
        set_problem(considered.error().message);
}

void FollowedFeed::judge_all() {
    std::vector<PeerNumber> numbers;
    for (const auto& [number, peer] : exchange_.peers()) numbers.push_back(number);
    for (const auto number : numbers) judge(number);
}

void FollowedFeed::on_file_completed(const FileCompleted& event) {
    for (const auto& [number, volume] : volumes_)
        if (volume.signed_volume.info_hash == event.torrent)
            unconfirmed_.insert({number, event.name});
    confirm_completed();
    advance();
}

void FollowedFeed::on_torrent_failed(const TorrentFailed& event) {
    set_problem(event.message);
    if (event.torrent == door_.info_hash) return;
    // A full disk or a file that went missing: look again, a while later.
    retire(event.torrent);
    retry_at_ = steady_now() + 30;
    for (auto& [number, volume] : volumes_) {
        if (volume.signed_volume.info_hash != event.torrent) continue;
        volume.added = volume.imported = false;
        volume.looked_at = 0;
    }
}

void FollowedFeed::on_stats(const SwarmStats& stats) {
    for (const auto& torrent : stats.torrents)
        if (owns(torrent.torrent)) stats_[torrent.torrent] = torrent;
}

void FollowedFeed::tick() {
    exchange_.tick(steady_now());
    if (exchange_.peers().empty()) knock();
    if (keyring_) judge_all();
    confirm_completed();
    if (record_.in_place) read_directory();
    for (const auto& [number, volume] : volumes_)
        if (volume.added && !volume.imported) connect_door_peers(volume);
    advance();
}

void FollowedFeed::knock() {
    const auto now = steady_now();
    if (now < knock_at_) return;
    knock_at_ = now + knock_pause_;
    // Nobody answers: asking every second would be a pattern to watch for.
    knock_pause_ = std::min<std::int64_t>(2 * knock_pause_, 64);
    for (const auto& peers : {link_.peers, around_.settings.peers})
        for (const auto& peer : peers) around_.swarm.connect(door_.info_hash, peer);
}

FeedStatus FollowedFeed::status() const {
    FeedStatus out;
    out.feed = record_.feed;
    out.name = record_.name.empty() ? link_.name : record_.name;
    out.state = state_of(record_.head, pending_.has_value(), !record_.fork_head.empty(),
                         around_.clock());
    out.seq = head_ ? head_->seq() : 0;
    out.seen_seq = record_.seen_seq;
    out.problem = problem_;
    out.peers = static_cast<int>(exchange_.peers().size());
    out.bytes_received = gone_.bytes_received;
    out.bytes_sent = gone_.bytes_sent;
    out.payload_received = gone_.payload_received;
    out.payload_sent = gone_.payload_sent;
    for (const auto& [hash, torrent] : stats_) {
        out.bytes_received += torrent.bytes_received;
        out.bytes_sent += torrent.bytes_sent;
        out.payload_received += torrent.payload_received;
        out.payload_sent += torrent.payload_sent;
    }
    for (const auto& [number, volume] : volumes_) {
        const auto known = stats_.find(volume.signed_volume.info_hash);
        if (known == stats_.end()) continue;
        out.pieces_total += known->second.pieces_total;
        out.pieces_have += known->second.pieces_have;
    }
    return out;
}

void FollowedFeed::set_problem(std::string problem) {
    if (problem != problem_ && !problem.empty())
        fmt::print(stderr, "colportd: {}: {}\n", record_.feed.hex().substr(0, 16), problem);
    problem_ = std::move(problem);
}

std::int64_t FollowedFeed::steady_now() {
    return std::chrono::duration_cast<std::chrono::seconds>(
               std::chrono::steady_clock::now().time_since_epoch())
        .count();
}

Status FollowedFeed::save() { return around_.archive.save_feed(record_); }

}  // namespace colport
