#pragma once

#include <vector>

#include "cli/press/key_options.h"

namespace colport::cli {

/// The release that lies in the folder is signed anew once the key that signed it is
/// withdrawn, and then all that it lists counts as the newsroom's own. Where a thief may
/// have made it, which a folder that goes on from somebody's copy or the option --since
/// tells, this shows what `withdrawn` keys signed, and asks, or wants --last-true.
/// Errors: denied (nobody to ask), invalid (another release), and those of the feed.
Status confirm_last_true(const KeyOptions& options, const SignedRecords& state,
                         const std::vector<PublicKey>& withdrawn);

}  // namespace colport::cli
