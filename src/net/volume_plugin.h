#pragma once

#include <libtorrent/fwd.hpp>
#include <memory>

/// Private to this floor.
namespace colport {

/// Keeps a connection whose peer has just become a seed. libtorrent 2.0.8 looks
/// at what such a peer offers only after it has hung up on it as uninteresting,
/// and calls it again a second or more later. Seeds still part.
std::shared_ptr<lt::torrent_plugin> stay_with_new_seeds();

}  // namespace colport
