#pragma once

#include <string>

#include "core/crypto.h"

/// Secret keys at rest: the Ed25519 seed, sealed with XChaCha20-Poly1305 under
/// a key that Argon2id (RFC 9106) makes of a passphrase.
namespace colport::key_file {

/// What a passphrase costs whoever guesses it, and its owner once a command.
struct Cost {
    std::uint64_t operations = 3;
    std::uint64_t memory = 256ull << 20;  ///< bytes
};

/// The file for `key`. An empty passphrase leaves the seed unencrypted, which
/// the file says. `role` is "root" or "signing" and is authenticated.
std::string seal(const SigningKey& key, std::string_view role, const Secret& passphrase,
                 const Cost& cost = {});

/// True when opening `file` takes a passphrase.
bool needs_passphrase(Bytes file);

/// Errors: corrupt, denied (wrong passphrase), unsupported.
Result<SigningKey> open(Bytes file, std::string_view role, const Secret& passphrase);

}  // namespace colport::key_file
