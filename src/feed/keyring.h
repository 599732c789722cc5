#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/crypto.h"
#include "feed.pb.h"
#include "metainfo/mutable_item.h"

/// Which signing keys speak for a feed (SPEC "Keyring").
namespace colport {

/// The salt of the DHT item that carries a keyring; its key is the feed's root
/// key, so that a reader needs no signing key to learn of a revocation.
inline constexpr std::string_view keyring_salt = "colport keyring";

/// A keyring whose root signatures held. Immutable.
class Keyring {
public:
    /// Checks a `keyring` file as a follower of `feed` would. Errors: corrupt,
    /// forged, too_large, unsupported.
    static Result<Keyring> verify(Bytes file, const PublicKey& feed);

    [[nodiscard]] const PublicKey& feed() const noexcept { return feed_; }
    [[nodiscard]] std::uint64_t version() const noexcept { return message_.version(); }
    /// Of the list of keys that sign keyrings; 0: the feed's own key alone does. A
    /// keyring is no successor of one with a higher version.
    [[nodiscard]] std::uint64_t roots_version() const noexcept { return roots_version_; }
    [[nodiscard]] const pb::Keyring& message() const noexcept { return message_; }
    /// The file as received: what is stored and passed on.
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

private:
    Keyring(PublicKey feed, std::uint64_t roots_version, pb::Keyring message, std::string file)
        : feed_(feed), roots_version_(roots_version), message_(std::move(message)),
          file_(std::move(file)) {}
    PublicKey feed_;
    std::uint64_t roots_version_;
    pb::Keyring message_;
    std::string file_;
};

/// The `keyring` file that says `message`, signed by `roots`: the feed's own
/// key, or keys of `delegation` where a threshold is in use. It gets a DHT item
/// when the feed's own key is among them and the item's value within its limit.
std::string sign_keyring(const pb::Keyring& message, std::span<const SigningKey* const> roots,
                         Bytes delegation = {}, const Signature* delegation_signature = nullptr);

/// A `keyring` file without signatures that says `message`, to be signed by the keys
/// that signed `before`.
std::string draft_keyring(const pb::Keyring& message, const Keyring& before);

/// Adds the signature of one more root key to a `keyring` file that may lack some,
/// or all: what `add` makes of it is a keyring once the threshold is reached. The
/// feed's own key makes the DHT item anew, and any other signature takes it away.
/// Errors: corrupt, too_large, denied (not a root key of this feed).
Result<std::string> add_keyring_signature(Bytes file, const SigningKey& root);

/// What a `keyring` file that may lack signatures says, and who is still to sign.
/// Nothing in it is believed but what its signatures hold. Errors: corrupt,
/// forged, too_large, unsupported.
struct UnsignedKeyring {
    PublicKey feed;
    pb::Keyring message;
    std::vector<PublicKey> roots;       ///< any `threshold` of which sign
    std::size_t threshold = 1;
    std::vector<PublicKey> signers;     ///< have signed
};
Result<UnsignedKeyring> read_unsigned_keyring(Bytes file);

/// The signature by the feed's key that puts `roots` (a pb::Roots) in its place.
Signature sign_roots(const SigningKey& feed, Bytes roots);

}  // namespace colport
