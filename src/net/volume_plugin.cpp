#include "net/volume_plugin.h"

#include <libtorrent/error_code.hpp>
#include <libtorrent/extensions.hpp>
#include <libtorrent/peer_connection_handle.hpp>

namespace colport {
namespace {

class VolumePeer final : public lt::peer_plugin {
public:
    explicit VolumePeer(lt::peer_connection_handle connection)
        : connection_(std::move(connection)) {}

    bool on_bitfield(const lt::bitfield&) override { return sees_pieces(); }
    bool on_have_all() override { return sees_pieces(); }
    bool on_have_none() override { return sees_pieces(); }

    bool can_disconnect(const lt::error_code& reason) override {
        if (reason == lt::error_code(lt::errors::uninteresting_upload_peer)) return false;
        if (reason != lt::error_code(lt::errors::upload_upload_connection)) return true;
        if (!pieces_known_) return false;
        // As an error of the peer, since only seeds are not called again.
        if (!connection_.is_seed())
            connection_.disconnect(reason, lt::operation_t::bittorrent,
                                   lt::peer_connection_interface::peer_error);
        return true;
    }

private:
    bool sees_pieces() {
        pieces_known_ = true;
        return false;
    }

    lt::peer_connection_handle connection_;
    bool pieces_known_ = false;
};

class VolumePlugin final : public lt::torrent_plugin {
public:
    std::shared_ptr<lt::peer_plugin> new_connection(
        const lt::peer_connection_handle& connection) override {
        return std::make_shared<VolumePeer>(connection);
    }
};

}  // namespace

std::shared_ptr<lt::torrent_plugin> part_in_time() { return std::make_shared<VolumePlugin>(); }

}  // namespace colport
