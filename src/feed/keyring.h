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
    [[nodiscard]] const pb::Keyring& message() const noexcept { return message_; }
    /// The file as received: what is stored and passed on.
    [[nodiscard]] const std::string& file() const noexcept { return file_; }

    /// The DHT item that carries this keyring; nothing when its signers made none.
    [[nodiscard]] std::optional<MutableItem> item() const;
    /// The `keyring` file within an item that a DHT node sent, still to be
    /// verified. Errors: corrupt, too_large.
    static Result<std::string> file_of_item(Bytes value, const Signature& signature);

    /// May `key` sign a head dated `time`?
    [[nodiscard]] bool may_sign(const PublicKey& key, std::int64_t time) const;
    /// Did `key` ever speak for the feed? Bundles it signed stay readable.
    [[nodiscard]] bool knows(const PublicKey& key) const;

private:
    Keyring(PublicKey feed, pb::Keyring message, std::string file)
        : feed_(feed), message_(std::move(message)), file_(std::move(file)) {}
    PublicKey feed_;
    pb::Keyring message_;
    std::string file_;
};

/// The `keyring` file that says `message`, signed by `roots`: the feed's own
/// key, or keys of `delegation` where a threshold is in use. It gets a DHT item
/// when the feed's own key is among them and the item's value within its limit.
std::string sign_keyring(const pb::Keyring& message, std::span<const SigningKey* const> roots,
                         Bytes delegation = {}, const Signature* delegation_signature = nullptr);

/// The signature by the feed's key that puts `roots` (a pb::Roots) in its place.
Signature sign_roots(const SigningKey& feed, Bytes roots);

}  // namespace colport
