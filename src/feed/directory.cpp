#include "feed/directory.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "core/limits.h"
#include "core/minisign.h"
#include "feed/files.h"
#include "feed/shelf.h"
#include "metainfo/torrent_file.h"

namespace colport {
namespace {

constexpr std::size_t key_file_limit = 1024;

struct KindName {
    FileKind kind;
    std::string_view suffix;
};
constexpr KindName kind_names[] = {{FileKind::articles, ".articles.zst"},
                                   {FileKind::dictionary, ".dict.zst"},
                                   {FileKind::dictionary, ".dict"},
                                   {FileKind::media, ".media.zst"}};

/// The dictionary as it was at release `seq`.
InfoDictionary as_of(InfoDictionary later, std::uint64_t seq) {
    std::size_t count = 0;
    while (count < later.files.size() && release_of(later.files[count].name) <= seq) ++count;
    later.pieces.resize(20 * later.first_piece(count));
    later.files.resize(count);
    later.seq = seq;
    return later;
}

}  // namespace

std::string volume_file_name(std::uint64_t seq, std::size_t part, FileKind kind) {
    for (const auto& known : kind_names)
        if (known.kind == kind) return fmt::format("{:08}-{:03}{}", seq, part, known.suffix);
    COLPORT_ASSERT(false);
}

std::optional<FileKind> kind_of(std::string_view file_name) {
    for (const auto& known : kind_names)
        if (file_name.ends_with(known.suffix)) return known.kind;
    return std::nullopt;
}

std::uint64_t release_of(std::string_view file_name) {
    std::uint64_t out = 0;
    const auto end = std::min(file_name.find('-'), file_name.size());
    const auto [stop, error] = std::from_chars(file_name.data(), file_name.data() + end, out);
    return error == std::errc() && stop == file_name.data() + end ? out : 0;
}

std::string_view place_of(std::string_view file_name) {
    return file_name.substr(0, file_name.find('.'));
}

std::string reissued_file_name(std::string_view file_name, std::uint64_t seq) {
    const auto kind = kind_of(file_name);
    COLPORT_ASSERT(kind.has_value());
    for (const auto& known : kind_names)
        if (known.kind == *kind)
            return fmt::format("{}.{:08}{}", place_of(file_name), seq, known.suffix);
    COLPORT_ASSERT(false);
}

bool is_release_file(std::string_view name) {
    const auto digits = name.find_first_not_of("0123456789");
    return is_file_name(name) && digits != name.npos && digits >= 8 && name[digits] == '-' &&
           name.substr(digits + 1).find_first_not_of("0123456789") == 3 && name[digits + 4] == '.';
}

std::filesystem::path FeedDirectory::signing_key(const PublicKey& key) const {
    return signing() / (key.hex().substr(0, 16) + ".pub");
}

Result<SignedRecords> load_records(const FeedDirectory& directory,
                                   std::optional<std::int64_t> now) {
    const auto where = [](const std::filesystem::path& path) {
        return [path](Error error) { return std::move(error).in(path.string()); };
    };
    auto key_bytes = read_file(directory.key(), key_file_limit);
    if (!key_bytes && key_bytes.error().code == Errc::not_found)
        return Error{Errc::not_found,
                     fmt::format("{} is not a feed directory: it has no feed.pub",
                                 directory.root.string()),
                     "name the folder that holds feed.pub, keyring and head"};
    const auto key_file = COLPORT_TRY(std::move(key_bytes));
    auto feed = minisign::parse_public_key_file(key_file);
    if (!feed) return where(directory.key())(std::move(feed).error());
    const auto keyring_file = COLPORT_TRY(read_file(directory.keyring(), limits::keyring));
    auto keyring = Keyring::verify(keyring_file, *feed);
    if (!keyring) return where(directory.keyring())(std::move(keyring).error());
    SignedRecords out{*feed, std::move(*keyring), std::nullopt, empty_shelf(*feed)};

    auto head_file = read_file(directory.head(), limits::head);
    if (!head_file && head_file.error().code == Errc::not_found) return out;
    if (!head_file) return std::move(head_file).error();
    auto head = now ? verify_head(*head_file, out.keyring, 0, *now)
                    : verify_own_head(*head_file, out.keyring);
    if (!head) return where(directory.head())(std::move(head).error());
    out.head = std::move(*head);
    const auto shelf_hash = out.head->shelf_sha256();
    if (!shelf_hash) return out;
    const auto shelf_file = COLPORT_TRY(read_file(directory.shelf(), limits::shelf));
    auto shelf = parse_shelf(shelf_file, *feed);
    if (!shelf) return where(directory.shelf())(std::move(shelf).error());
    shelf = cut_shelf(std::move(*shelf), out.head->message.volume() - 1, *shelf_hash);
    if (!shelf) return where(directory.shelf())(std::move(shelf).error());
    out.shelf = std::move(*shelf);
    return out;
}

std::vector<SignedVolume> volumes_of(const std::optional<Head>& head, const pb::Shelf& shelf) {
    std::vector<SignedVolume> out;
    for (const auto& volume : shelf.volumes())
        out.push_back({volume.number(), *InfoHash::from(volume.info_hash()),
                       *Sha256::from(volume.info_sha256()), volume.last_seq(),
                       volume.last_time(), volume.bytes()});
    if (head)
        out.push_back(
            {head->message.volume(), head->info_hash, head->info_sha256(), head->seq(),
             head->message.time()});
    return out;
}

Result<InfoDictionary> verify_info(Bytes info, const SignedVolume& signed_volume,
                                   const PublicKey& feed) {
    if (sha256(info) != signed_volume.info_sha256 || info_hash(info) != signed_volume.info_hash)
        return Error{Errc::forged, "the info dictionary does not match what the publisher signed"};
    auto out = COLPORT_TRY(parse_info_dictionary(info));
    if (out.feed != feed || out.volume != signed_volume.number)
        return Error{Errc::forged, "the info dictionary belongs to another feed or volume"};
    return out;
}

Result<InfoDictionary> info_in_torrent(Bytes torrent, const SignedVolume& volume,
                                       const PublicKey& feed) {
    const auto bytes = COLPORT_TRY(info_of_torrent(torrent));
    auto exact = verify_info(bytes, volume, feed);
    if (exact) return exact;
    const auto later = parse_info_dictionary(bytes);
    if (later && later->seq > volume.seq) {
        auto earlier = verify_info(encode(as_of(*later, volume.seq)), volume, feed);
        if (earlier) return earlier;
    }
    return exact;
}

Result<InfoDictionary> load_info(const FeedDirectory& directory, const SignedVolume& volume,
                                 const PublicKey& feed) {
    const auto path = directory.torrent(volume.number);
    const auto file = COLPORT_TRY(read_file(path, limits::torrent_file));
    auto out = info_in_torrent(file, volume, feed);
    if (!out) return std::move(out).error().in(path.string());
    return out;
}

Result<std::shared_ptr<const Dictionary>> load_dictionary(const FeedDirectory& directory,
                                                          const InfoDictionary& info,
                                                          const Sha256& hash) {
    for (const auto& file : info.files) {
        if (file.sha256 != hash || kind_of(file.name) != FileKind::dictionary) continue;
        const auto path = directory.volume(info.volume) / file.name;
        auto bytes = COLPORT_TRY(read_file(path, limits::dictionary));
        if (sha256(bytes) != hash)
            return Error{Errc::corrupt, fmt::format("{}: does not match its hash", path.string())};
        auto out = Dictionary::load(std::move(bytes));
        if (!out) return std::move(out).error().in(path.string());
        return out;
    }
    return Error{Errc::not_found, fmt::format("volume {} lacks the compression dictionary {}",
                                              info.volume, hash.hex().substr(0, 16))};
}

Result<std::shared_ptr<const Dictionary>> LastDictionary::load(const FeedDirectory& directory,
                                                               const InfoDictionary& info,
                                                               const Sha256& hash) {
    if (!held_ || held_->hash() != hash) {
        held_.reset();
        held_ = COLPORT_TRY(load_dictionary(directory, info, hash));
    }
    return held_;
}

}  // namespace colport
