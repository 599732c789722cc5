#pragma once

#include <cstddef>
#include <cstdint>

/// Limits of the formats (SPEC "Limits"). A reader refuses what exceeds them;
/// a writer never makes it. They bound allocations, so no length in input does.
namespace colport::limits {

inline constexpr std::size_t kib = 1024;
inline constexpr std::size_t mib = 1024 * kib;

// BEP 44 allows a value of 1,000 bytes; key, seq and signature stand around it.
inline constexpr std::size_t head_value = 1000;
inline constexpr std::size_t head = head_value + 128;
// BEP 44; libtorrent does not refuse more where it is asked to look one up.
inline constexpr std::size_t item_salt = 64;
// Dozens of signing keys, and some thirty changes of editors.
inline constexpr std::size_t keyring = 16 * kib;
// About 8,000 sealed volumes: half a terabyte.
inline constexpr std::size_t shelf = 1 * mib;
// 1,024 files and the piece hashes of the largest volume stay below.
inline constexpr std::size_t info_dictionary = 1 * mib;
// The dictionary, trackers and mirrors.
inline constexpr std::size_t torrent_file = 2 * mib;
// One extension message fits one BitTorrent block.
inline constexpr std::size_t gossip_message = 16 * kib;
inline constexpr std::size_t gossip_part = 15 * kib;
// A listing that travels beside its head leaves room for it.
inline constexpr std::size_t inline_listing = 8 * kib;

// A very long read is 200 KiB of text.
inline constexpr std::size_t article = 4 * mib;
// Of the messages in one article, each of which may be two bytes long: 10 MiB of memory.
inline constexpr std::size_t article_parts = 131'072;
// What a reader must hold in memory to show one article.
inline constexpr std::size_t frame = 8 * mib;
// Without a dictionary several articles share a frame of about this size.
inline constexpr std::size_t shared_frame = 64 * kib;
inline constexpr std::size_t bundle = 64 * mib;
// What all frames of a bundle unpack to: a bomb of 64 MiB would be terabytes.
inline constexpr std::size_t bundle_unpacked = 512 * mib;
inline constexpr std::size_t bundle_index = 8 * mib;
inline constexpr std::size_t bundle_entries = 65'536;
inline constexpr std::size_t dictionary = 2 * mib;
inline constexpr std::size_t picture = 8 * mib - 64;

inline constexpr std::size_t files_per_volume = 1024;
inline constexpr std::size_t file_name = 64;
inline constexpr std::uint32_t piece_length = 256 * kib;
inline constexpr std::uint32_t volumes = 1'000'000;

// Seal a volume at the first of these.
inline constexpr std::uint64_t default_volume_bytes = 64 * mib;
inline constexpr std::size_t default_volume_files = 256;

// A head from the future would freeze a feed: one day of wrong clocks is allowed.
inline constexpr std::int64_t clock_skew_seconds = 24 * 3600;

inline constexpr std::size_t link = 8 * kib;
// 200 addresses of 48 characters, the longest that there are, and some words.
inline constexpr std::size_t dht_nodes = 16 * kib;
inline constexpr std::size_t dht_nodes_read = 200;
// 64 GiB in files of the usual size; each costs the unpacker an inode.
inline constexpr std::size_t package_entries = 100'000;
inline constexpr std::size_t feed_name = 200;

}  // namespace colport::limits
