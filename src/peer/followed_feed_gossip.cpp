// What a feed's peers say to each other at its door.

#include "core/limits.h"
#include "core/message.h"
#include "feed/listing.h"
#include "feed/shelf.h"
#include "peer/followed_feed.h"

namespace colport {

pb::Gossip FollowedFeed::announcement() const {
    pb::Gossip message;
    auto* announce = message.mutable_announce();
    announce->set_keyring_version(keyring_ ? keyring_->version() : 0);
    // Only what can be had here already, and what the keyring stands by.
    const auto good = [&](const Head& head) {
        return served_.contains(head.info_hash) && keyring_ &&
               keyring_->may_sign(head.signer, head.message.time());
    };
    if (pending_ && good(*pending_)) announce->set_head(pending_->file);
    else if (head_ && good(*head_)) announce->set_head(head_->file);
    return message;
}

void FollowedFeed::announce_to_all() {
    const auto message = announcement();
    auto encoded = encode_message(message);
    if (encoded == announced_) return;
    announced_ = std::move(encoded);
    for (const auto& [number, peer] : exchange_.peers()) exchange_.send(number, message);
}

void FollowedFeed::on_joined(const PeerJoined& event) {
    exchange_.joined(event.peer, event.address, steady_now());
    exchange_.send(event.peer, announcement());
    knock_pause_ = 1;
    for (const auto& [number, volume] : volumes_)
        if (volume.added && !volume.imported)
            around_.swarm.connect(volume.signed_volume.info_hash, event.address);
}

void FollowedFeed::on_left(const PeerLeft& event) {
    exchange_.left(event.peer, steady_now());
}

void FollowedFeed::on_message(const PeerMessage& event) {
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
    if (announce.keyring_version() > (keyring_ ? keyring_->version() : 0)) {
        pb::Subject subject;
        subject.set_kind(pb::Subject::KEYRING);
        exchange_.want(subject, steady_now());
    }
    judge(peer);
    advance();
}

void FollowedFeed::handle_get(PeerNumber peer, const pb::Get& get) {
    const auto& subject = get.subject();
    std::string whole;
    switch (subject.kind()) {
        case pb::Subject::KEYRING:
            if (keyring_) whole = keyring_->file();
            break;
        case pb::Subject::SHELF:
            for (const auto* shelf : {&shelf_file_, &record_.shelf})
                if (whole.empty() && !shelf->empty() &&
                    sha256(*shelf).view() == subject.sha256())
                    whole = *shelf;
            break;
        case pb::Subject::LISTING:
            for (const auto& [hash, info] : served_)
                if (info.volume == subject.volume() && info.seq == subject.seq())
                    whole = encode_message(make_listing(info, subject.held()));
            break;
        default: break;
    }
    exchange_.send(peer, part_of(get, whole));
}

void FollowedFeed::handle_received(PeerNumber peer, const Exchange::Received& received) {
    Status taken = done();
    switch (received.subject.kind()) {
        case pb::Subject::KEYRING:
            taken = take_keyring(peer, received.bytes);
            break;
        case pb::Subject::SHELF: {
            if (sha256(received.bytes).view() != received.subject.sha256()) {
                taken = Error{Errc::forged, "the shelf does not match the signed head"};
                break;
            }
            auto shelf = parse_shelf(received.bytes, record_.feed);
            if (shelf) {
                shelf_file_ = received.bytes;
                shelf_ = std::move(*shelf);
            } else {
                set_problem(shelf.error().message);
            }
            break;
        }
        case pb::Subject::LISTING: taken = take_listing(received.subject, received.bytes); break;
        default: break;
    }
    if (!taken && taken.error().code != Errc::io && taken.error().code != Errc::denied)
        around_.swarm.ban(peer, taken.error().message);
    else if (!taken)
        set_problem(taken.error().message);
    advance();
}

Status FollowedFeed::take_keyring(PeerNumber peer, const std::string& file) {
    COLPORT_TRY(consider_keyring(file));
    const auto known = exchange_.peers().find(peer);
    const auto keyring = COLPORT_TRY(Keyring::verify(file, record_.feed));
    if (known != exchange_.peers().end() && keyring.version() < known->second.keyring_version)
        return Error{Errc::forged, "announced a keyring that it does not have"};
    judge_all();
    return done();
}

pb::Subject FollowedFeed::listing_subject(const Volume& volume, std::uint32_t held) const {
    pb::Subject out;
    out.set_kind(pb::Subject::LISTING);
    out.set_volume(volume.signed_volume.number);
    out.set_seq(seq_of(volume.signed_volume));
    out.set_held(held);
    return out;
}

std::uint64_t FollowedFeed::seq_of(const SignedVolume& volume) const {
    for (const auto& sealed : shelf_.volumes())
        if (sealed.number() == volume.number) return sealed.last_seq();
    return target() != nullptr ? target()->seq() : 0;
}

Status FollowedFeed::take_listing(const pb::Subject& subject, const std::string& bytes) {
    const auto known = volumes_.find(subject.volume());
    if (known == volumes_.end() || known->second.info) return done();
    auto& volume = known->second;
    const auto listing = COLPORT_TRY(
        parse_message<pb::Listing>(bytes, limits::info_dictionary, "listing of a volume"));
    InfoDictionary base;
    base.feed = record_.feed;
    base.volume = subject.volume();
    if (listing.held() != 0) {
        auto held = parse_info_dictionary(volume.info_bytes);
        if (!held) return Error{Errc::corrupt, "a listing that builds on nothing"};
        base = std::move(*held);
    }
    auto info = COLPORT_TRY(apply_listing(listing, base));
    auto encoded = encode(info);
    auto verified = verify_info(encoded, volume.signed_volume, record_.feed);
    if (!verified && listing.held() != 0) {
        // The release may have changed an older file: ask for the whole listing.
        volume.info_bytes.clear();
        return done();
    }
    if (!verified) return std::move(verified).error();
    accept_info(volume, std::move(*verified), std::move(encoded));
    return done();
}

void FollowedFeed::connect_door_peers(const Volume& volume) {
    for (const auto& [number, peer] : exchange_.peers())
        around_.swarm.connect(volume.signed_volume.info_hash, peer.address);
}

}  // namespace colport
