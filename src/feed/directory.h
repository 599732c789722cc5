#pragma once

#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/codec.h"
#include "core/result.h"
#include "feed.pb.h"
#include "feed/head.h"
#include "feed/keyring.h"
#include "metainfo/info_dictionary.h"

/// The public files of a feed in one layout (SPEC "Feed directory"): what the
/// publisher writes, a web server serves, a USB stick carries, a daemon stores.
namespace colport {

/// What the name of a volume's file says: "00000007-002.articles.zst" is the
/// third file of release 7. The order of names is the order of release.
enum class FileKind { articles, dictionary, media };
std::string volume_file_name(std::uint64_t seq, std::size_t part, FileKind kind);
/// Nothing for a name that this version does not know; such files are kept and
/// served, not read.
std::optional<FileKind> kind_of(std::string_view file_name);
/// The release that added the file; 0 for a name that this version does not know.
std::uint64_t release_of(std::string_view file_name);
/// Where in the order of release a file stands: what comes before the first dot. A file
/// that was made anew keeps it: "00000007-002.00000012.articles.zst" is of release 12.
std::string_view place_of(std::string_view file_name);
/// The name under which release `seq` puts another file in the place of this one.
/// Precondition: a name that kind_of() knows.
std::string reissued_file_name(std::string_view file_name, std::uint64_t seq);
/// Is it a name such as a volume's file has: release, part, kind? Other files are not
/// ours to delete.
bool is_release_file(std::string_view name);

/// Paths. Opens nothing.
struct FeedDirectory {
    std::filesystem::path root;

    [[nodiscard]] std::filesystem::path key() const { return root / "feed.pub"; }
    [[nodiscard]] std::filesystem::path keyring() const { return root / "keyring"; }
    [[nodiscard]] std::filesystem::path head() const { return root / "head"; }
    [[nodiscard]] std::filesystem::path shelf() const { return root / "shelf"; }
    [[nodiscard]] std::filesystem::path link() const { return root / "link.txt"; }
    [[nodiscard]] std::filesystem::path dht_nodes() const { return root / "dht-nodes.txt"; }
    [[nodiscard]] std::filesystem::path readme() const { return root / "README.txt"; }
    [[nodiscard]] std::filesystem::path signing() const { return root / "signing"; }
    [[nodiscard]] std::filesystem::path signing_key(const PublicKey& key) const;
    [[nodiscard]] std::filesystem::path volumes() const { return root / "volumes"; }
    [[nodiscard]] std::filesystem::path volume(std::uint32_t number) const {
        return volumes() / volume_name(number);
    }
    [[nodiscard]] std::filesystem::path torrent(std::uint32_t number) const {
        return volumes() / (volume_name(number) + ".torrent");
    }
    [[nodiscard]] std::filesystem::path torrent_signature(std::uint32_t number) const {
        return volumes() / (volume_name(number) + ".torrent.minisig");
    }
};

/// The signed records of a feed directory, each checked against the one before.
struct SignedRecords {
    PublicKey feed;
    Keyring keyring;
    std::optional<Head> head;       ///< nothing before the first release
    pb::Shelf shelf;                ///< without volumes while none is sealed
};

/// `now` in seconds since 1970; nothing for the publisher's own directory, as
/// verify_own_head. Errors name the file: not_found, forged, corrupt …
Result<SignedRecords> load_records(const FeedDirectory& directory,
                                   std::optional<std::int64_t> now);

/// A volume's info dictionary, checked against what the head or the shelf signs.
struct SignedVolume {
    std::uint32_t number = 0;
    InfoHash info_hash;
    Sha256 info_sha256;
    std::uint64_t seq = 0;             ///< the release that last changed it
    std::int64_t time = 0;             ///< when that was
    std::uint64_t bytes = 0;           ///< of its files; 0: not known, as of the newest
};
/// The volumes that a head and its shelf vouch for, ascending; the last is the newest.
std::vector<SignedVolume> volumes_of(const std::optional<Head>& head, const pb::Shelf& shelf);
inline std::vector<SignedVolume> volumes_of(const SignedRecords& state) {
    return volumes_of(state.head, state.shelf);
}

/// Checks bytes against what is signed, then parses. Errors: forged, corrupt, too_large.
Result<InfoDictionary> verify_info(Bytes info, const SignedVolume& signed_volume,
                                   const PublicKey& feed);

/// A volume's info dictionary out of a .torrent. That of a later release serves
/// too: it lists all that came before, so a head and a .torrent need not change
/// in the same instant. Errors: forged, corrupt, too_large.
Result<InfoDictionary> info_in_torrent(Bytes torrent, const SignedVolume& volume,
                                       const PublicKey& feed);
/// As above, from the directory. Errors name the file.
Result<InfoDictionary> load_info(const FeedDirectory& directory, const SignedVolume& volume,
                                 const PublicKey& feed);

/// Loads a dictionary of a volume by its hash, by the files that `info` lists.
/// Errors: not_found, corrupt, io.
Result<std::shared_ptr<const Dictionary>> load_dictionary(const FeedDirectory& directory,
                                                          const InfoDictionary& info,
                                                          const Sha256& hash);

/// Keeps the dictionary that was loaded last: the next bundle nearly always needs it
/// again, and a hostile volume has hundreds. One thread.
class LastDictionary {
public:
    /// As load_dictionary.
    Result<std::shared_ptr<const Dictionary>> load(const FeedDirectory& directory,
                                                   const InfoDictionary& info, const Sha256& hash);

private:
    std::shared_ptr<const Dictionary> held_;
};

}  // namespace colport
