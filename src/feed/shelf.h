#pragma once

#include "core/bytes.h"
#include "core/result.h"
#include "feed.pb.h"

/// The list of a feed's sealed volumes (SPEC "Shelf"). The head signs its hash.
namespace colport {

/// Errors: corrupt, too_large, unsupported, forged (other feed).
Result<pb::Shelf> parse_shelf(Bytes file, const PublicKey& feed);

/// A shelf may be written ahead of its head: the part of it that `wanted` hashes,
/// its first `sealed` volumes. Errors: forged, corrupt.
Result<pb::Shelf> cut_shelf(pb::Shelf shelf, std::uint32_t sealed, const Sha256& wanted);

std::string encode_shelf(const pb::Shelf& shelf);

/// A shelf without volumes.
pb::Shelf empty_shelf(const PublicKey& feed);

}  // namespace colport
