#include "net/door_plugin.h"

#include <array>
#include <libtorrent/bdecode.hpp>
#include <libtorrent/entry.hpp>
#include <libtorrent/extensions.hpp>
#include <libtorrent/peer_connection_handle.hpp>
#include <libtorrent/peer_info.hpp>

#include "core/limits.h"
#include "net/session_settings.h"

namespace colport {
namespace {

using Clock = std::chrono::steady_clock;

constexpr const char* extension_name = "colport_1";
// What peers write in front of messages to us; clear of libtorrent's own numbers.
constexpr int our_message_id = 42;
constexpr int bep10_message = 20;

// All parts of the largest info dictionary and some gossip fit the burst.
constexpr double messages_burst = 100;
constexpr double messages_per_second = 20;
constexpr double bytes_burst = 2 * limits::mib;
constexpr double bytes_per_second = 256 * limits::kib;
// A peer that asks and does not read the answers costs us no more memory.
constexpr int most_unsent_bytes = 2 * limits::mib;

constexpr auto ban_time = std::chrono::hours(1);
constexpr std::size_t most_bans = 4096;
// Behind one address stand many readers; this many banned ports and it is one liar.
constexpr std::size_t bans_of_whole_address = 8;

/// Addresses refused at a door.
class Bans {
public:
    void add(const lt::tcp::endpoint& peer) {
        const auto now = Clock::now();
        std::erase_if(until_, [now](const auto& ban) { return ban.second < now; });
        if (until_.size() < most_bans) until_[peer] = now + ban_time;
    }

    [[nodiscard]] bool refuses(const lt::tcp::endpoint& peer) const {
        const auto now = Clock::now();
        const auto exact = until_.find(peer);
        if (exact != until_.end() && exact->second >= now) return true;
        if (peer.address().is_loopback()) return false;
        std::size_t count = 0;
        for (auto at = until_.lower_bound({peer.address(), 0});
             at != until_.end() && at->first.address() == peer.address(); ++at)
            if (at->second >= now) ++count;
        return count >= bans_of_whole_address;
    }

private:
    std::map<lt::tcp::endpoint, Clock::time_point> until_;
};

bool parts_seeds(const lt::error_code& reason) {
    static const std::array reasons{
        lt::error_code(lt::errors::upload_upload_connection),
        lt::error_code(lt::errors::uninteresting_upload_peer),
        lt::error_code(lt::errors::torrent_finished),
        lt::error_code(lt::errors::timed_out_no_interest),
        lt::error_code(lt::errors::timed_out_no_request),
    };
    return std::find(reasons.begin(), reasons.end(), reason) != reasons.end();
}

/// A BEP 10 message: length, 20, the peer's number for the extension, body.
std::string framed(int id, const std::string& message) {
    const auto length = static_cast<std::uint32_t>(message.size() + 2);
    std::string out;
    out.reserve(length + 4);
    for (int shift = 24; shift >= 0; shift -= 8) out += static_cast<char>(length >> shift);
    out += static_cast<char>(bep10_message);
    out += static_cast<char>(id);
    return out + message;
}

}  // namespace

TokenBucket::Verdict TokenBucket::take(double cost, Time now) {
    const double passed = std::chrono::duration<double>(now - last_).count();
    level_ = std::min(burst_, level_ + passed * per_second_) - cost;
    last_ = now;
    if (level_ >= 0) return Verdict::pass;
    return level_ >= -burst_ ? Verdict::drop : Verdict::flood;
}

/// One connection at a door. libtorrent's callbacks come on the network thread.
class DoorPeer final : public lt::peer_plugin {
public:
    DoorPeer(std::shared_ptr<DoorPeers> peers, std::shared_ptr<Bans> bans, const InfoHash& door,
             lt::peer_connection_handle connection)
        : peers_(std::move(peers)),
          bans_(std::move(bans)),
          door_(door),
          connection_(std::move(connection)),
          listens_(connection_.remote()),
          messages_(messages_burst, messages_per_second, Clock::now()),
          bytes_(bytes_burst, bytes_per_second, Clock::now()) {}

    ~DoorPeer() override { leave(); }

    lt::string_view type() const override { return extension_name; }

    void add_handshake(lt::entry& handshake) override {
        handshake["m"][extension_name] = our_message_id;
    }

