#pragma once

#include <cstdint>
#include <set>
#include <string>
#include <vector>

#include "core/crypto.h"
#include "feed.pb.h"

/// Who signs a feed's keyrings (SPEC "Root keys").
namespace colport {

/// Keys any `threshold` of which speak together.
struct RootKeys {
    std::vector<PublicKey> keys;
    std::size_t threshold = 1;

    [[nodiscard]] bool has(const PublicKey& key) const;
    bool operator==(const RootKeys&) const = default;
};

/// The feed's own key, or lists of root keys: the feed's own key signs the first, and
/// enough keys of each list the one after it. The newest one signs keyrings.
class RootChain {
public:
    /// Every signature must hold. Without `whole` the last list may still lack some, or
    /// all. Errors: corrupt, forged, too_large, unsupported.
    static Result<RootChain> read(const pb::SignedKeyring& envelope, const PublicKey& feed,
                                  bool whole);

    /// The newest list, which signs keyrings.
    [[nodiscard]] const RootKeys& governing() const noexcept { return lists_.back().roots; }
    /// Who appoints that one, and who of them has signed it; nobody when there is no list.
    [[nodiscard]] const RootKeys& appointing() const noexcept { return appointing_; }
    [[nodiscard]] const std::set<PublicKey>& appointed_by() const noexcept { return appointed_by_; }
    /// Of the newest list, and of the first, which the feed's own key signed; 0: there is
    /// none.
    [[nodiscard]] std::uint64_t version() const noexcept { return lists_.back().version; }
    [[nodiscard]] std::uint64_t first_version() const noexcept { return lists_.front().version; }
    /// The newest list as it is signed; empty when there is none.
    [[nodiscard]] const std::string& newest() const noexcept { return lists_.back().bytes; }
    /// Are the lists that both have the same?
    [[nodiscard]] bool agrees_with(const RootChain& other) const;

private:
    struct List {
        RootKeys roots;
        std::uint64_t version = 0;
        std::string bytes;
    };
    static Result<List> parse(Bytes bytes, const PublicKey& feed);

    std::vector<List> lists_;
    RootKeys appointing_;
    std::set<PublicKey> appointed_by_;
};

/// A list of root keys, as it is signed.
std::string encode_roots(const PublicKey& feed, const RootKeys& roots, std::uint64_t version);

/// What the feed's own key signs of a list, and what root keys sign of the one after
/// theirs. They differ: where the feed's key is one of several it does not speak alone.
std::string signed_roots(Bytes roots);
std::string signed_later_roots(Bytes roots);

/// Signatures over `covered`, all by keys of `allowed`, none twice; `what` is signed, for
/// the error. Errors: forged, corrupt.
Result<std::set<PublicKey>>
signers_of(const google::protobuf::RepeatedPtrField<pb::KeySignature>& signatures,
           const std::string& covered, const RootKeys& allowed, const char* what);

}  // namespace colport
