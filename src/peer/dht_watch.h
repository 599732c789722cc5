#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "net/swarm.h"
#include "peer/carrier.h"
#include "peer/standing.h"

namespace colport {

/// One feed's items in the DHT (SPEC "Items in the DHT"): looks for a newer
/// keyring and head, and puts again, about hourly, what the publisher signed, so
/// that the feed needs no machine with a key. One thread.
class DhtWatch {
public:
    /// Borrows all; looks about every `pause` seconds.
    DhtWatch(Swarm& swarm, const Clock& clock, Inbox& inbox, const PublicKey& feed,
             std::int64_t pause);

    /// Why the DHT is not used; nothing is looked for then.
    void off(std::string why);
    /// `now` of a clock that nobody sets, in seconds. `serves`: the torrent of the
    /// newest release is in the swarm, so others may be told of it.
    void tick(std::int64_t now, const Standing& standing, bool serves);
    void look_soon() { look_at_ = 0; }
    /// As above, and what was found before does not count.
    void look_again();
    /// What the publisher's own machine serves does not wait for its turn.
    void put_soon() { put_at_ = 0; }

    void on(const ItemFound& event);
    void on(const ItemLookedUp& event);
    void on(const ItemPut& event);

    /// Of the feed's heads.
    [[nodiscard]] const std::string& salt() const noexcept { return salt_; }
    [[nodiscard]] bool is_working() const noexcept { return health_.is_working(); }
    [[nodiscard]] CarrierStatus status() const { return health_.status("dht"); }

private:
    void look(const Standing& standing);
    void put(const Standing& standing, bool serves);

    Swarm& swarm_;
    const Clock& clock_;
    Inbox& inbox_;
    PublicKey feed_;
    std::string salt_;              ///< of heads
    std::int64_t pause_;
    std::int64_t look_at_ = 0;
    std::optional<std::int64_t> put_at_;   ///< nothing before the first tick, unless soon
    std::int64_t now_ = 0;
    bool off_ = false;
    bool found_ = false;            ///< in the looks under way
    int looks_ = 0;                 ///< under way
    Health health_;
};

}  // namespace colport
