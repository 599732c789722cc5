#pragma once

#include <filesystem>

#include "core/result.h"
#include "press/workshop.h"

namespace colport {

/// Notes that files of a release go to the feed directory from now on, before its head.
/// Errors: io, denied.
Status begin_publishing(const Workshop& workshop);
/// Its head stands there too.
void end_publishing(const Workshop& workshop);

/// Removes from the feed directory what a release left there that was broken off between
/// these two: bundles that nothing signed lists, the folder of a volume that did not come
/// to be. Its drafts may have been dropped since, and the folder is what others copy.
/// Always: files half written. A head that is lost or old for another reason, as in a
/// copy that is not whole, costs no file; nor do records that cannot be read.
/// Precondition: nobody is writing there. Errors: io.
Status remove_leftovers(const Workshop& workshop);

/// Removes files of a folder that were half written.
void remove_half_written(const std::filesystem::path& folder);

}  // namespace colport
