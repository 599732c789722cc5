#pragma once

#include "core/bytes.h"
#include "core/result.h"
#include "feed.pb.h"

/// The list of a feed's sealed volumes (SPEC "Shelf"). The head signs its hash.
namespace colport {

/// Errors: corrupt, too_large, unsupported, forged (other feed).
Result<pb::Shelf> parse_shelf(Bytes file, const PublicKey& feed);

std::string encode_shelf(const pb::Shelf& shelf);

/// A shelf without volumes.
pb::Shelf empty_shelf(const PublicKey& feed);

}  // namespace colport
