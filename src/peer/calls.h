#pragma once

#include <cstdint>
#include <set>
#include <string>
#include <vector>

/// Which peers at the door to connect for one volume. A release is known to all
/// of them at once, and if everybody called whoever has it first, that peer would
/// send it to everybody. So each picks a few peers blindly and calls those of
/// them that are in its swarm; only when none is, somebody else who is. While
/// nothing comes, others are called soon. One thread.
namespace colport {

class Calls {
public:
    struct Peer {
        std::string address;
        bool in_swarm = false;   ///< which says nothing of what it has
    };
    /// Those to connect now; each at most once in a round. `comes`: bytes arrive.
    std::vector<std::string> next(const std::vector<Peer>& peers, bool comes, std::int64_t now);

    static constexpr std::size_t most_at_once = 4;
    static constexpr std::int64_t round_seconds = 15, patience_seconds = 2;

private:
    void begin(std::int64_t now);
    void pick(const std::vector<Peer>& peers);

    std::set<std::string> called_;     ///< in this round
    std::set<std::string> picked_;     ///< in this batch of it
    std::size_t batch_ = 0;            ///< called in it
    std::int64_t patient_until_ = 0, round_ends_ = 0;
};

}  // namespace colport
