#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "core/crypto.h"
#include "core/limits.h"
#include "press/signing/keyring_changes.h"
#include "signing.pb.h"

/// Signing on a machine that never sees a network: a request is prepared where the
/// feed is, signed where the key is, and finished where the feed is. Neither side
/// believes the other, nor the stick between them: the signer works out from the
/// request what it would publish and shows that; the publisher takes only the answer
/// to what it asked, and checks it as a reader would.
namespace colport {

/// One article of a release that waits for its signature.
struct RequestedArticle {
    std::string title, language;
    std::uint32_t revision = 0;
    bool retracted = false;
};

/// An article that a request makes vanish.
struct VanishingArticle {
    ArticleId id;
    std::string title;             ///< of its newest revision there; may be empty
    std::size_t revisions = 0;
};

/// What a signature under a request would make true, for a person.
struct RequestSummary {
    PublicKey feed;
    std::string name;               ///< of the feed, as the keyring in force says it
    bool is_release = true;         ///< else a keyring
    std::int64_t time = 0;          ///< that readers will see
    std::string fingerprint;        ///< SHA-256 of all that is asked for

    // A release.
    std::uint64_t seq = 0;
    std::uint32_t volume = 0;
    bool new_volume = false;
    std::vector<RequestedArticle> articles;   ///< without those that only stay where they are
    std::size_t pictures = 0;
    std::size_t dictionaries = 0;
    std::size_t replaced_files = 0;           ///< that readers have; 0: none, it redacts nothing
    std::vector<VanishingArticle> vanishing;
    std::size_t vanishing_pictures = 0;
    std::size_t unchanged = 0;                ///< articles in files that are replaced
    std::int64_t fresh_for = 0;     ///< seconds
    std::vector<std::string> trackers, mirrors;

    // A keyring.
    std::uint64_t version = 0;
    std::vector<std::string> changes;   ///< sentences
    RootKeys roots;                     ///< who sign it
    std::size_t signatures = 0, signatures_left = 0;
    /// Who appoint them, where they are new, and how many of those have yet to sign.
    std::optional<RootKeys> appointing;
    std::size_t appointing_left = 0;

    [[nodiscard]] bool is_signed() const { return signatures_left + appointing_left == 0; }
};

struct SignedRequest {
    std::string file;
    RequestSummary summary;
};

/// What a request asks for, whether signed or not. Errors: corrupt, forged (its parts
/// do not fit the feed that it names), too_large, unsupported.
Result<RequestSummary> read_request(Bytes request);

/// Of a request: it is carried by hand, and read into memory where it is signed.
inline constexpr std::size_t largest_request = 256 * limits::mib;

/// The request with its signature by a signing key, for a release, or a root key, for
/// a keyring. Nothing leaves this function before all of it was recomputed and read.
/// Errors: those of read_request, denied (not a key for this).
Result<SignedRequest> sign_request(Bytes request, const SigningKey& key);

/// A signer remembers beside its keys what it signed: two different releases of one
/// number are a fork, which stops the feed for every reader. Call it before the
/// signature leaves. Errors: forked (another one was signed), io, denied.
Status remember_signed(const std::filesystem::path& keys, const RequestSummary& summary);

/// A request for the keyring after the one in force. One that `leaves` this machine is
/// noted (note_prepared). Takes the workshop's lock.
/// Errors: those of next_keyring and of the feed directory, too_large, io.
Result<std::string> prepare_keyring(const Workshop& workshop, const KeyringChange& change,
                                    std::int64_t now, bool leaves = true);

/// What is asked for, so that no other answer is taken: one release and one keyring may
/// be under way. A release is void when one of its `drafts` is taken back. Errors: io,
/// denied.
Status note_prepared(const Workshop& workshop, Bytes request,
                     const std::vector<ArticleId>& drafts = {});

/// Publishes a signed release, or puts a signed keyring in force; a release that is out
/// already is no error. Takes the workshop's lock. Errors: invalid (not what was prepared here last, or not signed
/// yet), stale (the feed has moved on), forged, and those of the feed directory.
Result<RequestSummary> finish_request(const Workshop& workshop, Bytes request, std::int64_t now);

/// The same for a keyring whose request never left this process. Errors: as there.
Result<RequestSummary> finish_at_once(const Workshop& workshop, Bytes request);

}  // namespace colport
