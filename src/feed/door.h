#pragma once

#include <string>

#include "core/bytes.h"

/// The tiny constant torrent whose swarm all followers of a feed join
/// (SPEC "Door"). It follows from the root key alone.
namespace colport {

inline constexpr const char* door_file_name = "feed.pub";

struct Door {
    std::string content;   ///< of the one file, feed.pub
    std::string info;      ///< bytes of the info dictionary
    InfoHash info_hash;
};

Door door_of(const PublicKey& feed);

}  // namespace colport
