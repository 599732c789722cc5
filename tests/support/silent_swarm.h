#pragma once

#include "net/swarm.h"

namespace colport::test {

/// A network on which nobody ever answers.
struct SilentSwarm : Swarm {
    Status add(const TorrentRequest&) override { return done(); }
    void remove(const InfoHash&) override {}
    void connect(const InfoHash&, const std::string&) override {}
    void hang_up(const InfoHash&) override {}
    void set_urgency(const InfoHash&, const std::vector<Urgency>&) override {}
    void add_pieces(const InfoHash&, std::size_t, std::string) override {}
    void send(PeerNumber, std::string) override {}
    void ban(PeerNumber, const std::string&) override {}
    void find_item(const PublicKey&, const std::string&) override {}
    void put_item(const MutableItem&) override {}
    void request_dht_nodes() override {}
    void request_stats() override {}
    void set_limits(std::int64_t, std::int64_t) override {}
};

}  // namespace colport::test
