#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "feed/keyring.h"
#include "press/workshop.h"

/// Which keys speak for a newsroom, and how that changes.
namespace colport {

/// The most bytes of a withdrawal's reason, a sentence or two: the keyring keeps it for ever.
inline constexpr std::size_t longest_reason = 400;

/// A key that is to be revoked, or replaced.
struct Withdrawal {
    PublicKey key;
    std::int64_t since = 0;   ///< when it may have come into other hands; 0: it did not
    std::string reason;       ///< what readers see
};

struct KeyringChange {
    std::vector<PublicKey> add;
    std::vector<Withdrawal> withdraw;
    std::optional<RootsChange> roots;
};

/// The keyring after the one in force. `last_seq` is of the newest true release.
/// Errors: invalid (a key that the keyring does not have, nobody left to sign,
/// nothing to change, a reason that is no text or over longest_reason, a root
/// key that signs releases).
Result<pb::Keyring> next_keyring(const Keyring& current, const KeyringChange& change,
                                 std::uint64_t last_seq, std::int64_t now);

/// Is `draft` small enough once all have signed it? All but a revocation must leave room
/// for those to come. Errors: too_large.
Status check_size(Bytes draft, const Keyring& current, const KeyringChange& change);

/// What differs, in sentences for whoever is to sign `next`.
std::vector<std::string> changes_between(const Keyring& current, const UnsignedKeyring& next);

/// Puts a signed keyring in force, and the signing key that waited for it, if there
/// is one (start_new_key). Errors: forged (too few signatures too), stale, io.
Status install_keyring(const Workshop& workshop, const std::string& file);

/// Writes a new signing key beside the one in use, where it waits for a keyring that
/// names it; one that waited before goes. `passphrase` seals it; empty: nothing does.
/// Errors: io, denied.
Result<PublicKey> start_new_key(const Workshop& workshop, const Secret& passphrase);

/// Takes the waiting key into use when the keyring in force lets it sign, and publishes
/// the keys that may: a command that was killed in between is finished so. Errors: io.
Status adopt_new_key(const Workshop& workshop);

}  // namespace colport
