// What a feed's peers say to each other at its door.

#include <algorithm>

#include "core/limits.h"
#include "core/message.h"
#include "feed/listing.h"
#include "feed/shelf.h"
#include "peer/followed_feed.h"

namespace colport {
namespace {

constexpr std::size_t most_remembered = 500;
constexpr int most_of_one_host = 4;
// What is announced may be lost where too much comes at once.
constexpr std::int64_t repeat_seconds = 3600;

/// Could somebody who goes by another keyring take this head for good, which looks forged?
bool may_be_signed_by_others(const std::string& file, const PublicKey& feed) {
    const auto head = read_trusted_head(file);
    return head && head->message.feed() == feed.view() && verify(head->item());
}

/// Of the volume that is asked for, if the release has it by that number and `seq`.
std::optional<InfoHash> signed_hash(const Release& release, const pb::Subject& subject) {
    const auto& head = release.head;
    if (subject.volume() == head.message.volume() && subject.seq() == head.seq())
        return head.info_hash;
    for (const auto& volume : release.shelf.volumes())
        if (volume.number() == subject.volume() && volume.last_seq() == subject.seq())
            return InfoHash::from(volume.info_hash());
    return std::nullopt;
}

}  // namespace

bool FollowedFeed::serves(const InfoHash& torrent) const {
    const auto known = served_.find(torrent);
    return known != served_.end() && known->second.ready;
}

pb::Gossip FollowedFeed::announcement() const {
    pb::Gossip message;
    auto* announce = message.mutable_announce();
    if (const auto& keyring = standing_.keyring())
        announce->set_keyring_sha256(sha256(keyring->file()).str());
    // Only what can be had here already.
    for (const auto* release : to_tell())
        if (serves(release->head.info_hash)) {
            announce->set_head(release->head.file);
            break;
        }
    return message;
}

std::vector<const Release*> FollowedFeed::to_tell() const {
    std::vector<const Release*> out;
    for (const auto* release : {&standing_.pending(), &standing_.whole()}) {
        // What lacks of a side of a fork is not fetched any more.
        const bool is_side = release == &standing_.pending() && standing_.forked();
        if (*release && !is_side && standing_.stands_by((*release)->head))
            out.push_back(&**release);
    }
    return out;
}

const InfoDictionary* FollowedFeed::served_list(const pb::Subject& subject) const {
    // Who heard of a head and gets the list of another release by that number, such as a
    // thief's that is still served, must take it for a lie.
    for (const auto* release : to_tell())
        if (const auto known = signed_hash(*release, subject)) {
            const auto served = served_.find(*known);
            return served == served_.end() ? nullptr : &served->second.info;
        }
    for (const auto& [hash, served] : served_)
        if (served.info.volume == subject.volume() && served.info.seq == subject.seq())
            return &served.info;
    return nullptr;
}

void FollowedFeed::add_listing(pb::Announce& announce, const Exchange::DoorPeer& peer) const {
    const auto ours = read_trusted_head(announce.head());
    if (!ours || peer.seq >= ours->seq()) return;
    const auto& info = served_.at(ours->info_hash).info;
    std::uint32_t held = 0;
    if (peer.volume == info.volume)
        while (held < info.files.size() && release_of(info.files[held].name) <= peer.seq) ++held;
    auto listing = make_listing(info, held);
    if (listing.ByteSizeLong() <= limits::inline_listing) *announce.mutable_listing() = listing;
}

void FollowedFeed::announce_to(const IsPeer& goes) {
    const auto message = announcement();
    const auto what = encode_message(message);
    for (const auto& [number, peer] : exchange_.peers()) {
        if (!goes(peer, what)) continue;
        auto theirs = message;
        // Who joins may know it from elsewhere, and asks if not.
        if (!peer.told.empty() && !theirs.announce().head().empty())
            add_listing(*theirs.mutable_announce(), peer);
        exchange_.announce(number, theirs, what, steady_now() + jittered(repeat_seconds));
    }
}

void FollowedFeed::announce_to_all() {
    announce_to([](const auto& peer, const auto& what) { return peer.told != what; });
}

void FollowedFeed::announce_again() {
    const auto is_due = [now = steady_now()](const Exchange::DoorPeer& peer) {
        return now >= peer.tell_again_at;
    };
    const auto& peers = exchange_.peers();
    if (std::any_of(peers.begin(), peers.end(),
                    [&](const auto& entry) { return is_due(entry.second); }))
        announce_to([&](const auto& peer, const auto&) { return is_due(peer); });
}

void FollowedFeed::on(const PeerJoined& event) {
    exchange_.joined(event.peer, event.address, steady_now());
    announce_to([](const auto& peer, const auto&) { return peer.told.empty(); });
}

void FollowedFeed::on(const PeerLeft& event) {
    const auto known = exchange_.peers().find(event.peer);
    const auto address = known == exchange_.peers().end() ? "" : known->second.address;
    exchange_.left(event.peer, steady_now());
    // We hung up ourselves, or it was a caller.
    if (!has_turn_) return;
    const auto named = named_peers();
    if (exchange_.peers().empty() || std::find(named.begin(), named.end(), address) != named.end()) {
        knock_pause_ = 1;
        knock_at_ = std::min(knock_at_, steady_now() + knock_pause_);
    }
    if (!exchange_.peers().empty()) return;
    mirrors_.look_soon();
    dht_.look_soon();
}

void FollowedFeed::judge(PeerNumber number) {
    const auto known = exchange_.peers().find(number);
    const auto& keyring = standing_.keyring();
    if (!keyring || standing_.keys_forked() || known == exchange_.peers().end() ||
        known->second.head.empty())
        return;
    const auto* newest = standing_.newest();
    const bool same = newest != nullptr && known->second.head == newest->head.file;
    const auto considered = same ? done() : take_head(known->second.head);
    if (considered) {
        remember(known->second.address);
        return;
    }
    // By another keyring a good head may look forged.
    if (!is_judged(known->second.keyring_sha256)) return;
    const auto code = considered.error().code;
    if (is_fault(considered.error())) {
        if (!goes_by_another(known->second.keyring_sha256) ||
            code != Errc::forged || !may_be_signed_by_others(known->second.head, key()))
            around_.swarm.ban(number, considered.error().message);
        return;
    }
    // Not a key that was revoked: whoever announces its head has yet to hear of it.
    if (code == Errc::io || code == Errc::early || code == Errc::unsupported)
        set_problem(considered.error().message);
}

void FollowedFeed::remember(const std::string& address) {
    if (address.ends_with(":0") || remembered_.contains(address) ||
        remembered_.size() >= most_remembered)
        return;
    // Anybody can claim any number of ports.
    const auto host = address.substr(0, address.rfind(':') + 1);
    const auto same = std::count_if(remembered_.begin(), remembered_.end(),
                                    [&](const auto& known) { return known.starts_with(host); });
    if (same >= most_of_one_host) return;
    remembered_.insert(address);
    static_cast<void>(around_.archive.remember_peer(key(), address, around_.clock()).ok());
}

void FollowedFeed::judge_all() {
    std::vector<PeerNumber> numbers;
    for (const auto& [number, peer] : exchange_.peers()) numbers.push_back(number);
    for (const auto number : numbers) judge(number);
}

void FollowedFeed::on(const PeerMessage& event) {
    if (!exchange_.peers().contains(event.peer)) return;
    const auto message =
        parse_message<pb::Gossip>(event.message, limits::gossip_message, "gossip message");
    if (!message) {
        around_.swarm.ban(event.peer, message.error().message);
        return;
    }
    switch (message->kind_case()) {
        case pb::Gossip::kAnnounce: handle_announce(event.peer, message->announce()); break;
        case pb::Gossip::kGet: handle_get(event.peer, message->get()); break;
        case pb::Gossip::kPart: {
            const auto received = exchange_.take(event.peer, message->part(), steady_now());
            if (!received) around_.swarm.ban(event.peer, received.error().message);
            else if (*received) handle_received(event.peer, **received);
            break;
        }
        // A kind that a later version adds.
        case pb::Gossip::KIND_NOT_SET: break;
    }
}

void FollowedFeed::handle_announce(PeerNumber peer, const pb::Announce& announce) {
    exchange_.announced(peer, announce);
    if (!is_judged(announce.keyring_sha256())) {
        pb::Subject subject;
        subject.set_kind(pb::Subject::KEYRING);
        subject.set_sha256(announce.keyring_sha256());
        exchange_.want(subject, steady_now());
    }
    judge(peer);
    // Until now nobody had it.
    if (const auto& pending = standing_.pending(); on_reserve_ && turns_in_vain_ == 0 && !source_ &&
                                                   pending && pending->head.file == announce.head()) {
        on_reserve_ = false;
        progress_at_ = steady_now();
    }
    if (const auto* release = aim(); announce.has_listing() && release != nullptr) {
        plan_volumes(*release);
        // It may build on files that are not held here, which is nobody's lie: then
        // it is asked for as ever.
        static_cast<void>(take_listing(announce.listing()).ok());
    }
    advance();
    for (auto& [number, volume] : volumes_) call_holders(volume);
}

void FollowedFeed::handle_get(PeerNumber peer, const pb::Get& get) {
    const auto& subject = get.subject();
    std::string whole;
    switch (subject.kind()) {
        case pb::Subject::KEYRING:
            if (const auto& keyring = standing_.keyring();
                keyring && (subject.sha256().empty() ||
                            sha256(keyring->file()).view() == subject.sha256()))
                whole = keyring->file();
            break;
        case pb::Subject::SHELF:
            for (const auto* release : {&standing_.pending(), &standing_.whole()})
                if (whole.empty() && *release && !(*release)->shelf_file.empty() &&
                    (*release)->head.message.shelf_sha256() == subject.sha256())
                    whole = (*release)->shelf_file;
            break;
        case pb::Subject::LISTING:
            // A listing is asked for part by part.
            if (const auto* info = served_list(subject)) {
                auto name = std::pair(info, subject.held());
                if (name != listed_.first)
                    listed_ = {name, encode_message(make_listing(*info, subject.held()))};
                whole = listed_.second;
            }
            break;
        default: break;
    }
    exchange_.send(peer, part_of(get, whole));
}

void FollowedFeed::handle_received(PeerNumber peer, const Exchange::Received& received) {
    Status taken = done();
    switch (received.subject.kind()) {
        case pb::Subject::KEYRING: taken = take_asked_keyring(received); break;
        case pb::Subject::SHELF:
            if (sha256(received.bytes).view() != received.subject.sha256())
                taken = Error{Errc::forged, "the shelf does not match the signed head"};
            else if (const auto shelf = standing_.take_shelf(received.bytes); !shelf)
                set_problem(shelf.error().message);
            break;
        case pb::Subject::LISTING: {
            taken = take_asked_listing(received);
            const auto volume = volumes_.find(received.subject.volume());
            if (taken || volume == volumes_.end()) break;
            if (received.subject.held() != 0) {
                // The release may have changed an older file: ask for the whole listing.
                volume->second.info_bytes.clear();
                taken = done();
            } else if (taken.error().code == Errc::forged &&
                       exchange_.peers().at(peer).head != planned_) {
                // Of another release of that number, which this peer takes for the true one.
                exchange_.ask_others(peer, received, steady_now());
                taken = done();
            }
            break;
        }
        default: break;
    }
    if (!taken && is_fault(taken.error())) around_.swarm.ban(peer, taken.error().message);
    // Who was fooled by root keys that were replaced is no reason to be alarmed.
    else if (!taken && taken.error().code != Errc::denied &&
             taken.error().code != Errc::unsupported)
        set_problem(taken.error().message);
    advance();
}

Status FollowedFeed::take_asked_keyring(const Exchange::Received& received) {
    const auto& wanted = received.subject.sha256();
    if (sha256(received.bytes).view() != wanted)
        return Error{Errc::forged, "announced a keyring that it does not have"};
    auto taken = take_keyring(received.bytes);
    if (!taken && is_passing(taken.error())) return taken;
    std::string known_as;
    if (const auto theirs = Keyring::verify(received.bytes, key()))
        known_as = sha256(theirs->file()).str();
    else if (!is_fault(theirs.error()))
        known_as = wanted;
    if (judged_keyrings_.size() >= most_remembered) judged_keyrings_.clear();
    judged_keyrings_.emplace(wanted, std::move(known_as));
    return taken;
}

Status FollowedFeed::take_asked_listing(const Exchange::Received& received) {
    const auto listing = COLPORT_TRY(parse_message<pb::Listing>(
        received.bytes, limits::info_dictionary, "listing of a volume"));
    if (listing.volume() != received.subject.volume() || listing.seq() != received.subject.seq())
        return Error{Errc::corrupt, "a listing of something else than was asked for"};
    return take_listing(listing);
}

bool FollowedFeed::goes_by_another(const std::string& keyring_sha256) const {
    const auto judged = judged_keyrings_.find(keyring_sha256);
    return judged != judged_keyrings_.end() && !judged->second.empty() &&
           sha256(standing_.keyring()->file()).view() != judged->second;
}

bool FollowedFeed::is_judged(const std::string& keyring_sha256) const {
    const auto& keyring = standing_.keyring();
    return keyring_sha256.empty() || judged_keyrings_.contains(keyring_sha256) ||
           (keyring && sha256(keyring->file()).view() == keyring_sha256);
}

pb::Subject FollowedFeed::listing_subject(const Volume& volume, std::uint32_t held) const {
    pb::Subject out;
    out.set_kind(pb::Subject::LISTING);
    out.set_volume(volume.signed_volume.number);
    out.set_seq(volume.signed_volume.seq);
    out.set_held(held);
    return out;
}

Status FollowedFeed::take_listing(const pb::Listing& listing) {
    const auto known = volumes_.find(listing.volume());
    if (known == volumes_.end() || known->second.info || is_stale()) return done();
    auto& volume = known->second;
    InfoDictionary base;
    base.feed = key();
    base.volume = listing.volume();
    if (listing.held() != 0) {
        auto held = parse_info_dictionary(volume.info_bytes);
        if (!held) return Error{Errc::corrupt, "a listing that builds on nothing"};
        base = std::move(*held);
    }
    auto info = COLPORT_TRY(apply_listing(listing, base));
    auto encoded = encode(info);
    auto verified = COLPORT_TRY(verify_info(encoded, volume.signed_volume, key()));
    accept_info(volume, std::move(verified), std::move(encoded));
    return done();
}

void FollowedFeed::call_holders(Volume& volume) {
    if (!volume.added || volume.held || !may_fetch()) return;
    std::vector<Calls::Peer> peers;
    for (const auto& [number, peer] : exchange_.peers()) {
        if (peer.address.ends_with(":0")) continue;
        // Who is ahead of us serves the release before, too.
        peers.push_back({peer.address, peer.seq >= volume.signed_volume.seq});
    }
    const auto& torrent = volume.signed_volume.info_hash;
    const auto stats = stats_.find(torrent);
    const bool comes = stats != stats_.end() && stats->second.download_rate > 0;
    for (const auto& address : volume.calls.next(peers, comes, steady_now()))
        around_.swarm.connect(torrent, address);
}

}  // namespace colport
