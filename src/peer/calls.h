#pragma once

#include <cstdint>
#include <set>
#include <string>
#include <vector>

/// Which peers at the door to connect for one volume. A release is known to all
/// of them at once, and if everybody called whoever has it first, that peer would
/// send it to everybody. So each picks a few peers blindly and calls those of
/// them that have it; only when none does, somebody else who has. One thread.
namespace colport {

class Calls {
public:
    struct Peer {
        std::string address;
        bool has_it = false;
    };
    /// Those to connect now; each at most once in a round.
    std::vector<std::string> next(const std::vector<Peer>& peers, std::int64_t now);

    static constexpr std::size_t most = 6;
    static constexpr std::int64_t round_seconds = 15, patience_seconds = 2;

private:
    void pick(const std::vector<Peer>& peers);

    std::set<std::string> picked_, called_;
    std::int64_t patient_until_ = 0, round_ends_ = 0;
};

}  // namespace colport
