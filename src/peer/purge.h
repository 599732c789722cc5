#pragma once

#include "core/result.h"
#include "peer/peer.h"

/// Erases what a reader has here. What is erased can often be recovered from a disk
/// that is not encrypted; nothing here pretends otherwise.
namespace colport {

struct PurgeReport {
    std::size_t files = 0;   ///< erased
    std::size_t left = 0;    ///< entries of the directory that are nobody's we know
};

/// Erases all of a data directory that is Colport's: what tells of reading first,
/// then the archive, then the feeds; at last the directory, if nothing else is in it
/// and that is allowed. Feed directories elsewhere, such as a newsroom's own or a
/// stick's, stay. A purge that was broken off goes on at the next call.
/// Errors: locked (a daemon runs), io, denied.
Result<PurgeReport> purge(const DataDirectory& data);

/// Was a purge broken off?
bool is_purge_begun(const DataDirectory& data);

/// Erases the files of a feed that is followed no more; those of a directory
/// elsewhere stay. Errors: io, denied.
Status erase_feed(const DataDirectory& data, const PublicKey& feed);

}  // namespace colport
