#include "feed/keyring.h"

#include <algorithm>
#include <set>

#include "core/limits.h"
#include "core/message.h"

namespace colport {
namespace {

constexpr std::uint32_t format_version = 1;
const std::string keyring_context = "colport keyring v1\n";
const std::string roots_context = "colport roots v1\n";

Error corrupt(const char* what) {
    return {Errc::corrupt, std::string("damaged keyring: ") + what};
}

struct RootSet {
    std::set<PublicKey> keys;
    std::size_t threshold = 1;
    std::uint64_t version = 0;
};

Result<RootSet> roots_of(const pb::SignedKeyring& envelope, const PublicKey& feed) {
    if (envelope.roots().empty()) {
        if (!envelope.roots_signature().empty()) return corrupt("signature without roots");
        return RootSet{{feed}};
    }
    const auto signature = Signature::from(envelope.roots_signature());
    if (!signature || !verify(feed, roots_context + envelope.roots(), *signature))
        return Error{Errc::forged, "keyring: the root keys are not signed by the feed's key"};
    const auto roots = COLPORT_TRY(
        parse_message<pb::Roots>(envelope.roots(), limits::keyring, "list of root keys"));
    if (roots.format() != format_version)
        return Error{Errc::unsupported, "the keyring is of a newer format",
                     "install a newer colport"};
    RootSet out{{}, roots.threshold(), roots.version()};
    for (const auto& raw : roots.keys()) {
        const auto key = PublicKey::from(raw);
        if (!key || !out.keys.insert(*key).second) return corrupt("root key");
    }
    if (roots.feed() != feed.view())
        return Error{Errc::forged, "the list of root keys belongs to another feed"};
    if (out.version == 0 || out.threshold == 0 || out.threshold > out.keys.size())
        return corrupt("list of root keys");
    return out;
}

/// Every signature must hold, not only enough of them.
Result<std::set<PublicKey>> signers_of(const pb::SignedKeyring& envelope, const RootSet& roots) {
    const std::string signed_bytes = keyring_context + envelope.keyring();
    std::set<PublicKey> out;
    for (const auto& entry : envelope.signatures()) {
        const auto key = PublicKey::from(entry.key());
        const auto signature = Signature::from(entry.signature());
        if (!key || !signature || !roots.keys.contains(*key) ||
            !verify(*key, signed_bytes, *signature))
            return Error{Errc::forged, "the keyring's signature does not match the feed's key",
                         "somebody changed it on the way, or it was damaged: get it from another "
                         "place; what you have already is untouched"};
        if (!out.insert(*key).second) return corrupt("the same signature twice");
    }
    return out;
}

/// The item that would carry the keyring; nothing when it is too large for one.
std::optional<MutableItem> item_of(pb::SignedKeyring envelope, const PublicKey& feed,
                                   std::uint64_t version) {
    MutableItem out{feed, std::string(keyring_salt), version, {}, {}};
    out.signature = Signature::from(envelope.item_signature()).value_or(Signature{});
    envelope.clear_item_signature();
    out.value = mutable_item::encode_keyring(encode_message(envelope));
    if (version > INT64_MAX || out.value.size() > limits::head_value) return std::nullopt;
    return out;
}

Status check_item(const pb::SignedKeyring& envelope, const PublicKey& feed,
                  std::uint64_t version) {
    if (envelope.item_signature().empty()) return done();
    const auto item = item_of(envelope, feed, version);
    if (!item || envelope.item_signature().size() != Signature::size)
        return corrupt("signature for the DHT");
    if (!verify(*item))
        return Error{Errc::forged, "the keyring's signature for the DHT does not match"};
    return done();
}

Status check(const pb::Keyring& message, const PublicKey& feed) {
    if (message.format() != format_version)
        return Error{Errc::unsupported, "the keyring is of a newer format",
                     "install a newer colport"};
    if (message.feed() != feed.view())
        return Error{Errc::forged, "the keyring belongs to another feed"};
    if (message.version() == 0) return corrupt("version");
    if (message.least_seq() > INT64_MAX) return corrupt("least release");
    if (message.name().empty() || message.name().size() > limits::feed_name ||
        !is_text(message.name()) || !is_text(message.language()) || !is_text(message.homepage()))
        return corrupt("name, language or homepage");
    std::set<std::string> seen;
    for (const auto& key : message.signing())
        if (key.key().size() != PublicKey::size || !seen.insert(key.key()).second)
            return corrupt("signing key");
    seen.clear();
    for (const auto& key : message.revoked())
        if (key.key().size() != PublicKey::size || !seen.insert(key.key()).second)
            return corrupt("revoked key");
    return done();
}

void add_signature(pb::SignedKeyring& envelope, const SigningKey& root) {
    auto* entry = envelope.add_signatures();
    entry->set_key(root.public_key().str());
    entry->set_signature(root.sign(keyring_context + envelope.keyring()).str());
}

/// Where the item's value is within its limit.
void sign_item(pb::SignedKeyring& envelope, const SigningKey& root, const pb::Keyring& message) {
    const auto item = item_of(envelope, root.public_key(), message.version());
    if (!item) return;
    const auto covered = mutable_item::signed_buffer(item->salt, item->seq, item->value);
    envelope.set_item_signature(root.sign(covered).str());
}

}  // namespace

Result<Keyring> Keyring::verify(Bytes file, const PublicKey& feed) {
    const auto envelope =
        COLPORT_TRY(parse_message<pb::SignedKeyring>(file, limits::keyring, "keyring"));
    const auto roots = COLPORT_TRY(roots_of(envelope, feed));
    const auto signers = COLPORT_TRY(signers_of(envelope, roots));
    if (signers.size() < roots.threshold)
        return Error{Errc::forged, "the keyring is not signed by enough root keys"};
    auto message =
        COLPORT_TRY(parse_message<pb::Keyring>(envelope.keyring(), limits::keyring, "keyring"));
    COLPORT_TRY(check(message, feed));
    COLPORT_TRY(check_item(envelope, feed, message.version()));
    return Keyring(feed, roots.version, std::move(message), std::string(file));
}

std::optional<MutableItem> Keyring::item() const {
    const auto envelope = parse_message<pb::SignedKeyring>(file_, limits::keyring, "keyring");
    COLPORT_ASSERT(envelope.ok());
    if (envelope->item_signature().empty()) return std::nullopt;
    return item_of(*envelope, feed_, version());
}

Result<std::string> Keyring::file_of_item(Bytes value, const Signature& signature) {
    const auto carried = COLPORT_TRY(mutable_item::parse_keyring(value));
    auto envelope =
        COLPORT_TRY(parse_message<pb::SignedKeyring>(carried, limits::keyring, "keyring"));
    if (!envelope.item_signature().empty()) return corrupt("signature for the DHT");
    envelope.set_item_signature(signature.str());
    return encode_message(envelope);
}

bool Keyring::is_revoked(const PublicKey& key) const {
    return std::any_of(message_.revoked().begin(), message_.revoked().end(),
                       [&](const auto& revoked) { return revoked.key() == key.view(); });
}

bool Keyring::may_sign(const PublicKey& key, std::int64_t time) const {
    if (is_revoked(key)) return false;
    return std::any_of(message_.signing().begin(), message_.signing().end(), [&](const auto& k) {
        return k.key() == key.view() && (k.not_before() == 0 || time >= k.not_before()) &&
               (k.not_after() == 0 || time <= k.not_after());
    });
}

bool Keyring::knows(const PublicKey& key) const {
    return is_revoked(key) ||
           std::any_of(message_.signing().begin(), message_.signing().end(),
                       [&](const auto& k) { return k.key() == key.view(); });
}

std::string sign_keyring(const pb::Keyring& message, std::span<const SigningKey* const> roots,
                         Bytes delegation, const Signature* delegation_signature) {
    pb::SignedKeyring envelope;
    envelope.set_keyring(encode_message(message));
    if (delegation_signature != nullptr) {
        envelope.set_roots(std::string(delegation));
        envelope.set_roots_signature(delegation_signature->str());
    }
    for (const auto* root : roots) add_signature(envelope, *root);
    // Not all of them need be the feed's: its own item covers the others' signatures.
    for (const auto* root : roots)
        if (root->public_key().view() == message.feed()) sign_item(envelope, *root, message);
    return encode_message(envelope);
}

std::string draft_keyring(const pb::Keyring& message, const Keyring& before) {
    auto envelope = parse_message<pb::SignedKeyring>(before.file(), limits::keyring, "keyring");
    COLPORT_ASSERT(envelope.ok());
    envelope->set_keyring(encode_message(message));
    envelope->clear_signatures();
    envelope->clear_item_signature();
    return encode_message(*envelope);
}

Result<std::string> add_keyring_signature(Bytes file, const SigningKey& root) {
    const auto known = COLPORT_TRY(read_unsigned_keyring(file));
    const auto is_root = [&](const PublicKey& key) { return key == root.public_key(); };
    if (std::none_of(known.roots.begin(), known.roots.end(), is_root))
        return Error{Errc::denied, "this root key is not one of the keys that govern this feed"};
    auto envelope =
        COLPORT_TRY(parse_message<pb::SignedKeyring>(file, limits::keyring, "keyring"));
    envelope.clear_item_signature();
    if (std::none_of(known.signers.begin(), known.signers.end(), is_root))
        add_signature(envelope, root);
    if (root.public_key() == known.feed) sign_item(envelope, root, known.message);
    return encode_message(envelope);
}

Result<UnsignedKeyring> read_unsigned_keyring(Bytes file) {
    const auto envelope =
        COLPORT_TRY(parse_message<pb::SignedKeyring>(file, limits::keyring, "keyring"));
    UnsignedKeyring out;
    out.message =
        COLPORT_TRY(parse_message<pb::Keyring>(envelope.keyring(), limits::keyring, "keyring"));
    const auto feed = PublicKey::from(out.message.feed());
    if (!feed) return corrupt("feed");
    out.feed = *feed;
    COLPORT_TRY(check(out.message, out.feed));
    const auto roots = COLPORT_TRY(roots_of(envelope, out.feed));
    const auto signers = COLPORT_TRY(signers_of(envelope, roots));
    out.roots.assign(roots.keys.begin(), roots.keys.end());
    out.threshold = roots.threshold;
    out.signers.assign(signers.begin(), signers.end());
    return out;
}

Signature sign_roots(const SigningKey& feed, Bytes roots) {
    return feed.sign(roots_context + std::string(roots));
}

}  // namespace colport
