#pragma once

#include <filesystem>

#include "core/result.h"
#include "feed/directory.h"

namespace colport {

/// Removes from a publisher's feed directory what a release left there that was broken off
/// before its head: bundles that nothing signed lists, the folder of a volume that did not
/// come to be, files half written. Its drafts may have been dropped since, and the folder
/// is what others copy. Where files are of later releases than the next, the head is not
/// the newest, or lost: then nothing goes but what is half written, and likewise where the
/// records cannot be read. Precondition: nobody is writing there. Errors: io.
Status remove_leftovers(const FeedDirectory& feed);

/// Removes files of a folder that were half written.
void remove_half_written(const std::filesystem::path& folder);

}  // namespace colport
