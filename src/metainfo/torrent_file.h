#pragma once

#include <string>
#include <vector>

#include "core/bytes.h"
#include "core/result.h"

namespace colport {

/// The .torrent around an info dictionary (BEP 3, web seeds of BEP 19).
struct TorrentFile {
    std::string info;                   ///< bytes of the info dictionary
    std::vector<std::string> trackers;
    std::vector<std::string> web_seeds;
};

std::string encode(const TorrentFile& torrent);

/// The bytes of the info dictionary within a .torrent. Errors: corrupt, too_large.
Result<std::string> info_of_torrent(Bytes torrent);

/// The info dictionary of a one-file torrent whose content is `content`.
std::string one_file_info(std::string_view name, Bytes content);

}  // namespace colport
