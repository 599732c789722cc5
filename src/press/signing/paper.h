#pragma once

#include <string>
#include <string_view>

#include "core/crypto.h"

/// A secret key on paper: eighteen words of five letters. The first sixteen are the
/// seed of RFC 8032, the last two the first four bytes of SHA-256("colport paper v1\n"
/// + seed), so that a slip of the pen is noticed.
namespace colport {

/// Joined by hyphens. Wipe it after use: it is the key.
std::string paper_words(const SigningKey& key);

/// Takes capitals and any white space or hyphens between words. Errors: invalid (says
/// what is wrong with them).
Result<SigningKey> key_of_paper(std::string_view words);

}  // namespace colport
