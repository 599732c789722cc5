#pragma once

#include <array>
#include <string>

#include "core/crypto.h"

/// A feed's key for people: to read out on the telephone, and to see at a glance.
/// Both follow from the key alone (SPEC "Fingerprints").
namespace colport {

/// Six words, 96 bits: more than anybody can search through for a key that shares
/// them.
std::string fingerprint_words(const PublicKey& key);

/// A square of 8 by 8 dark and light fields, the right half the mirror of the left:
/// easy to tell from another, and never enough to trust alone.
using FingerprintPicture = std::array<std::array<bool, 8>, 8>;
FingerprintPicture fingerprint_picture(const PublicKey& key);

/// With blocks of Unicode, four lines of eight characters.
std::string fingerprint_text(const PublicKey& key);
/// One hue of the key's own on white.
std::string fingerprint_svg(const PublicKey& key);

}  // namespace colport
