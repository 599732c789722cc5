#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "core/message.h"
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
        /// Questions that it left unanswered, or answered with something else.
        unsigned failures = 0;
        std::string told;                  ///< what it was told last; empty: nothing yet
        std::int64_t tell_again_at = 0;
    };
    [[nodiscard]] const std::map<PeerNumber, DoorPeer>& peers() const noexcept { return peers_; }

    void joined(PeerNumber peer, std::string address, std::int64_t now);
    void left(PeerNumber peer, std::int64_t now);
    void announced(PeerNumber peer, const pb::Announce& announce);
    /// Tells a peer `what`, of which `message` may say more.
    void announce(PeerNumber peer, const pb::Gossip& message, const std::string& what,
                  std::int64_t again_at);

    /// Asks for `subject` until it arrives or is given up, first of those who announce
    /// `head`, the one that it belongs to. A second call for the same subject only
    /// takes over the head.
    void want(const pb::Subject& subject, std::int64_t now, const std::string& head = {});
    /// It came another way.
    void give_up(const pb::Subject& subject) { requests_.erase(encode_message(subject)); }
    /// A volume's listing did.
    void give_up_listings(std::uint32_t volume);
    /// Shelves and listings are those of a release that is aimed at no more.
    void give_up_release();

    /// Something asked for, whole. The request is gone: want() it again when it
    /// turns out to be wrong.
    struct Received {
        pb::Subject subject;
        std::string bytes;
        std::string head;                  ///< as it was given to want()
        std::set<PeerNumber> fooled;       ///< see ask_others()
    };
    /// Takes one part. Errors: corrupt, too_large (ban the peer).
    Result<std::optional<Received>> take(PeerNumber peer, const pb::Part& part, std::int64_t now);
    /// What came is wrong, but `peer` may believe in it, since it announces another head:
    /// it is asked for that again only when it announces the one of the question.
    void ask_others(PeerNumber peer, const Received& received, std::int64_t now);

    /// Asks others where a peer kept silent.
    void tick(std::int64_t now);

    void send(PeerNumber peer, const pb::Gossip& message);

private:
    struct Request {
        pb::Subject subject;
        std::string head;
        std::optional<PeerNumber> peer;
        std::set<PeerNumber> tried, fooled;
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
