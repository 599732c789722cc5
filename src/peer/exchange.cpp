#include "peer/exchange.h"

#include <algorithm>
#include <tuple>

#include "core/limits.h"
#include "core/message.h"
#include "feed/head.h"

namespace colport {
namespace {

// A slow mobile link needs seconds for 15 KiB; longer silence is another peer's turn.
constexpr std::int64_t patience_seconds = 20;
// Peers may drop what comes faster than 20 messages a second.
constexpr std::size_t most_in_flight = 4;

}  // namespace

std::size_t limit_of(const pb::Subject& subject) {
    switch (subject.kind()) {
        case pb::Subject::KEYRING: return limits::keyring;
        case pb::Subject::SHELF: return limits::shelf;
        case pb::Subject::LISTING: return limits::info_dictionary;
        default: return 0;
    }
}

pb::Gossip part_of(const pb::Get& get, const std::string& whole) {
    pb::Gossip out;
    auto* part = out.mutable_part();
    *part->mutable_subject() = get.subject();
    part->set_offset(get.offset());
    part->set_total(static_cast<std::uint32_t>(whole.size()));
    if (get.offset() < whole.size())
        part->set_data(whole.substr(get.offset(), limits::gossip_part));
    return out;
}

void Exchange::send(PeerNumber peer, const pb::Gossip& message) {
    swarm_.send(peer, encode_message(message));
}

void Exchange::joined(PeerNumber peer, std::string address, std::int64_t now) {
    peers_[peer].address = std::move(address);
    ask_more(now);
}

void Exchange::left(PeerNumber peer, std::int64_t now) {
    peers_.erase(peer);
    give_up_keyrings_of_nobody();
    for (auto& [key, request] : requests_) {
        request.tried.erase(peer);
        request.fooled.erase(peer);
        if (request.peer == peer) ask_someone(request, now);
    }
    ask_more(now);
}

void Exchange::announced(PeerNumber peer, const pb::Announce& announce) {
    const auto known = peers_.find(peer);
    if (known == peers_.end()) return;
    auto& said = known->second;
    if (said.head != announce.head()) {
        const auto head = read_trusted_head(announce.head());
        said.seq = head ? head->seq() : 0;
        said.volume = head ? head->message.volume() : 0;
        said.head = announce.head();
    }
    if (said.keyring_sha256 != announce.keyring_sha256()) {
        // Or who never answers could have one thing after another asked for.
        for (const auto& [key, request] : requests_)
            if (request.peer == peer && request.subject.kind() == pb::Subject::KEYRING)
                ++said.failures;
        said.keyring_sha256 = announce.keyring_sha256();
    }
    give_up_keyrings_of_nobody();
    for (auto& [key, request] : requests_) request.tried.erase(peer);
}

void Exchange::announce(PeerNumber peer, const pb::Gossip& message, const std::string& what,
                        std::int64_t again_at) {
    auto& known = peers_.at(peer);
    known.told = what;
    known.tell_again_at = again_at;
    send(peer, message);
}

void Exchange::want(const pb::Subject& subject, std::int64_t now, const std::string& head) {
    auto& request = requests_[encode_message(subject)];
    request.subject = subject;
    request.head = head;
    ask_more(now);
}

void Exchange::ask_others(PeerNumber peer, const Received& received, std::int64_t now) {
    if (const auto known = peers_.find(peer); known != peers_.end()) ++known->second.failures;
    auto& request = requests_[encode_message(received.subject)];
    request.subject = received.subject;
    request.head = received.head;
    request.fooled = received.fooled;
    request.fooled.insert(peer);
    ask_more(now);
}

void Exchange::give_up_keyrings_of_nobody() {
    std::erase_if(requests_, [this](const auto& entry) {
        const auto& subject = entry.second.subject;
        return subject.kind() == pb::Subject::KEYRING &&
               std::none_of(peers_.begin(), peers_.end(), [&](const auto& peer) {
                   return peer.second.keyring_sha256 == subject.sha256();
               });
    });
}

std::size_t Exchange::in_flight() const {
    return static_cast<std::size_t>(std::count_if(
        requests_.begin(), requests_.end(), [](const auto& r) { return r.second.peer.has_value(); }));
}

void Exchange::ask_more(std::int64_t now) {
    // Anybody can announce keyrings that he does not have. So whoever kept silent comes
    // last, and one host has one such question open.
    const auto host_of = [this](PeerNumber number) {
        const auto& address = peers_.at(number).address;
        return address.substr(0, address.rfind(':'));
    };
    struct Turn {
        unsigned failures;
        std::optional<std::string> host;   // where a keyring is to be asked for
        Request* request;
    };
    std::vector<Turn> turns;
    std::set<std::string> asked;
    for (auto& [key, request] : requests_) {
        const bool is_keyring = request.subject.kind() == pb::Subject::KEYRING;
        if (request.peer) {
            if (is_keyring) asked.insert(host_of(*request.peer));
        } else if (const auto best = best_for(request)) {
            turns.push_back({is_keyring ? peers_.at(*best).failures : 0,
                             is_keyring ? std::optional(host_of(*best)) : std::nullopt, &request});
        }
    }
    std::stable_sort(turns.begin(), turns.end(),
                     [](const Turn& a, const Turn& b) { return a.failures < b.failures; });
    for (const auto& turn : turns) {
        if (in_flight() >= most_in_flight) return;
        if (turn.host && !asked.insert(*turn.host).second) continue;
        ask_someone(*turn.request, now);
    }
}

void Exchange::give_up_release() {
    std::erase_if(requests_, [](const auto& request) {
        return request.second.subject.kind() != pb::Subject::KEYRING;
    });
}

void Exchange::give_up_listings(std::uint32_t volume) {
    std::erase_if(requests_, [volume](const auto& entry) {
        const auto& subject = entry.second.subject;
        return subject.kind() == pb::Subject::LISTING && subject.volume() == volume;
    });
}

std::optional<PeerNumber> Exchange::best_for(const Request& request) const {
    const auto has_head = [&](const DoorPeer& peer) {
        return !peer.head.empty() && peer.head == request.head;
    };
    const auto rank = [&](const DoorPeer& peer) {
        return std::tuple(~std::uint64_t{peer.failures}, has_head(peer), !peer.head.empty());
    };
    const auto may_have = [&](PeerNumber number, const DoorPeer& peer) {
        if (request.fooled.contains(number) && !has_head(peer)) return false;
        return request.subject.kind() != pb::Subject::KEYRING ||
               peer.keyring_sha256 == request.subject.sha256();
    };
    const std::pair<const PeerNumber, DoorPeer>* best = nullptr;
    for (const auto& entry : peers_)
        if (!request.tried.contains(entry.first) && may_have(entry.first, entry.second) &&
            (best == nullptr || rank(entry.second) > rank(best->second)))
            best = &entry;
    return best == nullptr ? std::nullopt : std::optional(best->first);
}

void Exchange::ask_someone(Request& request, std::int64_t now) {
    request.bytes.clear();
    request.peer = best_for(request);
    if (!request.peer) return;
    request.tried.insert(*request.peer);
    ask_next_part(request, now);
}

void Exchange::ask_next_part(Request& request, std::int64_t now) {
    request.deadline = now + patience_seconds;
    pb::Gossip message;
    *message.mutable_get()->mutable_subject() = request.subject;
    message.mutable_get()->set_offset(static_cast<std::uint32_t>(request.bytes.size()));
    send(*request.peer, message);
}

Result<std::optional<Exchange::Received>> Exchange::take(PeerNumber peer, const pb::Part& part,
                                                         std::int64_t now) {
    const auto found = requests_.find(encode_message(part.subject()));
    // Late answers to a question that went to somebody else meanwhile.
    if (found == requests_.end() || found->second.peer != peer ||
        part.offset() != found->second.bytes.size())
        return std::optional<Received>();
    auto& request = found->second;
    if (part.total() == 0) {
        ask_someone(request, now);
        return std::optional<Received>();
    }
    if (part.total() > limit_of(part.subject()))
        return Error{Errc::too_large, "a peer offered more than the format allows"};
    if (request.bytes.empty()) request.total = part.total();
    // Short parts would keep us waiting for as long as the peer likes.
    if (part.total() != request.total ||
        part.data().size() != std::min<std::size_t>(limits::gossip_part,
                                                    part.total() - request.bytes.size()))
        return Error{Errc::corrupt, "a peer sent parts that do not fit together"};
    request.bytes += part.data();
    if (request.bytes.size() < part.total()) {
        ask_next_part(request, now);
        return std::optional<Received>();
    }
    std::optional<Received> out(Received{request.subject, std::move(request.bytes),
                                         std::move(request.head), std::move(request.fooled)});
    requests_.erase(found);
    ask_more(now);
    return out;
}

void Exchange::tick(std::int64_t now) {
    for (auto& [key, request] : requests_) {
        if (now < request.deadline) continue;
        if (request.peer) {
            if (const auto known = peers_.find(*request.peer); known != peers_.end())
                ++known->second.failures;
            ask_someone(request, now);
        } else {
            // Everybody was asked: begin again, no faster than a slow peer answers.
            request.tried.clear();
            request.deadline = now + patience_seconds;
        }
    }
    ask_more(now);
}

}  // namespace colport
