#include "peer/calls.h"

#include "core/crypto.h"

namespace colport {

std::vector<std::string> Calls::next(const std::vector<Peer>& peers, std::int64_t now) {
    if (now >= round_ends_) {
        picked_.clear();
        called_.clear();
        patient_until_ = now + patience_seconds;
        round_ends_ = now + round_seconds;
    }
    pick(peers);
    std::vector<std::string> out;
    const auto call = [&](const Peer& peer) {
        if (peer.has_it && called_.size() < most && called_.insert(peer.address).second)
            out.push_back(peer.address);
    };
    for (const auto& peer : peers)
        if (picked_.contains(peer.address)) call(peer);
    if (called_.empty() && now >= patient_until_)
        for (const auto& peer : peers) call(peer);
    return out;
}

void Calls::pick(const std::vector<Peer>& peers) {
    std::vector<const std::string*> others;
    for (const auto& peer : peers)
        if (!picked_.contains(peer.address)) others.push_back(&peer.address);
    while (picked_.size() < most && !others.empty()) {
        std::swap(others[random_below(static_cast<std::uint32_t>(others.size()))], others.back());
        picked_.insert(*others.back());
        others.pop_back();
    }
}

}  // namespace colport