    bool on_extension_handshake(const lt::bdecode_node& handshake) override {
        if (number_ != 0) return true;
        if (connection_.is_disconnecting()) return false;
        const auto names = handshake.dict_find_dict("m");
        const auto id = names ? names.dict_find_int_value(extension_name, 0) : 0;
        if (id <= 0 || id > 255) return false;
        peer_message_id_ = static_cast<int>(id);
        if (!connection_.is_outgoing()) {
            // The port that an incoming connection comes from is nobody's door.
            const auto port = handshake.dict_find_int_value("p", 0);
            listens_.port(port > 0 && port < 65536 ? static_cast<std::uint16_t>(port) : 0);
        }
        if (bans_->refuses(listens_)) {
            disconnect(lt::errors::peer_banned);
            return true;
        }
        join();
        return true;
    }

    bool on_extended(int length, int id, lt::span<const char> body) override {
        if (id != our_message_id) return false;
        if (number_ == 0) return true;
        if (length < 0 || static_cast<std::size_t>(length) > limits::gossip_message) {
            ban();
            return true;
        }
        if (body.size() == length) receive({body.data(), static_cast<std::size_t>(length)});
        return true;
    }

    bool can_disconnect(const lt::error_code& reason) override {
        return number_ == 0 || !parts_seeds(reason);
    }

    void on_disconnect(const lt::error_code&) override { leave(); }

    void send(const std::string& message) {
        lt::peer_info info;
        connection_.get_peer_info(info);
        if (info.used_send_buffer > most_unsent_bytes) return;
        const auto bytes = framed(peer_message_id_, message);
        connection_.send_buffer(bytes.data(), static_cast<int>(bytes.size()));
    }

    void ban() {
        // Behind one proxy stand many who cannot be called: the address is not theirs.
        if (listens_.port() != 0) bans_->add(listens_);
        disconnect(lt::errors::peer_banned);
    }

private:
    void join() {
        number_ = ++peers_->last_number_;
        peers_->peers_.emplace(number_, this);
        if (peers_->sink_(PeerJoined{door_, number_, to_string(listens_)})) return;
        peers_->peers_.erase(number_);
        number_ = 0;
        disconnect(lt::errors::too_many_connections);
    }

    void leave() {
        if (number_ == 0) return;
        peers_->peers_.erase(number_);
        peers_->sink_(PeerLeft{door_, number_});
        number_ = 0;
    }

    void receive(Bytes message) {
        using Verdict = TokenBucket::Verdict;
        const auto now = Clock::now();
        const auto verdict = std::max(messages_.take(1, now),
                                      bytes_.take(static_cast<double>(message.size()), now));
        if (verdict == Verdict::flood) return ban();
        if (verdict == Verdict::drop) return;
        peers_->sink_(PeerMessage{door_, number_, std::string(message)});
    }

    void disconnect(lt::errors::error_code_enum reason) {
        // As an error of the peer, so that libtorrent does not call it back for ever.
        connection_.disconnect(reason, lt::operation_t::bittorrent,
                               lt::peer_connection_interface::peer_error);
    }

    std::shared_ptr<DoorPeers> peers_;
    std::shared_ptr<Bans> bans_;
    InfoHash door_;
    lt::peer_connection_handle connection_;
    lt::tcp::endpoint listens_;
    TokenBucket messages_;
    TokenBucket bytes_;
    PeerNumber number_ = 0;  ///< 0 until the peer is known to speak the extension
    int peer_message_id_ = 0;
};

namespace {

class DoorPlugin final : public lt::torrent_plugin {
public:
    DoorPlugin(std::shared_ptr<DoorPeers> peers, const InfoHash& door)
        : peers_(std::move(peers)), door_(door) {}

    std::shared_ptr<lt::peer_plugin> new_connection(
        const lt::peer_connection_handle& connection) override {
        if (connection.type() != lt::connection_type::bittorrent) return nullptr;
        return std::make_shared<DoorPeer>(peers_, bans_, door_, connection);
    }

private:
    std::shared_ptr<DoorPeers> peers_;
    std::shared_ptr<Bans> bans_ = std::make_shared<Bans>();
    InfoHash door_;
};

}  // namespace

DoorPeers::DoorPeers(SwarmSink sink) : sink_(std::move(sink)) {}
DoorPeers::~DoorPeers() = default;

std::shared_ptr<lt::torrent_plugin> DoorPeers::open(const InfoHash& door) {
    return std::make_shared<DoorPlugin>(shared_from_this(), door);
}

void DoorPeers::send(PeerNumber peer, const std::string& message) {
    const auto found = peers_.find(peer);
    if (found != peers_.end()) found->second->send(message);
}

void DoorPeers::ban(PeerNumber peer) {
    const auto found = peers_.find(peer);
    if (found != peers_.end()) found->second->ban();
}

}  // namespace colport
