#include "peer/holdings.h"

#include <algorithm>

#include "feed/files.h"

namespace colport {

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
    for (const auto& file : info.files)
        out.resize(out.size() + pieces_of(file.size), holds(info.volume, file));
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

std::uint32_t Holdings::last_volume() const {
    return held_.empty() ? 0 : held_.rbegin()->first.first;
}

}  // namespace colport
