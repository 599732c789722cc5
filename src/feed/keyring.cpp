#include "feed/keyring.h"

#include <algorithm>
#include <set>
#include <tuple>

#include "core/limits.h"
#include "core/message.h"

namespace colport {
namespace {

constexpr std::uint32_t format_version = 1;
const std::string keyring_context = "colport keyring v1\n";

Error corrupt(const char* what) {
    return {Errc::corrupt, std::string("damaged keyring: ") + what};
}

Result<std::set<PublicKey>> signers_of(const pb::SignedKeyring& envelope,
                                       const RootChain& roots) {
    return signers_of(envelope.signatures(), keyring_context + envelope.keyring(),
                      roots.governing(), "the keyring");
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

void copy_signatures(const google::protobuf::RepeatedPtrField<pb::KeySignature>& from,
                     google::protobuf::RepeatedPtrField<pb::KeySignature>& to) {
    for (const auto& entry : from) {
        auto* signature = to.Add();
        signature->set_key(entry.key());
        signature->set_signature(entry.signature());
    }
}

/// The envelope with the fields that are known here, and no others: nobody signs it, so
/// what else is in it came from anybody. Its item may be lost by that.
pb::SignedKeyring known_part_of(const pb::SignedKeyring& envelope) {
    pb::SignedKeyring out;
    out.set_keyring(envelope.keyring());
    copy_signatures(envelope.signatures(), *out.mutable_signatures());
    out.set_roots(envelope.roots());
    out.set_roots_signature(envelope.roots_signature());
    out.set_item_signature(envelope.item_signature());
    for (const auto& list : envelope.later_roots()) {
        auto* kept = out.add_later_roots();
        kept->set_roots(list.roots());
        copy_signatures(list.signatures(), *kept->mutable_signatures());
    }
    return out;
}

Status check(const pb::Keyring& message, const PublicKey& feed, const RootChain& roots) {
    if (message.format() != format_version)
        return Error{Errc::unsupported, "the keyring is of a newer format",
                     "install a newer colport"};
    if (message.feed() != feed.view())
        return Error{Errc::forged, "the keyring belongs to another feed"};
    if (message.version() == 0) return corrupt("version");
    // Who is in two lists signs under one of them, and nobody cuts off the other.
    if (message.roots_version() != roots.version())
        return Error{Errc::forged, "the keyring was signed under another list of root keys"};
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
    auto roots = COLPORT_TRY(RootChain::read(envelope, feed, true));
    const auto signers = COLPORT_TRY(signers_of(envelope, roots));
    if (signers.size() < roots.governing().threshold)
        return Error{Errc::forged, "the keyring is not signed by enough root keys"};
    auto message =
        COLPORT_TRY(parse_message<pb::Keyring>(envelope.keyring(), limits::keyring, "keyring"));
    COLPORT_TRY(check(message, feed, roots));
    COLPORT_TRY(check_item(envelope, feed, message.version()));
    auto kept = known_part_of(envelope);
    if (!check_item(kept, feed, message.version())) kept.clear_item_signature();
    return Keyring(feed, std::move(roots), std::move(message), encode_message(kept));
}

KeyringOrder Keyring::compared_with(const Keyring& held) const {
    const auto place = [](const Keyring& keyring) {
        return std::tuple(keyring.roots_.first_version(), keyring.roots_.version(),
                          keyring.version());
    };
    const auto [first, lists, number] = place(*this);
    const auto [held_first, held_lists, held_number] = place(held);
    if (first > held_first) return KeyringOrder::newer;
    if (first == held_first && !roots_.agrees_with(held.roots_)) return KeyringOrder::fork;
    if (first < held_first || lists < held_lists)
        return number > held_number ? KeyringOrder::replaced : KeyringOrder::older;
    if (lists > held_lists || number > held_number) return KeyringOrder::newer;
    const bool same = encode_message(message_) == encode_message(held.message_);
    return number < held_number || same ? KeyringOrder::older : KeyringOrder::fork;
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

std::optional<WithdrawnKey> Keyring::withdrawn(const BundleOrigin& bundle) const {
    // Taken in by the word of a keyring that was no newsroom's.
    if (!knows(bundle.signer)) return WithdrawnKey{0, "", true};
    const auto& [time, listed_by] = bundle.arrival;
    const bool vouched_for = listed_by && knows(*listed_by) && !is_revoked(*listed_by);
    for (const auto& revoked : message_.revoked()) {
        const auto since = revoked.since();
        if (revoked.key() != bundle.signer.view() || since == 0) continue;
        const bool was_here = time != 0 && time < since;
        return WithdrawnKey{since, revoked.reason(),
                            bundle.time >= since || bundle.seq > message_.least_seq() ||
                                !(was_here || vouched_for)};
    }
    return std::nullopt;
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
    pb::Roots list;
    COLPORT_ASSERT(list.ParseFromArray(delegation.data(), static_cast<int>(delegation.size())));
    auto complete = message;
    complete.set_roots_version(list.version());
    envelope.set_keyring(encode_message(complete));
    if (delegation_signature != nullptr) {
        envelope.set_roots(std::string(delegation));
        envelope.set_roots_signature(delegation_signature->str());
    }
    for (const auto* root : roots) add_signature(envelope, *root);
    // Not all of them need be the feed's: its own item covers the others' signatures.
    for (const auto* root : roots)
        if (root->public_key().view() == message.feed()) sign_item(envelope, *root, complete);
    return encode_message(envelope);
}

std::string draft_keyring(const pb::Keyring& message, const Keyring& before,
                          const std::optional<RootsChange>& change) {
    const auto held = parse_message<pb::SignedKeyring>(before.file(), limits::keyring, "keyring");
    COLPORT_ASSERT(held.ok());
    auto envelope = known_part_of(*held);
    envelope.clear_keyring();
    envelope.clear_signatures();
    envelope.clear_item_signature();
    auto complete = message;
    complete.set_roots_version(before.roots().version() + (change ? 1 : 0));
    envelope.set_keyring(encode_message(complete));
    if (!change) return encode_message(envelope);
    const auto list = encode_roots(before.feed(), change->roots, complete.roots_version());
    if (change->by_feed_key || before.roots().version() == 0) {
        envelope.set_roots(list);
        envelope.clear_roots_signature();
        envelope.clear_later_roots();
    } else {
        envelope.add_later_roots()->set_roots(list);
    }
    return encode_message(envelope);
}

Result<std::string> add_keyring_signature(Bytes file, const SigningKey& root) {
    const auto known = COLPORT_TRY(read_unsigned_keyring(file));
    const auto& key = root.public_key();
    const auto has_signed = [&](const auto& signers) {
        return std::find(signers.begin(), signers.end(), key) != signers.end();
    };
    const bool appoints = known.appointing_left() > 0 && known.roots.appointing().has(key);
    const bool governs = known.roots.governing().has(key);
    if (!appoints && !governs)
        return Error{Errc::denied, "this root key is not one of the keys that govern this feed"};
    auto envelope = known_part_of(
        COLPORT_TRY(parse_message<pb::SignedKeyring>(file, limits::keyring, "keyring")));
    envelope.clear_item_signature();
    if (appoints && !has_signed(known.roots.appointed_by())) {
        if (envelope.later_roots_size() == 0) {
            envelope.set_roots_signature(sign_roots(root, envelope.roots()).str());
        } else {
            auto& list = *envelope.mutable_later_roots(envelope.later_roots_size() - 1);
            auto* entry = list.add_signatures();
            entry->set_key(key.str());
            entry->set_signature(root.sign(signed_later_roots(list.roots())).str());
        }
    }
    if (governs && !has_signed(known.signers)) add_signature(envelope, root);
    if (governs && key == known.feed) sign_item(envelope, root, known.message);
    return encode_message(envelope);
}

Result<UnsignedKeyring> read_unsigned_keyring(Bytes file) {
    const auto envelope =
        COLPORT_TRY(parse_message<pb::SignedKeyring>(file, limits::keyring, "keyring"));
    auto message =
        COLPORT_TRY(parse_message<pb::Keyring>(envelope.keyring(), limits::keyring, "keyring"));
    const auto feed = PublicKey::from(message.feed());
    if (!feed) return corrupt("feed");
    auto roots = COLPORT_TRY(RootChain::read(envelope, *feed, false));
    COLPORT_TRY(check(message, *feed, roots));
    const auto signers = COLPORT_TRY(signers_of(envelope, roots));
    return UnsignedKeyring{*feed, std::move(message), std::move(roots),
                           {signers.begin(), signers.end()}};
}

std::size_t UnsignedKeyring::appointing_left() const {
    if (roots.version() == 0) return 0;
    const auto needed = roots.appointing().threshold, there = roots.appointed_by().size();
    return needed - std::min(needed, there);
}

std::size_t UnsignedKeyring::signing_left() const {
    return roots.governing().threshold - std::min(roots.governing().threshold, signers.size());
}

bool UnsignedKeyring::has_unknown_fields() const {
    pb::Keyring known;
    known.set_format(message.format());
    known.set_feed(message.feed());
    known.set_version(message.version());
    known.set_time(message.time());
    known.set_name(message.name());
    known.set_language(message.language());
    known.set_homepage(message.homepage());
    known.set_least_seq(message.least_seq());
    known.set_roots_version(message.roots_version());
    for (const auto& key : message.signing()) {
        auto* entry = known.add_signing();
        entry->set_key(key.key());
        entry->set_not_before(key.not_before());
        entry->set_not_after(key.not_after());
    }
    for (const auto& key : message.revoked()) {
        auto* entry = known.add_revoked();
        entry->set_key(key.key());
        entry->set_since(key.since());
        entry->set_reason(key.reason());
    }
    const auto& list = roots.newest();
    return encode_message(known) != encode_message(message) ||
           (!list.empty() && encode_roots(feed, roots.governing(), roots.version()) != list);
}

Signature sign_roots(const SigningKey& feed, Bytes roots) {
    return feed.sign(signed_roots(roots));
}

}  // namespace colport
