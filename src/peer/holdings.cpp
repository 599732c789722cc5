#include "peer/holdings.h"

#include <algorithm>
#include <string_view>

#include "core/limits.h"
#include "feed/files.h"

namespace colport {
namespace {

/// Which of `hashes`, 20 bytes a piece, what lies on disk of a file already meets:
/// what was fetched before a kill, or of the release before, need not travel again.
std::vector<bool> right_pieces(const std::filesystem::path& path, std::uint64_t file_size,
                               std::string_view hashes) {
    const auto count = pieces_of(file_size);
    std::vector<bool> out(count);
    std::error_code error;
    const auto size = std::filesystem::file_size(path, error);
    if (error || size > file_size) return out;
    const auto there = hash_pieces(path);
    if (!there) return out;
    for (std::size_t i = 0; i < count; ++i) {
        const auto end = std::min<std::uint64_t>(file_size, (i + 1) * limits::piece_length);
        out[i] = end <= size && there->compare(i * 20, 20, hashes, i * 20, 20) == 0;
    }
    return out;
}

}  // namespace

Result<Holdings> Holdings::load(Archive& archive, const PublicKey& feed,
                                const FeedDirectory& directory) {
    Holdings out(archive, feed, directory);
    for (auto& file : COLPORT_TRY(archive.held_files(feed))) {
        Key key(file.volume, file.name);
        out.held_.emplace(std::move(key), std::move(file));
    }
    return out;
}

bool Holdings::check(std::uint32_t volume, const VolumeFile& file) {
    const auto path = directory_.volume(volume) / file.name;
    const Key key(volume, file.name);
    const auto known = held_.find(key);
    const auto stamp = stamp_of(path);
    if (known != held_.end()) {
        if (stamp && stamp->size == file.size && stamp->modified == known->second.modified &&
            known->second.sha256 == file.sha256)
            return true;
        held_.erase(known);
        if (!archive_->remove_held_file(feed_, volume, file.name)) return false;
    }
    if (!stamp || stamp->size != file.size) return false;
    return take_in(volume, file).ok();
}

void Holdings::forget(std::uint32_t volume) {
    for (auto at = held_.begin(); at != held_.end();) {
        if (at->first.first != volume) {
            ++at;
            continue;
        }
        // Where it is remembered in vain, its absence is noticed.
        static_cast<void>(archive_->remove_held_file(feed_, volume, at->first.second).ok());
        at = held_.erase(at);
    }
}

std::uint64_t Holdings::bytes() const {
    std::uint64_t out = 0;
    for (const auto& [key, file] : held_) out += file.size;
    return out;
}

Status Holdings::take_in(std::uint32_t volume, const VolumeFile& file) {
    const auto path = directory_.volume(volume) / file.name;
    COLPORT_TRY(sync_file(path));
    COLPORT_TRY(sync_file(path.parent_path()));
    const auto stamp = COLPORT_TRY(stamp_of(path));
    if (stamp.size != file.size || COLPORT_TRY(hash_file(path, file.size)) != file.sha256)
        return Error{Errc::forged, path.string() + " does not match its signed hash"};
    HeldFile record{volume, file.name, file.size, stamp.modified, file.sha256};
    COLPORT_TRY(archive_->save_held_file(feed_, record));
    held_[Key(volume, file.name)] = std::move(record);
    return done();
}

bool Holdings::holds(std::uint32_t volume, const VolumeFile& file) const {
    const auto known = held_.find(Key(volume, file.name));
    return known != held_.end() && known->second.sha256 == file.sha256;
}

std::vector<bool> Holdings::pieces(const InfoDictionary& info) const {
    std::vector<bool> out;
    for (const auto& file : info.files) {
        const auto count = pieces_of(file.size);
        if (holds(info.volume, file)) {
            out.resize(out.size() + count, true);
            continue;
        }
        const auto hashes = std::string_view(info.pieces).substr(out.size() * 20, count * 20);
        const auto right =
            right_pieces(directory_.volume(info.volume) / file.name, file.size, hashes);
        out.insert(out.end(), right.begin(), right.end());
    }
    return out;
}

std::optional<std::filesystem::path> Holdings::same_bytes(const Sha256& hash) const {
    for (const auto& [key, file] : held_)
        if (file.sha256 == hash) return directory_.volume(key.first) / key.second;
    return std::nullopt;
}

std::vector<std::string> Holdings::unlisted(const InfoDictionary& info) const {
    std::vector<std::string> out;
    for (auto at = held_.lower_bound({info.volume, ""});
         at != held_.end() && at->first.first == info.volume; ++at)
        if (std::none_of(info.files.begin(), info.files.end(), [&](const VolumeFile& file) {
                return file.name == at->second.name && file.sha256 == at->second.sha256;
            }))
            out.push_back(at->second.name);
    return out;
}

Status Holdings::forget(std::uint32_t volume, const std::string& name) {
    COLPORT_TRY(archive_->remove_held_file(feed_, volume, name));
    held_.erase(Key(volume, name));
    return done();
}

bool Holdings::holds_any(std::uint32_t volume) const {
    const auto first = held_.lower_bound({volume, ""});
    return first != held_.end() && first->first.first == volume;
}

}  // namespace colport
