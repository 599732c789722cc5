#include "net/volume_plugin.h"

#include <libtorrent/bdecode.hpp>
#include <libtorrent/error_code.hpp>
#include <libtorrent/extensions.hpp>
#include <libtorrent/peer_connection_handle.hpp>
#include <libtorrent/socket.hpp>
#include <set>

namespace colport {
namespace {

constexpr std::size_t most_remembered = 1000;

/// Where peers of one torrent listen that had nothing for us, nor we for them.
using Parted = std::set<lt::tcp::endpoint>;

class VolumePeer final : public lt::peer_plugin {
public:
    VolumePeer(std::shared_ptr<Parted> parted, lt::peer_connection_handle connection)
        : parted_(std::move(parted)),
          connection_(std::move(connection)),
          listens_(connection_.remote()) {}

    void on_connected() override {
        // As an error of the peer: libtorrent gives up after three.
        if (parted_->contains(listens_))
            connection_.disconnect(lt::errors::upload_upload_connection, lt::operation_t::bittorrent,
                                   lt::peer_connection_interface::peer_error);
    }

    bool on_extension_handshake(const lt::bdecode_node& handshake) override {
        if (const auto port = handshake.dict_find_int_value("p", 0);
            !connection_.is_outgoing() && port > 0 && port < 65536)
            listens_.port(static_cast<std::uint16_t>(port));
        return true;
    }

    bool on_bitfield(const lt::bitfield&) override { return sees_pieces(); }
    bool on_have_all() override { return sees_pieces(); }
    bool on_have_none() override { return sees_pieces(); }

    bool can_disconnect(const lt::error_code& reason) override {
        if (reason == lt::error_code(lt::errors::uninteresting_upload_peer))
            return !connection_.is_seed();
        if (reason != lt::error_code(lt::errors::upload_upload_connection)) return true;
        if (!pieces_known_) return false;
        if (!connection_.is_seed() && parted_->size() < most_remembered) parted_->insert(listens_);
        return true;
    }

private:
    bool sees_pieces() {
        pieces_known_ = true;
        return false;
    }

    std::shared_ptr<Parted> parted_;
    lt::peer_connection_handle connection_;
    lt::tcp::endpoint listens_;
    bool pieces_known_ = false;
};

class VolumePlugin final : public lt::torrent_plugin {
public:
    std::shared_ptr<lt::peer_plugin> new_connection(
        const lt::peer_connection_handle& connection) override {
        return std::make_shared<VolumePeer>(parted_, connection);
    }

    void on_state(lt::torrent_status::state_t state) override {
        if (state == lt::torrent_status::downloading) parted_->clear();
    }

private:
    std::shared_ptr<Parted> parted_ = std::make_shared<Parted>();
};

}  // namespace

std::shared_ptr<lt::torrent_plugin> part_in_time() { return std::make_shared<VolumePlugin>(); }

}  // namespace colport
