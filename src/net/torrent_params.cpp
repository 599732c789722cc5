#include "net/torrent_params.h"

#include <algorithm>
#include <libtorrent/bdecode.hpp>
#include <libtorrent/torrent_flags.hpp>
#include <libtorrent/torrent_info.hpp>

#include "core/limits.h"
#include "net/session_settings.h"

namespace colport {
namespace {

// "d4:info", the dictionary, "e": one level and a few tokens around it.
constexpr int most_depth = 8;
constexpr int most_tokens = 64 * static_cast<int>(limits::files_per_volume);

Result<std::shared_ptr<lt::torrent_info>> load(const std::string& info) {
    if (info.size() > limits::info_dictionary)
        return Error{Errc::corrupt, "info dictionary is over 1 MiB"};
    const std::string wrapped = "d4:info" + info + "e";
    lt::error_code error;
    lt::bdecode_node root;
    const auto refuse = [&](const std::string& why) {
        return Error{Errc::corrupt, "info dictionary refused: " + why};
    };
    lt::bdecode(wrapped.data(), wrapped.data() + wrapped.size(), root, error, nullptr, most_depth,
                most_tokens);
    if (error) return refuse(error.message());
    const auto dictionary = root.dict_find_dict("info");
    // Version 2 of BitTorrent has memory-safety bugs in the libtorrent of Debian 12.
    if (!dictionary || dictionary.dict_find("meta version") || dictionary.dict_find("file tree"))
        return refuse("not BitTorrent version 1");
    // What follows the dictionary would be read as keys of the wrapping.
    if (dictionary.data_section().size() != static_cast<std::ptrdiff_t>(info.size()))
        return refuse("bytes after its end");
    lt::load_torrent_limits bounds;
    bounds.max_buffer_size = static_cast<int>(limits::info_dictionary) + 16;
    bounds.max_pieces = static_cast<int>(limits::info_dictionary / 20);
    bounds.max_decode_depth = most_depth;
    bounds.max_decode_tokens = most_tokens;
    try {
        auto out = std::make_shared<lt::torrent_info>(root, bounds);
        if (out->info_hashes().has_v2()) return refuse("not BitTorrent version 1");
        return out;
    } catch (const std::exception& failure) {
        return refuse(failure.what());
    }
}

}  // namespace

std::vector<lt::download_priority_t> priorities_of(const lt::torrent_info& info,
                                                   const std::vector<Urgency>& files) {
    std::vector<lt::download_priority_t> out(static_cast<std::size_t>(info.num_pieces()),
                                             lt::default_priority);
    auto urgency = files.begin();
    for (const auto file : info.files().file_range()) {
        if (info.files().pad_file_at(file)) continue;
        if (urgency == files.end()) break;
        const auto priority = *urgency == Urgency::never   ? lt::dont_download
                              : *urgency == Urgency::later ? lt::low_priority
                                                           : lt::top_priority;
        ++urgency;
        const auto begin = info.files().file_offset(file) / info.piece_length();
        const auto end = (info.files().file_offset(file) + info.files().file_size(file) +
                          info.piece_length() - 1) / info.piece_length();
        std::fill(out.begin() + begin, out.begin() + end, priority);
    }
    return out;
}

Result<lt::add_torrent_params> params_of(const TorrentRequest& request, Reach reach) {
    lt::add_torrent_params out;
    out.ti = COLPORT_TRY(load(request.info));
    const auto pieces = static_cast<std::size_t>(out.ti->num_pieces());
    if (!request.have.empty() && request.have.size() != pieces)
        return Error{Errc::corrupt, "the pieces held are not those of the info dictionary"};
    // Full length even when nothing is held: a missing list makes libtorrent
    // read and hash whatever lies in the folder.
    out.have_pieces.resize(static_cast<int>(pieces), false);
    for (std::size_t i = 0; i < request.have.size(); ++i)
        if (request.have[i]) out.have_pieces.set_bit(lt::piece_index_t(static_cast<int>(i)));
    out.save_path = request.save_path.string();
    out.storage_mode = lt::storage_mode_sparse;
    // Once ready it is resumed: then libtorrent connects peers at once, and not with
    // its tick of a second.
    out.flags = lt::torrent_flags::apply_ip_filter | lt::torrent_flags::duplicate_is_error |
                lt::torrent_flags::paused;
    // At the door peers tell each other of peers. A volume would call every one of
    // them, and each call is a key exchange and kilobytes.
    if (!request.door) out.flags |= lt::torrent_flags::disable_pex;
    if (request.quiet) out.flags |= lt::torrent_flags::disable_dht | lt::torrent_flags::disable_lsd;
    if (!request.files.empty()) out.piece_priorities = priorities_of(*out.ti, request.files);
    for (const auto& address : request.peers)
        if (const auto endpoint = parse_endpoint(address); endpoint && endpoint->port() != 0)
            out.peers.push_back(*endpoint);
    // A tracker may answer with peers by name, and libtorrent looks them up on this
    // computer even when all else goes through a proxy: in the open alone.
    if (reach == Reach::open) out.trackers = request.trackers;
    return out;
}

std::vector<bool> files_held(const lt::add_torrent_params& params) {
    const auto& files = params.ti->files();
    const auto has_piece_at = [&](std::int64_t offset) {
        const auto piece = static_cast<int>(offset / files.piece_length());
        return params.have_pieces.get_bit(lt::piece_index_t(piece));
    };
    std::vector<bool> out;
    for (const auto file : files.file_range()) {
        const auto end = files.file_offset(file) + files.file_size(file);
        bool held = files.file_size(file) == 0 || has_piece_at(end - 1);
        for (auto at = files.file_offset(file); held && at < end; at += files.piece_length())
            held = has_piece_at(at);
        out.push_back(held || files.pad_file_at(file));
    }
    return out;
}

}  // namespace colport
