#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/crypto.h"
#include "feed.pb.h"
#include "feed/roots.h"
#include "metainfo/mutable_item.h"

/// Which signing keys speak for a feed (SPEC "Keyring").
namespace colport {

/// The salt of the DHT item that carries a keyring; its key is the feed's root
/// key, so that a reader needs no signing key to learn of a revocation.
inline constexpr std::string_view keyring_salt = "colport keyring";

/// What a keyring is to a reader who holds another one of that feed.
enum class KeyringOrder {
    older,     ///< or the same: nothing to do
    newer,
    replaced,  ///< newer by its number, but by root keys that no longer govern the feed
    fork,      ///< neither is older, and they differ: those who sign contradict themselves
};

/// What no bundle can say of itself, since a thief writes any date into his.
struct Arrival {
    /// When it came here, by this machine's clock, in seconds since 1970; 0: not known, or
    /// when its key was revoked already.
    std::int64_t time = 0;
    /// Who signed the newest head that is known to list it.
    std::optional<PublicKey> listed_by = {};
};

/// What a bundle is judged by when its key is withdrawn.
struct BundleOrigin {
    PublicKey signer;
    std::uint64_t seq = 0;      ///< this and the time are the bundle's own words
    std::int64_t time = 0;
    Arrival arrival = {};
};

/// What is to be said of a bundle whose key others may have had, or that is by a key of
/// which the newsroom knows nothing.
struct WithdrawnKey {
    std::int64_t since = 0;     ///< when others may have had it; 0: it is no key of the newsroom's
    std::string reason;         ///< the newsroom's words; may be empty
    /// It may be somebody else's. Only what came here before the key was lost, or what a
    /// head by a key that is still good lists, is not: if by its own words too it is from
    /// before, and of a release that the newsroom stands by.
    bool doubtful = false;
};

/// A keyring whose root signatures held. Immutable.
class Keyring {
public:
    /// Checks a `keyring` file as a follower of `feed` would. Errors: corrupt,
    /// forged, too_large, unsupported.
    static Result<Keyring> verify(Bytes file, const PublicKey& feed);

    [[nodiscard]] const PublicKey& feed() const noexcept { return feed_; }
    [[nodiscard]] std::uint64_t version() const noexcept { return message_.version(); }
    [[nodiscard]] const RootChain& roots() const noexcept { return roots_; }
    /// Where the feed's own key, or root keys after it, appointed others, that counts
    /// before the version does: who was replaced cannot win by a higher number.
    [[nodiscard]] KeyringOrder compared_with(const Keyring& held) const;
    /// Does it end a fork that `other` is a side of? Only the feed's own key can, by
    /// naming root keys anew: all others contradicted themselves, or may have.
    [[nodiscard]] bool outranks(const Keyring& other) const {
        return roots_.first_version() > other.roots_.first_version();
    }
    [[nodiscard]] const pb::Keyring& message() const noexcept { return message_; }
    /// What is stored and passed on: the file as received, without what nobody signed.
    [[nodiscard]] const std::string& file() const noexcept { return file_; }

    /// The DHT item that carries this keyring; nothing when its signers made none.
    [[nodiscard]] std::optional<MutableItem> item() const;
    /// The `keyring` file within an item that a DHT node sent, still to be
    /// verified. Errors: corrupt, too_large.
    static Result<std::string> file_of_item(Bytes value, const Signature& signature);

    /// May `key` sign a head dated `time`? A revoked key signs none, whatever the
    /// date: a thief writes any.
    [[nodiscard]] bool may_sign(const PublicKey& key, std::int64_t time) const;
    /// Did `key` ever speak for the feed? Bundles it signed stay readable.
    [[nodiscard]] bool knows(const PublicKey& key) const;
    [[nodiscard]] bool is_revoked(const PublicKey& key) const;
    /// Of the key that signed a bundle; nothing when it never was in other hands, also when
    /// it was replaced.
    [[nodiscard]] std::optional<WithdrawnKey> withdrawn(const BundleOrigin& bundle) const;

private:
    Keyring(PublicKey feed, RootChain roots, pb::Keyring message, std::string file)
        : feed_(feed), roots_(std::move(roots)), message_(std::move(message)),
          file_(std::move(file)) {}
    PublicKey feed_;
    RootChain roots_;
    pb::Keyring message_;
    std::string file_;
};

/// The `keyring` file that says `message`, which gets the version of its list, signed by `roots`: the feed's own
/// key, or keys of `delegation` where a threshold is in use. It gets a DHT item
/// when the feed's own key is among them and the item's value within its limit.
std::string sign_keyring(const pb::Keyring& message, std::span<const SigningKey* const> roots,
                         Bytes delegation = {}, const Signature* delegation_signature = nullptr);

/// Who shall sign keyrings from now on.
struct RootsChange {
    RootKeys roots;
    /// The feed's own key appoints them, which ends whatever root keys named by other
    /// root keys have signed; else the root keys that govern the feed do.
    bool by_feed_key = false;
};

/// A `keyring` file without signatures that says `message`, to be signed by the keys
/// that signed `before`, or by those that `change` appoints once they are appointed.
std::string draft_keyring(const pb::Keyring& message, const Keyring& before,
                          const std::optional<RootsChange>& change = {});

/// Adds what one more root key is to sign in a `keyring` file that may lack some
/// signatures, or all: of a new list of root keys, of the keyring, or of both. What
/// comes out is a keyring once enough have signed. The feed's own key makes the DHT item
/// anew, and any other signature takes it away. Errors: corrupt, too_large, denied
/// (nothing for this key to sign).
Result<std::string> add_keyring_signature(Bytes file, const SigningKey& root);

/// What a `keyring` file that may lack signatures says, and who is still to sign.
/// Nothing in it is believed but what its signatures hold. Errors: corrupt,
/// forged, too_large, unsupported.
struct UnsignedKeyring {
    PublicKey feed;
    pb::Keyring message;
    RootChain roots;
    std::vector<PublicKey> signers;     ///< of the keyring

    /// How many have yet to sign the newest list of root keys, and the keyring.
    [[nodiscard]] std::size_t appointing_left() const;
    [[nodiscard]] std::size_t signing_left() const;
    /// Would a signature cover something that nobody here can read?
    [[nodiscard]] bool has_unknown_fields() const;
};
Result<UnsignedKeyring> read_unsigned_keyring(Bytes file);

/// The signature by the feed's key that puts `roots` (a pb::Roots) in its place.
Signature sign_roots(const SigningKey& feed, Bytes roots);

}  // namespace colport
