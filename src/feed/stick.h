#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "feed/directory.h"

/// A feed carried by hand: copies of feed directories on sticks, and what lies
/// beside the signed files on them (SPEC "Feed directory").
namespace colport {

/// The feed directories in a folder: itself alone, or else those among its
/// direct subfolders, such as `public` in a newsroom's. Sorted.
/// Errors: not_found (none), io, denied.
Result<std::vector<std::filesystem::path>> feed_directories_in(const std::filesystem::path& folder);

/// Addresses "IP:PORT" of DHT nodes, one a line: hints that nobody signed. Lines
/// that are not is_endpoint() are left out; at most 200 are read.
std::vector<std::string> read_dht_nodes(std::string_view text);
/// What read_dht_nodes() reads of these.
std::string write_dht_nodes(std::span<const std::string> addresses);

/// README.txt of a feed directory, for whoever finds it.
std::string readme_of(std::string_view feed_name);

/// A bundle of articles by its place in a feed.
struct OneBundle {
    std::uint32_t volume = 0;
    std::string name;
};

struct ExportOptions {
    /// This alone, with the dictionary that it needs and what proves it. link.txt then
    /// names the feed and no address but `peers`; there are no DHT nodes.
    std::optional<OneBundle> only;
    /// Sealed volumes whose last release is older are left out; 0: none.
    std::int64_t since = 0;
    /// Subscription link for link.txt. Empty: that of the source, or else one made
    /// from the key and the keyring's name. Peers in `link` are other readers, and
    /// do not go along.
    std::string link;
    /// "IP:PORT", put into the link behind its own as far as they fit.
    std::vector<std::string> peers;
    std::vector<std::string> dht_nodes;
};

struct ExportReport {
    std::size_t volumes = 0;  ///< in the copy, whole or not
    std::size_t files = 0;    ///< of volumes, copied now
    std::uint64_t bytes = 0;  ///< of those
    std::size_t kept = 0;     ///< files of volumes that were there already
    std::size_t missing = 0;  ///< files that neither side holds whole
};

/// Called before each file, and once when all are done.
using ExportProgress = std::function<void(std::size_t done, std::size_t total)>;

/// Copies a feed directory, a publisher's own or a follower's, to `target`,
/// which is made or brought up to date. Whatever ends it early, the copy stays
/// at the release that it had: the head comes last, then files go that no
/// release lists any more, since they may hold what had to vanish.
///
/// Every file is compared with its signed hash while it is copied, and so are
/// those that are there already, which are kept. What the source lacks or holds
/// damaged is counted as missing; a volume of which nothing is there is left
/// out. No other process should write in `target` meanwhile; the source may
/// grow. Files of `target` that have nothing to do with the feed stay.
///
/// Errors: those of load_records; not_found also when nothing is released;
/// exists (another feed is in `target`), stale (it holds a newer head or
/// keyring, which would be lost), forked (another head of the same number),
/// invalid (link, or `target` is the source; `only` is no bundle of
/// articles that the newest release lists), io (disk full: says so), denied.
Result<ExportReport> export_feed(const FeedDirectory& source, const std::filesystem::path& target,
                                 const ExportOptions& options, std::int64_t now,
                                 const ExportProgress& progress = {});

}  // namespace colport
