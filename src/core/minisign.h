#pragma once

#include <string>

#include "core/crypto.h"

/// Public keys and detached signatures in minisign's file formats, so that
/// stock `minisign -V` checks what a newsroom publishes.
/// https://jedisct1.github.io/minisign/#signature-format
namespace colport::minisign {

/// The public key file of `key`. Its key id is the first eight bytes of the
/// key's SHA-256 and its comment is constant: the file follows from the key.
std::string public_key_file(const PublicKey& key);

/// Errors: corrupt, also when the file is not the one that the key gives.
Result<PublicKey> parse_public_key_file(Bytes file);

/// A prehashed ("ED") signature of `content`. `comment` is signed too.
std::string sign(const SigningKey& key, Bytes content, std::string_view comment);

/// Errors: corrupt, forged.
Status check(const PublicKey& key, Bytes content, Bytes signature_file);

}  // namespace colport::minisign
