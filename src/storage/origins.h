#pragma once

#include <set>
#include <string>

#include "storage/bodies.h"

/// What bundles are judged by when a key is withdrawn (BundleOrigin). Imports note it.
namespace colport::origins {

/// Notes it of bundles that earlier versions took in. Borrows both. One thread.
class LookUp {
public:
    LookUp(Database& database, Bodies& bodies) : database_(database), bodies_(bodies) {}

    /// One bundle. False when all are noted, or looked for in vain since the start.
    Result<bool> work();

private:
    Database& database_;
    Bodies& bodies_;
    std::int64_t last_ = 0;   ///< row
    bool all_ = false;
};

/// As Archive::note_listing, of a feed's row, in a transaction.
Status note_listing(Database& database, std::int64_t feed, std::uint32_t volume,
                    const std::set<std::string>& names, const PublicKey& signer);

}  // namespace colport::origins
