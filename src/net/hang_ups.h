#pragma once

#include <libtorrent/fwd.hpp>
#include <memory>

/// Private to this floor.
namespace colport {

/// Whom we call and who hangs up without a word has failed. libtorrent takes it for
/// a normal end and calls again a second later, for ever: a peer that knows nothing
/// of the torrent would be called without pause.
std::shared_ptr<lt::torrent_plugin> count_hang_ups();

}  // namespace colport
