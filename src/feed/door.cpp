#include "feed/door.h"

#include "core/minisign.h"
#include "metainfo/info_dictionary.h"
#include "metainfo/torrent_file.h"

namespace colport {

Door door_of(const PublicKey& feed) {
    Door out;
    out.content = minisign::public_key_file(feed);
    out.info = one_file_info(door_file_name, out.content);
    out.info_hash = info_hash(out.info);
    return out;
}

}  // namespace colport
