#include "peer/calls.h"

#include "core/crypto.h"

namespace colport {

std::vector<std::string> Calls::next(const std::vector<Peer>& peers, bool comes,
                                     std::int64_t now) {
    if (now >= round_ends_) {
        called_.clear();
        round_ends_ = now + round_seconds;
        begin(now);
    } else if (now >= patient_until_ && batch_ > 0 && !comes) {
        begin(now);
    }
    pick(peers);
    std::vector<std::string> out;
    const auto call = [&](const Peer& peer) {
        if (!peer.in_swarm || batch_ >= most_at_once || !called_.insert(peer.address).second) return;
        out.push_back(peer.address);
        ++batch_;
    };
    for (const auto& peer : peers)
        if (picked_.contains(peer.address)) call(peer);
    if (batch_ == 0 && now >= patient_until_)
        for (const auto& peer : peers) call(peer);
    return out;
}

void Calls::begin(std::int64_t now) {
    picked_.clear();
    batch_ = 0;
    patient_until_ = now + patience_seconds;
}

void Calls::pick(const std::vector<Peer>& peers) {
    std::vector<const std::string*> others;
    for (const auto& peer : peers)
        if (!picked_.contains(peer.address) && !called_.contains(peer.address))
            others.push_back(&peer.address);
    while (picked_.size() < most_at_once && !others.empty()) {
        std::swap(others[random_below(static_cast<std::uint32_t>(others.size()))], others.back());
        picked_.insert(*others.back());
        others.pop_back();
    }
}

}  // namespace colport
