#pragma once

#include <libtorrent/fwd.hpp>
#include <memory>

/// Private to this floor.
namespace colport {

/// Of two connections by which two peers call each other at once, both ends keep
/// the same one (SPEC "Two calls at once"). By itself libtorrent 2.0.8 hangs up
/// on the incoming one at either end, and both call again in step. One for each
/// torrent, before other plugins.
std::shared_ptr<lt::torrent_plugin> keep_one_call();

}  // namespace colport
