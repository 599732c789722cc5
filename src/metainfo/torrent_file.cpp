#include "metainfo/torrent_file.h"

#include <libtorrent/bencode.hpp>
#include <libtorrent/entry.hpp>

#include "core/limits.h"
#include "metainfo/bdecode.h"
#include "metainfo/info_dictionary.h"

namespace colport {

std::string encode(const TorrentFile& torrent) {
    lt::entry out;
    if (!torrent.trackers.empty()) {
        out["announce"] = torrent.trackers.front();
        for (const auto& tracker : torrent.trackers) {
            lt::entry tier(lt::entry::list_t);
            tier.list().emplace_back(tracker);
            out["announce-list"].list().push_back(std::move(tier));
        }
    }
    for (const auto& seed : torrent.web_seeds) out["url-list"].list().emplace_back(seed);
    out["info"] = lt::entry::preformatted_type(torrent.info.begin(), torrent.info.end());
    std::string bytes;
    lt::bencode(std::back_inserter(bytes), out);
    return bytes;
}

Result<std::string> info_of_torrent(Bytes torrent) {
    if (torrent.size() > limits::torrent_file)
        return Error{Errc::too_large, "torrent file is over 2 MiB"};
    const auto root = bdecode_dict(torrent, 10, 100'000);
    if (root.type() == lt::bdecode_node::none_t || !root.dict_find_dict("info"))
        return Error{Errc::corrupt, "not a torrent file"};
    const auto section = root.dict_find_dict("info").data_section();
    return std::string(section.data(), static_cast<std::size_t>(section.size()));
}

std::string one_file_info(std::string_view name, Bytes content) {
    lt::entry out;
    out["length"] = static_cast<std::int64_t>(content.size());
    out["name"] = std::string(name);
    out["piece length"] = 16 * 1024;
    out["pieces"] = info_hash(content).str();
    std::string bytes;
    lt::bencode(std::back_inserter(bytes), out);
    return bytes;
}

}  // namespace colport
