#include "net/volume_plugin.h"

#include <libtorrent/error_code.hpp>
#include <libtorrent/extensions.hpp>
#include <libtorrent/peer_connection_handle.hpp>

namespace colport {
namespace {

class VolumePeer final : public lt::peer_plugin {
public:
    bool can_disconnect(const lt::error_code& reason) override {
        return reason != lt::error_code(lt::errors::uninteresting_upload_peer);
    }
};

class VolumePlugin final : public lt::torrent_plugin {
public:
    std::shared_ptr<lt::peer_plugin> new_connection(const lt::peer_connection_handle&) override {
        return std::make_shared<VolumePeer>();
    }
};

}  // namespace

std::shared_ptr<lt::torrent_plugin> stay_with_new_seeds() {
    return std::make_shared<VolumePlugin>();
}

}  // namespace colport
