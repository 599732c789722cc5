#include "feed/shelf.h"

#include "core/crypto.h"
#include "core/limits.h"
#include "core/message.h"

namespace colport {
namespace {
constexpr std::uint32_t format_version = 1;
}

pb::Shelf empty_shelf(const PublicKey& feed) {
    pb::Shelf out;
    out.set_format(format_version);
    out.set_feed(feed.str());
    return out;
}

std::string encode_shelf(const pb::Shelf& shelf) { return encode_message(shelf); }

Result<pb::Shelf> parse_shelf(Bytes file, const PublicKey& feed) {
    auto out = COLPORT_TRY(parse_message<pb::Shelf>(file, limits::shelf, "shelf"));
    if (out.format() != format_version)
        return Error{Errc::unsupported, "the shelf is of a newer format",
                     "install a newer colport"};
    if (out.feed() != feed.view()) return Error{Errc::forged, "the shelf belongs to another feed"};
    std::uint32_t number = 0;
    for (const auto& volume : out.volumes())
        if (volume.number() != ++number || volume.info_hash().size() != InfoHash::size ||
            volume.info_sha256().size() != Sha256::size || volume.last_seq() == 0 ||
            volume.info_size() == 0 || volume.info_size() > limits::info_dictionary)
            return Error{Errc::corrupt, "damaged shelf"};
    return out;
}

Result<pb::Shelf> cut_shelf(pb::Shelf shelf, std::uint32_t sealed, const Sha256& wanted) {
    const int keep = static_cast<int>(sealed);
    if (shelf.volumes_size() > keep)
        shelf.mutable_volumes()->DeleteSubrange(keep, shelf.volumes_size() - keep);
    if (sha256(encode_shelf(shelf)) != wanted)
        return Error{Errc::forged, "the shelf does not match the signed head"};
    if (shelf.volumes_size() != keep)
        return Error{Errc::corrupt, "the shelf lists another number of volumes than the head"};
    return shelf;
}

}  // namespace colport
