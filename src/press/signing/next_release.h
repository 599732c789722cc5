#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "core/crypto.h"
#include "feed/bundle.h"
#include "feed/directory.h"

namespace colport {

struct SignedTorrent {
    std::uint32_t volume = 0;
    std::string file, signature;
};

/// What a signature makes of a release: the bytes of its public files.
struct SignedRelease {
    std::vector<SignedTorrent> torrents;   ///< of volumes that change; the last is the newest
    std::string shelf;   ///< empty while nothing is sealed
    std::string head;
};

/// The release after the newest one, while it is put together. The same files, in
/// the same order, give the same bytes wherever it is done: on the machine that
/// compresses, and on the one without a network that signs. No I/O.
class NextRelease {
public:
    /// `current` is the newest volume of `state`: nothing before the first release.
    /// `new_volume` seals it and begins another.
    NextRelease(SignedRecords state, std::optional<InfoDictionary> current, bool new_volume,
                std::int64_t time);

    [[nodiscard]] const SignedRecords& state() const noexcept { return state_; }
    /// With the files that were added so far.
    [[nodiscard]] const InfoDictionary& info() const noexcept { return info_; }
    [[nodiscard]] std::int64_t time() const noexcept { return time_; }
    [[nodiscard]] BundleInfo bundle_info() const { return {state_.feed, info_.seq, time_}; }

    /// Lists a file; gives its name.
    std::string add(FileKind kind, Bytes content);

    /// Lets replace() change a sealed volume, by what it lists now. Errors: those of
    /// verify_info, corrupt (not sealed, or opened twice).
    Status open_sealed(Bytes info);
    /// The list of a volume that replace() can change; null: of none.
    [[nodiscard]] const InfoDictionary* list_of(std::uint32_t volume) const;
    /// Puts a file in the place of one that the volume lists, under another name, which
    /// is given; an empty one takes it out. Errors: corrupt (no such file, or not of a
    /// kind that is known).
    Result<std::string> replace(std::uint32_t volume, const std::string& name, Bytes content);

    /// All but the signatures and the head. Errors: corrupt (no files), too_large.
    [[nodiscard]] Result<SignedRelease> records(const std::vector<std::string>& trackers,
                                                const std::vector<std::string>& mirrors) const;
    /// Errors: those of records(), and denied (the keyring does not let this key sign
    /// at this time).
    [[nodiscard]] Result<SignedRelease> sign(const SigningKey& key, std::int64_t fresh_for,
                                             const std::vector<std::string>& trackers,
                                             const std::vector<std::string>& mirrors) const;

private:
    InfoDictionary* changeable(std::uint32_t volume);

    SignedRecords state_;
    InfoDictionary info_;
    std::map<std::uint32_t, InfoDictionary> sealed_;   ///< those that were opened
    std::int64_t time_;
    std::size_t part_ = 0;
};

}  // namespace colport
