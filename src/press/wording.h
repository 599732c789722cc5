#pragma once

#include "article.pb.h"
#include "core/crypto.h"

namespace colport {

/// Whose hand a text is in: a site's own export has what its authors typed, its feed
/// and pages have it typeset.
enum class TextOrigin : char { site = 's', site_export = 'e', newsroom = 'n' };

/// What an article says. Revision and note do not count.
struct Wording {
    Sha256 words;   ///< the same for texts that differ in typography alone; code is exact
    TextOrigin origin = TextOrigin::site;

    /// The same text as it comes by another way: a feed has curled quotes and long
    /// dashes where the export has `"` and `--`. By the same way it is a correction.
    [[nodiscard]] bool is_typesetting_of(const Wording& other) const {
        return words == other.words && origin != other.origin;
    }
    bool operator==(const Wording&) const = default;
};

Wording wording_of(const pb::Article& article, TextOrigin origin);

}  // namespace colport
