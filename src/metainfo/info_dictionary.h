#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "core/bytes.h"
#include "core/result.h"

/// The info dictionary of a volume (BEP 3, pad files of BEP 47), v1 only.
///
/// Every file starts on a piece boundary and the last is padded too, so adding
/// a file leaves every earlier piece, and its hash, as it was. The dictionary
/// follows from these fields alone: two peers that agree on them build the same
/// bytes (SPEC "Info dictionary").
namespace colport {

struct VolumeFile {
    std::string name;
    std::uint64_t size = 0;
    Sha256 sha256;
    bool operator==(const VolumeFile&) const = default;
};

struct InfoDictionary {
    PublicKey feed;
    std::uint32_t volume = 0;
    std::uint64_t seq = 0;
    std::vector<VolumeFile> files;  ///< ascending by name
    std::string pieces;             ///< 20 bytes for each piece

    /// Pieces before those of files[index].
    [[nodiscard]] std::size_t first_piece(std::size_t index) const;
    [[nodiscard]] std::size_t piece_count() const { return pieces.size() / 20; }
    [[nodiscard]] std::uint64_t total_size() const;
    [[nodiscard]] bool lists(std::string_view name) const;
    bool operator==(const InfoDictionary&) const = default;
};

std::size_t pieces_of(std::uint64_t file_size);

/// The folder of a volume in a feed directory, and the torrent's name: "0001".
std::string volume_name(std::uint32_t number);

/// May a volume have a file of this name?
bool is_file_name(std::string_view name);

/// Puts another file, and its pieces, in the place of files[index]; null takes it out.
void replace_file(InfoDictionary& info, std::size_t index, const VolumeFile* file,
                  std::string_view pieces);

/// Canonical bytes. Precondition: what parse_info_dictionary would accept.
std::string encode(const InfoDictionary& info);

/// Accepts exactly what encode() writes. Errors: corrupt, too_large, unsupported.
Result<InfoDictionary> parse_info_dictionary(Bytes bytes);

/// The bounds that an info dictionary must keep, wherever it came from.
Status check(const InfoDictionary& info);

/// SHA-1 of the bytes, BitTorrent's name for the dictionary.
InfoHash info_hash(Bytes info_dictionary);

/// The piece hashes of bytes that begin a piece, padded to whole ones.
std::string hash_pieces_of(Bytes bytes);

/// The piece hashes of a file followed by its padding. Errors: io.
Result<std::string> hash_pieces(const std::filesystem::path& file);

}  // namespace colport
