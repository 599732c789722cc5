#pragma once

#include <libtorrent/fwd.hpp>
#include <memory>

/// Private to this floor.
namespace colport {

/// When the peers of a volume part. libtorrent 2.0.8 hangs up too early on a peer
/// that has just become a seed, before it looks at what that offers; and on one
/// that wants nothing before it has learnt whether it is a seed, so that two who
/// have all they want call each other again every second. Two who want nothing,
/// seeds or not, part once.
std::shared_ptr<lt::torrent_plugin> part_in_time();

}  // namespace colport
