#pragma once

#include <map>
#include <string>
#include <vector>

#include "feed/directory.h"
#include "storage/archive.h"

namespace colport {

/// Which files of a feed lie on disk and are right. A wrong "have" is not
/// noticed by libtorrent and gets the peer banned, so a file counts only while
/// its size and time are those at which its hash was checked.
class Holdings {
public:
    /// Borrows `archive`.
    static Result<Holdings> load(Archive& archive, const PublicKey& feed,
                                 const FeedDirectory& directory);

    /// Looks at the file on disk, hashing it when it is not yet known or has
    /// changed, and remembers what it found.
    bool check(std::uint32_t volume, const VolumeFile& file);
    /// Makes a file that was just written durable, then as check(). Errors: forged
    /// (not the bytes that are signed), io, locked (look again later).
    Status take_in(std::uint32_t volume, const VolumeFile& file);
    /// Nothing of the volume counts as held any more.
    void forget(std::uint32_t volume);
    /// Bytes of what is held.
    [[nodiscard]] std::uint64_t bytes() const;
    /// What check() or take_in() last said.
    [[nodiscard]] bool holds(std::uint32_t volume, const VolumeFile& file) const;
    /// By piece: those of files that are held, and of others those that lie on disk
    /// and are right, which are read.
    [[nodiscard]] std::vector<bool> pieces(const InfoDictionary& info) const;
    /// A held file with these bytes in another place, such as a dictionary that
    /// an older volume carries too.
    [[nodiscard]] std::optional<std::filesystem::path> same_bytes(const Sha256& hash) const;

    /// Held files of the volume that `info` does not list with these bytes.
    [[nodiscard]] std::vector<std::string> unlisted(const InfoDictionary& info) const;
    /// Errors: io, locked.
    Status forget(std::uint32_t volume, const std::string& name);
    [[nodiscard]] bool holds_any(std::uint32_t volume) const;

private:
    using Key = std::pair<std::uint32_t, std::string>;
    Holdings(Archive& archive, const PublicKey& feed, FeedDirectory directory)
        : archive_(&archive), feed_(feed), directory_(std::move(directory)) {}

    Archive* archive_;
    PublicKey feed_;
    FeedDirectory directory_;
    std::map<Key, HeldFile> held_;
};

}  // namespace colport
