#include "feed/head.h"

#include <algorithm>

#include "core/limits.h"
#include "core/message.h"
#include "metainfo/mutable_item.h"

namespace colport {
namespace {

constexpr std::uint32_t format_version = 1;
constexpr const char* changed_on_the_way =
    "somebody changed it on the way, or it was damaged: get it from another place; what you have "
    "already is untouched";

bool is_sha256(const std::string& bytes) { return bytes.size() == Sha256::size; }

/// What a head must keep whoever signed it.
Status check(const pb::Head& message, std::uint64_t item_seq) {
    if (message.format() != format_version)
        return Error{Errc::unsupported, "the head is of a newer format",
                     "install a newer colport"};
    if (message.seq() != item_seq || item_seq == 0 || item_seq > INT64_MAX ||
        !is_sha256(message.info_sha256()) ||
        (!message.shelf_sha256().empty() && !is_sha256(message.shelf_sha256())) ||
        message.volume() == 0 || message.volume() > limits::volumes ||
        (message.volume() > 1) != !message.shelf_sha256().empty() ||
        message.info_size() == 0 || message.info_size() > limits::info_dictionary ||
        message.time() <= 0)
        return Error{Errc::corrupt, "damaged head"};
    return done();
}

/// The fields of an envelope, its signature unseen.
Result<Head> open_envelope(const pb::SignedHead& envelope, Bytes file) {
    const auto key = PublicKey::from(envelope.key());
    if (!key) return Error{Errc::corrupt, "damaged head"};
    const auto value = COLPORT_TRY(mutable_item::parse(envelope.value()));
    Head out{COLPORT_TRY(parse_message<pb::Head>(value.head, limits::head_value, "head")),
             value.info_hash, *key, std::string(file)};
    COLPORT_TRY(check(out.message, envelope.seq()));
    return out;
}

}  // namespace

std::string head_salt(const PublicKey& feed) { return "colport" + feed.str(); }

std::string sign_head(const pb::Head& message, const InfoHash& info_hash, const SigningKey& key) {
    const PublicKey feed = *PublicKey::from(message.feed());
    MutableItem item{key.public_key(), head_salt(feed), message.seq(), {}, {}};
    item.value = mutable_item::encode({encode_message(message), info_hash});
    COLPORT_ASSERT(item.value.size() <= limits::head_value);
    item.signature = key.sign(mutable_item::signed_buffer(item.salt, item.seq, item.value));
    return head_file_of(item);
}

std::string head_file_of(const MutableItem& item) {
    pb::SignedHead envelope;
    envelope.set_key(item.key.str());
    envelope.set_seq(item.seq);
    envelope.set_signature(item.signature.str());
    envelope.set_value(item.value);
    return encode_message(envelope);
}

Result<Head> verify_own_head(Bytes file, const Keyring& keyring) {
    const auto envelope = COLPORT_TRY(parse_message<pb::SignedHead>(file, limits::head, "head"));
    const auto key = PublicKey::from(envelope.key());
    const auto signature = Signature::from(envelope.signature());
    if (!key || !signature || envelope.seq() == 0 || envelope.seq() > INT64_MAX ||
        envelope.value().size() > limits::head_value)
        return Error{Errc::corrupt, "damaged head"};
    if (!verify(MutableItem{*key, head_salt(keyring.feed()), envelope.seq(), *signature,
                            envelope.value()}))
        return Error{Errc::forged, "the signature of the newest release does not match: it is not by this newsroom",
                     changed_on_the_way};

    auto out = COLPORT_TRY(open_envelope(envelope, file));
    if (out.message.feed() != keyring.feed().view())
        return Error{Errc::forged, "the newest release belongs to another feed", changed_on_the_way};
    if (out.message.keyring_version() > keyring.version())
        return Error{Errc::not_found, "the newest release needs a newer list of the newsroom's keys",
                     "get the whole feed anew: both lie side by side in a copy of it"};
    if (!keyring.knows(*key))
        return Error{Errc::forged, "the newest release is signed by a key that never spoke for the feed",
                     changed_on_the_way};
    return out;
}

Result<Head> verify_head(Bytes file, const Keyring& keyring, std::uint64_t newest_seen,
                         std::int64_t now) {
    auto out = COLPORT_TRY(verify_own_head(file, keyring));
    const auto& message = out.message;
    if (keyring.is_revoked(out.signer))
        return Error{Errc::denied, "the newest release is signed with a key that the newsroom has "
                                   "withdrawn, so it may be by somebody else",
                     "what you have stays readable; wait for a release with the newsroom's new key, or "
                     "ask for a newer copy"};
    if (!keyring.may_sign(out.signer, message.time()))
        return Error{Errc::denied, "the newest release is signed by a key outside the time it was valid for",
                     "what you have stays readable; ask the newsroom for a newer copy"};
    if (message.time() > now + limits::clock_skew_seconds)
        return Error{Errc::early, "the newest release is dated in the future",
                     "check the clock of this computer; if it is right, the newsroom's was wrong"};
    if (message.seq() < std::max(newest_seen, keyring.message().least_seq()))
        return Error{Errc::stale, "the release is older than one seen"};
    return out;
}

MutableItem Head::item() const {
    const auto envelope = parse_message<pb::SignedHead>(file, limits::head, "head");
    COLPORT_ASSERT(envelope.ok());
    const auto feed = PublicKey::from(message.feed());
    const auto signature = Signature::from(envelope->signature());
    COLPORT_ASSERT(feed && signature);
    return {signer, head_salt(*feed), seq(), *signature, envelope->value()};
}

bool Head::same_as(const Head& other) const {
    return info_hash == other.info_hash &&
           encode_message(message) == encode_message(other.message);
}

Result<Head> read_trusted_head(Bytes file) {
    return open_envelope(
        COLPORT_TRY(parse_message<pb::SignedHead>(file, limits::head, "head")), file);
}

}  // namespace colport
