#pragma once

#include "core/result.h"
#include "gossip.pb.h"
#include "metainfo/info_dictionary.h"

/// How an info dictionary travels: only what the asker does not hold yet.
namespace colport {

/// What `info` says beyond its first `held` files; all of it when `held` is
/// more than it has.
pb::Listing make_listing(const InfoDictionary& info, std::uint32_t held);

/// Rebuilds an info dictionary from a listing and the older dictionary of the
/// same volume that it builds on (unused when the listing is whole). The result
/// is only as trustworthy as the hash that the caller compares it with.
/// Errors: corrupt, too_large.
Result<InfoDictionary> apply_listing(const pb::Listing& listing, const InfoDictionary& base);

}  // namespace colport
