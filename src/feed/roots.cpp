#include "feed/roots.h"

#include <algorithm>

#include "core/limits.h"
#include "core/message.h"

namespace colport {
namespace {

constexpr std::uint32_t format_version = 1;

Error corrupt(const char* what) {
    return {Errc::corrupt, std::string("damaged keyring: ") + what};
}

}  // namespace

bool RootKeys::has(const PublicKey& key) const {
    return std::find(keys.begin(), keys.end(), key) != keys.end();
}

std::string encode_roots(const PublicKey& feed, const RootKeys& roots, std::uint64_t version) {
    pb::Roots out;
    out.set_format(format_version);
    out.set_feed(feed.str());
    out.set_threshold(static_cast<std::uint32_t>(roots.threshold));
    out.set_version(version);
    for (const auto& key : roots.keys) out.add_keys(key.str());
    return encode_message(out);
}

std::string signed_roots(Bytes roots) { return "colport roots v1\n" + std::string(roots); }

std::string signed_later_roots(Bytes roots) {
    return "colport later roots v1\n" + std::string(roots);
}

Result<std::set<PublicKey>>
signers_of(const google::protobuf::RepeatedPtrField<pb::KeySignature>& signatures,
           const std::string& covered, const RootKeys& allowed, const char* what) {
    std::set<PublicKey> out;
    for (const auto& entry : signatures) {
        const auto key = PublicKey::from(entry.key());
        const auto signature = Signature::from(entry.signature());
        if (!key || !signature || !allowed.has(*key) || !verify(*key, covered, *signature))
            return Error{Errc::forged,
                         std::string("the signature of ") + what + " does not match the feed's key",
                         "somebody changed it on the way, or it was damaged: get it from another "
                         "place; what you have already is untouched"};
        if (!out.insert(*key).second) return corrupt("the same signature twice");
    }
    return out;
}

Result<RootChain::List> RootChain::parse(Bytes bytes, const PublicKey& feed) {
    const auto message =
        COLPORT_TRY(parse_message<pb::Roots>(bytes, limits::keyring, "list of root keys"));
    if (message.format() != format_version)
        return Error{Errc::unsupported, "the keyring is of a newer format",
                     "install a newer colport"};
    List out{{{}, message.threshold()}, message.version(), std::string(bytes)};
    auto& keys = out.roots.keys;
    for (const auto& raw : message.keys()) {
        const auto key = PublicKey::from(raw);
        if (!key || out.roots.has(*key)) return corrupt("root key");
        keys.push_back(*key);
    }
    if (message.feed() != feed.view())
        return Error{Errc::forged, "the list of root keys belongs to another feed"};
    if (out.version == 0 || out.roots.threshold == 0 || out.roots.threshold > keys.size())
        return corrupt("list of root keys");
    return out;
}

Result<RootChain> RootChain::read(const pb::SignedKeyring& envelope, const PublicKey& feed,
                                  bool whole) {
    RootChain out;
    const RootKeys own{{feed}, 1};
    if (envelope.roots().empty()) {
        if (!envelope.roots_signature().empty() || envelope.later_roots_size() != 0)
            return corrupt("signature without roots");
        out.lists_.push_back({own, 0, {}});
        return out;
    }
    const bool first_is_last = envelope.later_roots_size() == 0;
    out.appointing_ = own;
    if (whole || !first_is_last || !envelope.roots_signature().empty()) {
        const auto signature = Signature::from(envelope.roots_signature());
        if (!signature || !colport::verify(feed, signed_roots(envelope.roots()), *signature))
            return Error{Errc::forged, "keyring: the root keys are not signed by the feed's key"};
        out.appointed_by_ = {feed};
    }
    out.lists_.push_back(COLPORT_TRY(parse(envelope.roots(), feed)));
    for (int i = 0; i < envelope.later_roots_size(); ++i) {
        const auto& entry = envelope.later_roots(i);
        out.appointing_ = out.governing();
        out.appointed_by_ = COLPORT_TRY(signers_of(entry.signatures(),
                                                   signed_later_roots(entry.roots()),
                                                   out.appointing_, "a list of root keys"));
        const bool may_lack = !whole && i + 1 == envelope.later_roots_size();
        if (!may_lack && out.appointed_by_.size() < out.appointing_.threshold)
            return Error{Errc::forged, "a list of root keys is not signed by enough of those "
                                       "before it"};
        auto list = COLPORT_TRY(parse(entry.roots(), feed));
        // Without gaps, or two lists could both follow the one that a reader holds.
        if (list.version != out.version() + 1) return corrupt("order of the lists of root keys");
        out.lists_.push_back(std::move(list));
    }
    return out;
}

bool RootChain::agrees_with(const RootChain& other) const {
    const auto both = std::min(lists_.size(), other.lists_.size());
    return std::equal(lists_.begin(), lists_.begin() + static_cast<std::ptrdiff_t>(both),
                      other.lists_.begin(),
                      [](const auto& a, const auto& b) { return a.bytes == b.bytes; });
}

}  // namespace colport
