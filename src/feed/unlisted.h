#pragma once

#include "feed/directory.h"

namespace colport {

/// Removes files of a volume's folder that have the name of a release's file and that
/// `info` does not list: what had to vanish, or what was cut off while it was written.
/// No link is followed. An absent folder is an empty one. Errors: io.
Status remove_unlisted(const FeedDirectory& directory, const InfoDictionary& info);

}  // namespace colport
