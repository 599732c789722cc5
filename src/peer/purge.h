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
/// and that is allowed. A folder that is no data directory is not touched. Where a
/// database or a feed is a link, what it leads to goes as well. Feed directories
/// elsewhere, such as a newsroom's own or a stick's, stay. What cannot be erased keeps
/// nothing else from it, and the next call goes on; so it does after one that was
/// broken off. Errors: locked (a daemon runs), io, denied; the first is told.
Result<PurgeReport> purge(const DataDirectory& data);

/// From then on every start of a daemon purges, until that is done. Any thread.
/// Errors: io, denied.
Status mark_purge(const DataDirectory& data);

/// Was a purge marked, or broken off?
bool is_purge_begun(const DataDirectory& data);

/// Erases the files of a feed that is followed no more; those of a directory
/// elsewhere stay. Errors: io, denied.
Status erase_feed(const DataDirectory& data, const PublicKey& feed);

}  // namespace colport
