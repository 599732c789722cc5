#include "net/one_call.h"

#include <chrono>
#include <libtorrent/bdecode.hpp>
#include <libtorrent/entry.hpp>
#include <libtorrent/error_code.hpp>
#include <libtorrent/extensions.hpp>
#include <libtorrent/peer_connection_handle.hpp>
#include <map>

#include "core/crypto.h"

namespace colport {
namespace {

constexpr const char* nonce_field = "colport_call";
constexpr std::size_t nonce_size = 8;
// Calls that are further apart do not meet.
constexpr std::chrono::seconds at_once{30};

using Clock = std::chrono::steady_clock;

class Call;

/// Of one torrent.
struct Torrent {
    std::string nonce = random_bytes(nonce_size);
    std::map<lt::tcp::endpoint, Call*> outgoing;
};

class Call final : public lt::peer_plugin {
public:
    Call(std::shared_ptr<Torrent> torrent, lt::peer_connection_handle connection)
        : torrent_(std::move(torrent)),
          connection_(std::move(connection)),
          remote_(connection_.remote()) {
        if (connection_.is_outgoing()) torrent_->outgoing[remote_] = this;
    }
    ~Call() override { forget(); }

    void add_handshake(lt::entry& handshake) override { handshake[nonce_field] = torrent_->nonce; }

    bool on_extension_handshake(const lt::bdecode_node& handshake) override {
        const auto theirs = handshake.dict_find_string_value(nonce_field);
        const auto port = handshake.dict_find_int_value("p", 0);
        if (connection_.is_outgoing()) nonce_ = std::string(theirs);
        if (connection_.is_outgoing() || theirs.size() != nonce_size || port <= 0 || port > 65535)
            return true;
        const auto ours = torrent_->outgoing.find(
            {remote_.address(), static_cast<std::uint16_t>(port)});
        if (ours == torrent_->outgoing.end()) return true;
        (ours->second->makes_way_for(theirs) ? ours->second : this)->hang_up();
        return true;
    }

    void on_disconnect(const lt::error_code&) override { forget(); }

private:
    /// Anybody at the same address may claim the same port: an old call stays.
    [[nodiscard]] bool makes_way_for(lt::string_view nonce) const {
        if (Clock::now() > begun_ + at_once) return false;
        // One that is still being set up may never be.
        if (connection_.is_connecting()) return true;
        return (nonce_.empty() || nonce == nonce_) && lt::string_view(torrent_->nonce) < nonce;
    }

    void forget() {
        const auto known = torrent_->outgoing.find(remote_);
        if (known != torrent_->outgoing.end() && known->second == this) torrent_->outgoing.erase(known);
    }

    void hang_up() {
        connection_.disconnect(lt::errors::duplicate_peer_id, lt::operation_t::bittorrent,
                               lt::peer_connection_interface::normal);
    }

    std::shared_ptr<Torrent> torrent_;
    lt::peer_connection_handle connection_;
    lt::tcp::endpoint remote_;
    Clock::time_point begun_ = Clock::now();
    std::string nonce_;   ///< the peer's, once it came
};

class OneCall final : public lt::torrent_plugin {
public:
    std::shared_ptr<lt::peer_plugin> new_connection(
        const lt::peer_connection_handle& connection) override {
        if (connection.type() != lt::connection_type::bittorrent) return nullptr;
        return std::make_shared<Call>(torrent_, connection);
    }

private:
    std::shared_ptr<Torrent> torrent_ = std::make_shared<Torrent>();
};

}  // namespace

std::shared_ptr<lt::torrent_plugin> keep_one_call() { return std::make_shared<OneCall>(); }

}  // namespace colport
