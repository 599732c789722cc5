#pragma once

#include <cstdint>
#include <string>

#include "core/crypto.h"
#include "feed.pb.h"
#include "feed/keyring.h"
#include "metainfo/mutable_item.h"

/// The signed record that names the newest release (SPEC "Head"). On disk, at
/// the door and in the DHT it is one BEP 44 mutable item, so one signature
/// serves every carrier.
namespace colport {

struct Head {
    pb::Head message;
    InfoHash info_hash;   ///< of the newest volume's torrent
    PublicKey signer;
    std::string file;     ///< as received: what is stored and passed on

    [[nodiscard]] std::uint64_t seq() const { return message.seq(); }
    [[nodiscard]] Sha256 info_sha256() const { return *Sha256::from(message.info_sha256()); }
    /// Nothing while no volume is sealed.
    [[nodiscard]] std::optional<Sha256> shelf_sha256() const {
        return Sha256::from(message.shelf_sha256());
    }
    /// The DHT item that this head is.
    [[nodiscard]] MutableItem item() const;
    /// Does it say the same? Two heads of one seq that do not are a fork.
    [[nodiscard]] bool same_as(const Head& other) const;
    [[nodiscard]] bool stale_at(std::int64_t now) const {
        return now > message.time() + std::int64_t{message.fresh_for()};
    }
};

/// The salt of a feed's mutable item: "colport" and the root key.
std::string head_salt(const PublicKey& feed);

/// The `head` file that an item is, still to be verified.
std::string head_file_of(const MutableItem& item);

/// Precondition: message has format, feed, seq and hashes set.
std::string sign_head(const pb::Head& message, const InfoHash& info_hash, const SigningKey& key);

/// Turns bytes that any peer may have sent into a Head, or refuses.
///
/// `newest_seen` is the highest seq accepted for the feed (0 if none). One below
/// it, or below the keyring's least_seq, is `stale`: old heads are replayed all the
/// time. Equal is accepted; the caller decides whether another head at that seq is
/// a fork (SPEC "Forks").
/// `now`, in seconds since 1970, bounds heads from the future.
///
/// Pure. The signature covers the received bytes and is checked before any
/// field is parsed. Errors: forged, denied (a key that is revoked or
/// out of its time), stale, early, corrupt, too_large, unsupported; and
/// not_found when the head asks for a newer keyring than this one.
Result<Head> verify_head(Bytes file, const Keyring& keyring, std::uint64_t newest_seen,
                         std::int64_t now);

/// The same for its publisher, who goes on from the last release whatever became of
/// the key that signed it, and whatever the clock says: any key that the keyring
/// names, any date. Errors: forged, corrupt, too_large, unsupported, not_found.
Result<Head> verify_own_head(Bytes file, const Keyring& keyring);

/// Reads a head file that verify_head accepted before, and that was kept where
/// nobody else writes: no signature is checked. Errors: corrupt, too_large,
/// unsupported.
Result<Head> read_trusted_head(Bytes file);

}  // namespace colport
