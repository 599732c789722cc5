#include "peer/dht_watch.h"

#include "feed/keyring.h"

namespace colport {
namespace {

constexpr std::int64_t put_pause_seconds = 3600;
// A DHT that was only just entered finds nothing yet.
constexpr std::int64_t first_pauses_seconds = 30;

}  // namespace

DhtWatch::DhtWatch(Swarm& swarm, const Clock& clock, Inbox& inbox, const PublicKey& feed,
                   std::int64_t pause)
    : swarm_(swarm), clock_(clock), inbox_(inbox), feed_(feed), salt_(head_salt(feed)),
      pause_(pause) {}

void DhtWatch::off(std::string why) {
    off_ = true;
    health_.off(std::move(why));
}

void DhtWatch::tick(std::int64_t now, const Standing& standing, bool serves) {
    if (off_) return;
    if (!put_at_) put_at_ = now + jittered(pause_);
    now_ = now;
    if (now >= look_at_ && looks_ == 0) look(standing);
    if (now >= *put_at_) put(standing, serves);
}

void DhtWatch::look_again() {
    look_soon();
    if (!off_) health_.again();
}

void DhtWatch::look(const Standing& standing) {
    found_ = false;
    health_.trying();
    const auto find = [&](const PublicKey& key, const std::string& salt) {
        ++looks_;
        swarm_.find_item(key, salt);
    };
    look_at_ = now_ + jittered(pause_);
    find(feed_, std::string(keyring_salt));
    const auto& keyring = standing.keyring();
    if (!keyring) return;
    for (const auto& entry : keyring->message().signing())
        if (const auto key = PublicKey::from(entry.key()); key && keyring->may_sign(*key, clock_()))
            find(*key, salt_);
}

void DhtWatch::put(const Standing& standing, bool serves) {
    put_at_ = now_ + jittered(put_pause_seconds);
    if (standing.keyring() && !standing.keys_forked())
        if (const auto item = standing.keyring()->item()) swarm_.put_item(*item);
    const auto* newest = standing.newest();
    if (serves && newest != nullptr && !standing.forked() && standing.stands_by(newest->head))
        swarm_.put_item(newest->head.item());
}

void DhtWatch::on(const ItemFound& event) {
    const auto& item = event.item;
    if (item.key == feed_ && item.salt == keyring_salt) {
        const auto file = Keyring::file_of_item(item.value, item.signature);
        if (!file || !inbox_.take_keyring(*file)) return;
    } else {
        const auto taken = inbox_.take_head(head_file_of(item));
        // A node may know an older release: it was really put once.
        if (!taken && taken.error().code != Errc::stale) return;
    }
    found_ = true;
    health_.works(clock_());
    inbox_.wake();
}

void DhtWatch::on(const ItemLookedUp&) {
    if (looks_ > 0 && --looks_ > 0) return;
    if (found_) return;
    health_.fails("nothing of this feed found");
    look_at_ = std::min(look_at_, now_ + jittered(std::min(pause_, first_pauses_seconds)));
}

void DhtWatch::on(const ItemPut& event) {
    if (event.nodes > 0) return health_.works(clock_());
    const auto again = now_ + jittered(std::min(pause_, first_pauses_seconds));
    put_at_ = std::min(put_at_.value_or(again), again);
}

}  // namespace colport
