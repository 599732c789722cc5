#pragma once

#include <array>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>

#include "feed/head.h"
#include "feed/keyring.h"
#include "feed/shelf.h"
#include "storage/archive.h"

namespace colport {

/// Seconds since 1970; tests bring their own.
using Clock = std::function<std::int64_t()>;

/// A verified head and the shelf that it signs.
struct Release {
    explicit Release(Head verified);

    Head head;
    std::string shelf_file;         ///< as received; empty while it is not here, or there is none
    pb::Shelf shelf;                ///< without volumes while there is none

    [[nodiscard]] bool has_shelf() const {
        return !shelf_file.empty() || !head.shelf_sha256();
    }
    /// That of a later release will do. Errors: forged (not what the head signs),
    /// corrupt, unsupported.
    Status take_shelf(const std::string& file);
};

/// What is known of one feed and believed. Whoever brings keyrings, heads and
/// shelves, they are verified here, and what is accepted is saved before it
/// counts. One thread.
class Standing {
public:
    /// Borrows both. Errors: corrupt (what was remembered).
    static Result<Standing> open(Archive& archive, const Clock& clock, FeedRecord record);

    /// True when it is news, also by a fork. Errors: forged, corrupt, too_large,
    /// unsupported, io; denied (by root keys that were replaced, of which whoever
    /// brings it may not know).
    Result<bool> take_keyring(const std::string& file);
    /// True when it changes what is aimed at, also by a fork. Errors: those of
    /// verify_head, io; none while keyrings are forked.
    Result<bool> take_head(const std::string& file);
    /// Of the pending release, the one in reserve, or both. That of the pending one is
    /// remembered: what its lists took away is not to come back after a restart.
    /// Errors: those of Release::take_shelf.
    Status take_shelf(const std::string& file);

    /// The newest whole release, and the one being fetched: none before the first
    /// head and after the last commit.
    [[nodiscard]] const std::optional<Release>& whole() const noexcept { return whole_; }
    [[nodiscard]] const std::optional<Release>& pending() const noexcept { return pending_; }
    /// One between these two that somebody offered: better than nothing when the
    /// pending one cannot be had, or is a side of a fork. Forgotten when the process ends.
    [[nodiscard]] const std::optional<Release>& reserve() const noexcept { return reserve_; }
    /// The newest that is known; null when there is none.
    [[nodiscard]] const Release* newest() const;
    /// This release, the pending one or the one in reserve, is whole now. Errors: io.
    Status commit(const Release& release);

    [[nodiscard]] const PublicKey& feed() const noexcept { return record_.feed; }
    [[nodiscard]] const FeedRecord& record() const noexcept { return record_; }
    [[nodiscard]] const std::optional<Keyring>& keyring() const noexcept { return keyring_; }
    [[nodiscard]] bool forked() const noexcept {
        return !record_.fork_head.empty() || keys_forked();
    }
    /// Two keyrings contradict each other: whoever signs them is not only the newsroom.
    [[nodiscard]] bool keys_forked() const noexcept { return !record_.fork_keyring.empty(); }
    /// May this head be told to others? Not after its key was revoked.
    [[nodiscard]] bool stands_by(const Head& head) const;
    /// The whole release is signed by a key that was revoked since: by a thief, or by
    /// the newsroom before the theft. Nobody can tell until a newer release comes.
    [[nodiscard]] bool in_doubt() const;
    /// In doubt, and not known to be the newsroom's own: by what the keyring says, and by
    /// when it came here.
    [[nodiscard]] bool is_suspect() const;
    /// Something of a release that the keyring no longer stands by may be here, however
    /// little was fetched of it: files that the newsroom's next one does not list go.
    /// Remembered, from before the keyring counts until trust_again().
    [[nodiscard]] bool distrusts() const noexcept { return distrusts_; }
    /// It is gone. Errors: io, locked.
    Status trust_again();
    /// When what comes now has come: by the clock, but not before anything that is known
    /// of the feed was signed. A slow clock must not make a thief's bundle older than the
    /// loss of the key.
    [[nodiscard]] std::int64_t arrival_time() const;

    Status set_link(std::string link);
    Status set_history_since(std::int64_t since);

private:
    Standing(Archive& archive, const Clock& clock, FeedRecord record);
    [[nodiscard]] Release with_known_shelf(Head head) const;
    void expect(Head head);
    void keep_in_reserve(Head head);
    [[nodiscard]] bool is_by_replaced_roots(const std::string& keyring) const;
    Status distrust();
    [[nodiscard]] std::array<const std::optional<Release>*, 3> releases() const;
    void remember_shelf();
    Status note_fork(const Head& other);
    Status note_fork(const Keyring& other);
    void judge_anew();
    /// From then on it is the record.
    Status save(FeedRecord next);

    Archive* archive_;
    const Clock* clock_;
    FeedRecord record_;
    std::optional<Keyring> keyring_;
    std::optional<Release> whole_, pending_, reserve_;
    bool distrusts_ = false;
};

}  // namespace colport
