#include "net/hang_ups.h"

#include <libtorrent/error_code.hpp>
#include <libtorrent/extensions.hpp>
#include <libtorrent/peer_connection.hpp>
#include <libtorrent/peer_connection_handle.hpp>
#include <libtorrent/span.hpp>
#include <libtorrent/torrent_peer.hpp>

namespace colport {
namespace {

constexpr std::uint32_t most_failures = 31;   // what the field holds

class Called final : public lt::peer_plugin {
public:
    explicit Called(lt::peer_connection_handle connection) : connection_(std::move(connection)) {}

    bool on_handshake(lt::span<const char>) override {
        heard_ = true;
        return true;
    }

    void on_disconnect(const lt::error_code&) override {
        const auto connection = connection_.native_handle();
        // libtorrent counts what failed by itself.
        if (heard_ || !connection || connection->failed()) return;
        if (auto* peer = connection->peer_info_struct(); peer && peer->failcount < most_failures)
            ++peer->failcount;
    }

private:
    lt::peer_connection_handle connection_;
    bool heard_ = false;
};

class HangUps final : public lt::torrent_plugin {
public:
    std::shared_ptr<lt::peer_plugin> new_connection(
        const lt::peer_connection_handle& connection) override {
        if (connection.type() != lt::connection_type::bittorrent || !connection.is_outgoing())
            return nullptr;
        return std::make_shared<Called>(connection);
    }
};

}  // namespace

std::shared_ptr<lt::torrent_plugin> count_hang_ups() { return std::make_shared<HangUps>(); }

}  // namespace colport
