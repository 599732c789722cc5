#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "core/result.h"
#include "gossip.pb.h"
#include "net/swarm.h"

/// The conversation at one door (SPEC "Gossip"): who is there, and things asked
/// for in parts, each from one peer at a time. Knows nothing of what the things
/// mean. One thread.
namespace colport {

class Exchange {
public:
    explicit Exchange(Swarm& swarm) : swarm_(swarm) {}

    struct DoorPeer {
        std::string address;
        std::string head;                  ///< as last announced; may be empty
        std::uint64_t seq = 0;             ///< as that head claims, unverified
        std::uint32_t volume = 0;          ///< likewise
        std::string keyring_sha256;        ///< of the file that it announced; may be empty
        unsigned failures = 0;             ///< questions that it left unanswered
    };
    [[nodiscard]] const std::map<PeerNumber, DoorPeer>& peers() const noexcept { return peers_; }

    void joined(PeerNumber peer, std::string address, std::int64_t now);
    void left(PeerNumber peer, std::int64_t now);
    void announced(PeerNumber peer, const pb::Announce& announce);

    /// Asks for `subject` until it arrives or is given up. A second call for the
    /// same subject does nothing.
    void want(const pb::Subject& subject, std::int64_t now);
    /// A volume's listing came another way.
    void give_up_listings(std::uint32_t volume);
    /// Shelves and listings are those of a release that is aimed at no more.
    void give_up_release();

    /// Something asked for, whole. The request is gone: want() it again when it
    /// turns out to be wrong.
    struct Received {
        pb::Subject subject;
        std::string bytes;
    };
    /// Takes one part. Errors: corrupt, too_large (ban the peer).
    Result<std::optional<Received>> take(PeerNumber peer, const pb::Part& part, std::int64_t now);

    /// Asks others where a peer kept silent.
    void tick(std::int64_t now);

    void send(PeerNumber peer, const pb::Gossip& message);

private:
    struct Request {
        pb::Subject subject;
        std::optional<PeerNumber> peer;
        std::set<PeerNumber> tried;
        std::string bytes;
        std::uint32_t total = 0;
        std::int64_t deadline = 0;
    };
    /// Whom to ask next: not yet tried, most promising first.
    [[nodiscard]] std::optional<PeerNumber> best_for(const Request& request) const;
    void ask_someone(Request& request, std::int64_t now);
    void ask_more(std::int64_t now);
    /// Or a peer could have ever more of them asked for.
    void give_up_keyrings_of_nobody();
    [[nodiscard]] std::size_t in_flight() const;
    void ask_next_part(Request& request, std::int64_t now);

    Swarm& swarm_;
    std::map<PeerNumber, DoorPeer> peers_;
    std::map<std::string, Request> requests_;   ///< by encoded subject
};

/// The most bytes that a subject may have.
std::size_t limit_of(const pb::Subject& subject);

/// The part of `whole` that answers `get`; nothing to offer when it is empty.
pb::Gossip part_of(const pb::Get& get, const std::string& whole);

}  // namespace colport
