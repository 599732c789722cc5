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
};

Result<RootSet> roots_of(const pb::SignedKeyring& envelope, const PublicKey& feed) {
    if (envelope.roots().empty()) {
        if (!envelope.roots_signature().empty()) return corrupt("signature without roots");
        return RootSet{{feed}, 1};
    }
    const auto signature = Signature::from(envelope.roots_signature());
    if (!signature || !verify(feed, roots_context + envelope.roots(), *signature))
        return Error{Errc::forged, "keyring: the root keys are not signed by the feed's key"};
    const auto roots = COLPORT_TRY(
        parse_message<pb::Roots>(envelope.roots(), limits::keyring, "list of root keys"));
    if (roots.format() != format_version)
        return Error{Errc::unsupported, "the keyring is of a newer format",
                     "install a newer colport"};
    RootSet out{{}, roots.threshold()};
    for (const auto& raw : roots.keys()) {
        const auto key = PublicKey::from(raw);
        if (!key || !out.keys.insert(*key).second) return corrupt("root key");
    }
    if (roots.feed() != feed.view() || out.threshold == 0 || out.threshold > out.keys.size())
        return corrupt("list of root keys");
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

}  // namespace

Result<Keyring> Keyring::verify(Bytes file, const PublicKey& feed) {
    const auto envelope =
        COLPORT_TRY(parse_message<pb::SignedKeyring>(file, limits::keyring, "keyring"));
    const auto roots = COLPORT_TRY(roots_of(envelope, feed));
    const std::string signed_bytes = keyring_context + envelope.keyring();
    std::set<PublicKey> signers;
    for (const auto& entry : envelope.signatures()) {
        const auto key = PublicKey::from(entry.key());
        const auto signature = Signature::from(entry.signature());
        if (!key || !signature || !roots.keys.contains(*key) ||
            !colport::verify(*key, signed_bytes, *signature))
            return Error{Errc::forged, "the keyring's signature does not match the feed's key"};
        if (!signers.insert(*key).second) return corrupt("the same signature twice");
    }
    if (signers.size() < roots.threshold)
        return Error{Errc::forged, "the keyring is not signed by enough root keys"};
    auto message =
        COLPORT_TRY(parse_message<pb::Keyring>(envelope.keyring(), limits::keyring, "keyring"));
    COLPORT_TRY(check(message, feed));
    COLPORT_TRY(check_item(envelope, feed, message.version()));
    return Keyring(feed, std::move(message), std::string(file));
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

bool Keyring::may_sign(const PublicKey& key, std::int64_t time) const {
    for (const auto& revoked : message_.revoked())
        if (revoked.key() == key.view() && (revoked.since() == 0 || time >= revoked.since()))
            return false;
    return std::any_of(message_.signing().begin(), message_.signing().end(), [&](const auto& k) {
        return k.key() == key.view() && (k.not_before() == 0 || time >= k.not_before()) &&
               (k.not_after() == 0 || time <= k.not_after());
    });
}

bool Keyring::knows(const PublicKey& key) const {
    const auto is_key = [&](const auto& k) { return k.key() == key.view(); };
    return std::any_of(message_.signing().begin(), message_.signing().end(), is_key) ||
           std::any_of(message_.revoked().begin(), message_.revoked().end(), is_key);
}

std::string sign_keyring(const pb::Keyring& message, std::span<const SigningKey* const> roots,
                         Bytes delegation, const Signature* delegation_signature) {
    pb::SignedKeyring envelope;
    envelope.set_keyring(encode_message(message));
    for (const auto* root : roots) {
        auto* entry = envelope.add_signatures();
        entry->set_key(root->public_key().str());
        entry->set_signature(root->sign(keyring_context + envelope.keyring()).str());
    }
    if (delegation_signature != nullptr) {
        envelope.set_roots(std::string(delegation));
        envelope.set_roots_signature(delegation_signature->str());
    }
    for (const auto* root : roots) {
        if (root->public_key().view() != message.feed()) continue;
        const auto item = item_of(envelope, root->public_key(), message.version());
        if (!item) continue;
        const auto covered = mutable_item::signed_buffer(item->salt, item->seq, item->value);
        envelope.set_item_signature(root->sign(covered).str());
    }
    return encode_message(envelope);
}

Signature sign_roots(const SigningKey& feed, Bytes roots) {
    return feed.sign(roots_context + std::string(roots));
}

}  // namespace colport
