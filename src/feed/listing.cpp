#include "feed/listing.h"

#include "core/limits.h"

namespace colport {

pb::Listing make_listing(const InfoDictionary& info, std::uint32_t held) {
    if (held > info.files.size()) held = 0;
    pb::Listing out;
    out.set_volume(info.volume);
    out.set_seq(info.seq);
    out.set_held(held);
    for (std::size_t i = held; i < info.files.size(); ++i) {
        auto* file = out.add_files();
        file->set_name(info.files[i].name);
        file->set_size(info.files[i].size);
        file->set_sha256(info.files[i].sha256.str());
    }
    out.set_pieces(info.pieces.substr(20 * info.first_piece(held)));
    return out;
}

Result<InfoDictionary> apply_listing(const pb::Listing& listing, const InfoDictionary& base) {
    const Error corrupt{Errc::corrupt, "damaged listing of a volume"};
    if (listing.held() > base.files.size() ||
        (listing.held() != 0 && listing.volume() != base.volume))
        return corrupt;
    if (listing.held() + static_cast<std::size_t>(listing.files_size()) > limits::files_per_volume)
        return Error{Errc::too_large, "a volume may have 1,024 files"};
    InfoDictionary out;
    out.feed = base.feed;
    out.volume = listing.volume();
    out.seq = listing.seq();
    out.files.assign(base.files.begin(), base.files.begin() + listing.held());
    out.pieces = base.pieces.substr(0, 20 * base.first_piece(listing.held())) + listing.pieces();
    for (const auto& file : listing.files()) {
        const auto hash = Sha256::from(file.sha256());
        if (!hash) return corrupt;
        out.files.push_back({file.name(), file.size(), *hash});
    }
    COLPORT_TRY(check(out));
    return out;
}

}  // namespace colport
