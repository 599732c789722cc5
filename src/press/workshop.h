#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "core/crypto.h"
#include "core/result.h"
#include "feed/directory.h"
#include "feed/link.h"
#include "feed/lock_file.h"

/// Where a publisher works: `private/` (drafts, keys) and `public/`, the feed
/// directory that mirrors copy.
namespace colport {

class DraftStore;

struct Workshop {
    std::filesystem::path root;

    [[nodiscard]] FeedDirectory feed() const { return {root / "public"}; }
    [[nodiscard]] std::filesystem::path secrets() const { return root / "private"; }
    [[nodiscard]] std::filesystem::path keys() const { return secrets() / "keys"; }
    [[nodiscard]] std::filesystem::path signing_key() const { return keys() / "signing.key"; }
    [[nodiscard]] std::filesystem::path drafts() const { return secrets() / "drafts"; }
    /// Words that corrections have replaced (press/correction.h).
    [[nodiscard]] std::filesystem::path overruled() const { return secrets() / "overruled"; }
    /// Ids of articles that were redacted (press/redacted.h).
    [[nodiscard]] std::filesystem::path redacted() const { return secrets() / "redacted"; }
    /// A redaction that is to come into force (press/redaction_journal.h).
    [[nodiscard]] std::filesystem::path redaction() const { return secrets() / "redaction"; }
    /// What waits for its signature elsewhere (press/prepared.h).
    [[nodiscard]] std::filesystem::path prepared_release() const {
        return secrets() / "prepared-release";
    }
    /// Pages that were fetched (press/intake/web_pages.h).
    [[nodiscard]] std::filesystem::path web() const { return secrets() / "web"; }
    /// There while it goes on from a copy that nobody vouched for (is_adopted()).
    [[nodiscard]] std::filesystem::path adopted() const { return secrets() / "adopted"; }
    /// How much text there was when no dictionary could be trained.
    [[nodiscard]] std::filesystem::path dictionary_tried() const {
        return secrets() / "dictionary-tried";
    }
    [[nodiscard]] std::filesystem::path pictures() const { return secrets() / "pictures"; }

    /// The drafts' articles, opened when they are first asked for. It goes with this
    /// object and its later copies. Errors: io, denied, corrupt.
    [[nodiscard]] Result<DraftStore*> draft_store() const;

    /// The checked state of its feed directory, as its owner sees it or, with a
    /// time, as a reader would then. Ends a redaction that was broken off. Errors:
    /// not_found (no workshop here), locked, and those of load_records.
    [[nodiscard]] Result<SignedRecords> records(std::optional<std::int64_t> now = {}) const;

    mutable std::shared_ptr<DraftStore> opened_drafts = {};
    /// Asked while another command holds the workshop: true tries again. Null: never waits.
    std::function<bool()> waits = {};
};

/// Held by what changes a workshop, from reading its state to the last write:
/// two releases at once would fork the feed.
using PressLock = LockFile;

/// Also ends a redaction that was broken off, and sweeps away what an interrupted
/// command left half written, or in public/ without a head that leads to it. Where only a copy of the feed directory is left, it makes
/// the rest, and takes all hints out of the copy's link and .torrent files: who kept it may
/// have named his own tracker there, or readers' addresses.
/// Errors: not_found (no workshop here), locked (when nobody waits any longer), io, denied.
Result<PressLock> lock_workshop(const Workshop& workshop);

/// Does it go on from a copy that others kept, of which nobody has said since whether
/// its newest release is the newsroom's own (settle_adopted())?
[[nodiscard]] bool is_adopted(const Workshop& workshop);
void settle_adopted(const Workshop& workshop);

struct InitOptions {
    std::string name;
    std::string language;
    std::string homepage;
    std::filesystem::path root_keys;    ///< where the root key goes; empty: with the other
    /// Folders of those who sign keyrings together, `threshold` of them each time; the
    /// root key only appoints them. Empty: it signs itself.
    std::vector<std::filesystem::path> deputies;
    std::uint32_t threshold = 0;
    bool all_keys_elsewhere = false;    ///< the signing key goes there as well
    std::vector<std::string> trackers;
    std::vector<std::string> mirrors;
    std::vector<std::string> peers;
};

/// Makes a workshop: two keys, the keyring that ties them, an empty feed. The
/// folder appears whole or not at all, and nothing that existed before is
/// removed, save an empty folder of its name. `passphrase` seals both keys.
/// Errors: exists, invalid, io, denied.
Result<PublicKey> init_workshop(const Workshop& workshop, const InitOptions& options,
                                const Secret& passphrase, std::int64_t now);

/// Asked once a command, only when a key is sealed. Errors: denied.
using AskPassphrase = std::function<Result<Secret>(const std::string& purpose)>;

/// Opens a secret key file. `role` is "root" or "signing". Errors: not_found, denied
/// (passphrase, or file open to others), corrupt.
Result<SigningKey> load_key(const std::filesystem::path& path, std::string_view role,
                            const AskPassphrase& ask);

/// The key in use. Errors: as above.
Result<SigningKey> load_signing_key(const Workshop& workshop, const AskPassphrase& ask);

/// The subscription link in link.txt. Errors: not_found, invalid.
Result<Link> load_link(const Workshop& workshop);
/// Errors: invalid (a hint that is not of its kind, a link over the limit), io, denied.
Status save_link(const Workshop& workshop, const Link& link);

}  // namespace colport
