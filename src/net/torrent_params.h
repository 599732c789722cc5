#pragma once

#include <libtorrent/add_torrent_params.hpp>
#include <vector>

#include "core/result.h"
#include "net/swarm.h"

/// Private to this floor: what a torrent is to libtorrent.
namespace colport {

/// Errors: corrupt (also what is not version 1 of BitTorrent).
Result<lt::add_torrent_params> params_of(const TorrentRequest& request, Reach reach);

/// By piece. `files` leaves pads out.
std::vector<lt::download_priority_t> priorities_of(const lt::torrent_info& info,
                                                   const std::vector<Urgency>& files);

/// By file: whether its completion is no news, since all its pieces are held.
std::vector<bool> files_held(const lt::add_torrent_params& params);

}  // namespace colport
