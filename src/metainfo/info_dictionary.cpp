#include "metainfo/info_dictionary.h"

#include <algorithm>
#include <fmt/format.h>

#include <cerrno>
#include <fstream>
#include <libtorrent/bencode.hpp>
#include <libtorrent/entry.hpp>
#include <libtorrent/hasher.hpp>

#include "core/limits.h"
#include "metainfo/bdecode.h"

namespace colport {
namespace {

constexpr int format_version = 1;
// Two entries a file and a few keys each; refuses nesting bombs.
constexpr int most_tokens = 64 * static_cast<int>(limits::files_per_volume);

Error corrupt(std::string_view what) {
    return {Errc::corrupt, fmt::format("damaged info dictionary: {}", what)};
}

std::uint64_t padding_of(std::uint64_t size) {
    return pieces_of(size) * std::uint64_t{limits::piece_length} - size;
}

Result<VolumeFile> parse_file(const lt::bdecode_node& node) {
    VolumeFile out;
    const auto path = node.dict_find_list("path");
    const auto hash = Sha256::from(string_in(node, "sha256"));
    const auto length = node.dict_find_int_value("length", -1);
    if (!path || path.list_size() != 1 || !hash || length < 0) return corrupt("file entry");
    const auto name = path.list_string_value_at(0);
    out.name.assign(name.data(), name.size());
    out.size = static_cast<std::uint64_t>(length);
    out.sha256 = *hash;
    return out;
}

}  // namespace

std::size_t pieces_of(std::uint64_t file_size) {
    return static_cast<std::size_t>((file_size + limits::piece_length - 1) / limits::piece_length);
}

bool is_file_name(std::string_view name) {
    return !name.empty() && name.size() <= limits::file_name && name[0] != '.' && name[0] != '-' &&
           name.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789.-") == name.npos;
}

std::string volume_name(std::uint32_t number) { return fmt::format("{:04}", number); }

std::size_t InfoDictionary::first_piece(std::size_t index) const {
    std::size_t out = 0;
    for (std::size_t i = 0; i < index; ++i) out += pieces_of(files[i].size);
    return out;
}

std::uint64_t InfoDictionary::total_size() const {
    std::uint64_t out = 0;
    for (const auto& file : files) out += file.size;
    return out;
}

bool InfoDictionary::lists(std::string_view name) const {
    return std::any_of(files.begin(), files.end(),
                       [&](const VolumeFile& file) { return file.name == name; });
}

void replace_file(InfoDictionary& info, std::size_t index, const VolumeFile* file,
                  std::string_view pieces) {
    COLPORT_ASSERT(index < info.files.size());
    const auto at = info.files.begin() + static_cast<long>(index);
    info.pieces.replace(20 * info.first_piece(index), 20 * pieces_of(at->size), pieces);
    if (file != nullptr) *at = *file;
    else info.files.erase(at);
}

std::string encode(const InfoDictionary& info) {
    lt::entry::list_type files;
    for (const auto& file : info.files) {
        lt::entry entry;
        entry["length"] = static_cast<std::int64_t>(file.size);
        entry["path"].list().emplace_back(file.name);
        entry["sha256"] = file.sha256.str();
        files.push_back(std::move(entry));
        if (const auto padding = padding_of(file.size); padding != 0) {
            lt::entry pad;
            pad["attr"] = "p";
            pad["length"] = static_cast<std::int64_t>(padding);
            pad["path"].list().emplace_back(".pad");
            pad["path"].list().emplace_back(file.name);
            files.push_back(std::move(pad));
        }
    }
    lt::entry out;
    auto& own = out["colport"];
    own["feed"] = info.feed.str();
    own["format"] = format_version;
    own["seq"] = static_cast<std::int64_t>(info.seq);
    own["volume"] = static_cast<std::int64_t>(info.volume);
    out["files"] = std::move(files);
    out["name"] = volume_name(info.volume);
    out["piece length"] = static_cast<std::int64_t>(limits::piece_length);
    out["pieces"] = info.pieces;
    std::string bytes;
    lt::bencode(std::back_inserter(bytes), out);
    return bytes;
}

Status check(const InfoDictionary& info) {
    if (info.volume == 0 || info.volume > limits::volumes) return corrupt("volume number");
    if (info.seq == 0 || info.seq > INT64_MAX) return corrupt("release number");
    if (info.files.empty() || info.files.size() > limits::files_per_volume)
        return Error{Errc::too_large, "an info dictionary may name 1 to 1,024 files"};
    const std::string* before = nullptr;
    for (const auto& file : info.files) {
        if (!is_file_name(file.name)) return corrupt("file name");
        if (before != nullptr && !(*before < file.name)) return corrupt("order of files");
        if (file.size == 0 || file.size > limits::bundle)
            return Error{Errc::too_large, fmt::format("file {} is empty or over 64 MiB", file.name)};
        before = &file.name;
    }
    if (info.pieces.size() != 20 * info.first_piece(info.files.size()))
        return corrupt("number of pieces");
    return done();
}

Result<InfoDictionary> parse_info_dictionary(Bytes bytes) {
    if (bytes.size() > limits::info_dictionary)
        return Error{Errc::too_large, "info dictionary is over 1 MiB"};
    const auto root = bdecode_dict(bytes, 8, most_tokens);
    if (root.type() == lt::bdecode_node::none_t) return corrupt("not bencoded");
    const auto own = root.dict_find_dict("colport");
    if (!own) return Error{Errc::corrupt, "a torrent that is not a colport volume"};
    if (own.dict_find_int_value("format") != format_version)
        return Error{Errc::unsupported, "the volume is of a newer format",
                     "install a newer colport"};
    InfoDictionary out;
    const auto feed = PublicKey::from(string_in(own, "feed"));
    const auto volume = own.dict_find_int_value("volume");
    const auto files = root.dict_find_list("files");
    if (!feed || volume <= 0 || volume > std::int64_t{limits::volumes} || !files)
        return corrupt("missing key");
    out.feed = *feed;
    out.volume = static_cast<std::uint32_t>(volume);
    out.seq = static_cast<std::uint64_t>(own.dict_find_int_value("seq"));
    out.pieces = string_in(root, "pieces");
    for (int i = 0; i < files.list_size(); ++i) {
        const auto node = files.list_at(i);
        if (node.type() != lt::bdecode_node::dict_t) return corrupt("file entry");
        if (node.dict_find_string("attr")) continue;
        out.files.push_back(COLPORT_TRY(parse_file(node)));
    }
    COLPORT_TRY(check(out));
    if (encode(out) != bytes) return corrupt("not in canonical form");
    return out;
}

InfoHash info_hash(Bytes info_dictionary) {
    lt::hasher hasher(info_dictionary.data(), static_cast<int>(info_dictionary.size()));
    const auto digest = hasher.final();
    return *InfoHash::from(Bytes(digest.data(), InfoHash::size));
}

std::string hash_pieces_of(Bytes bytes) {
    std::string out;
    for (std::size_t at = 0; at < bytes.size(); at += limits::piece_length) {
        std::string piece(bytes.substr(at, limits::piece_length));
        piece.resize(limits::piece_length);
        out += info_hash(piece).view();
    }
    return out;
}

Result<std::string> hash_pieces(const std::filesystem::path& file) {
    std::ifstream in(file, std::ios::binary);
    const auto failed = [&] {
        return Error{Errc::io, fmt::format("cannot read {}: {}", file.string(), strerror(errno))};
    };
    if (!in) return failed();
    std::string piece(limits::piece_length, '\0');
    std::string out;
    while (in.read(piece.data(), static_cast<std::streamsize>(piece.size())), in.gcount() > 0) {
        std::fill(piece.begin() + in.gcount(), piece.end(), '\0');
        out += info_hash(piece).view();
    }
    if (in.bad()) return failed();
    return out;
}

}  // namespace colport
