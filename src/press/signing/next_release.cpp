#include "press/signing/next_release.h"

#include <fmt/format.h>

#include <algorithm>

#include "core/limits.h"
#include "core/minisign.h"
#include "feed/shelf.h"
#include "metainfo/torrent_file.h"

namespace colport {
namespace {

/// What the shelf says of a volume but its time.
void describe(const InfoDictionary& info, pb::SealedVolume& out) {
    const auto bytes = encode(info);
    out.set_number(info.volume);
    out.set_info_hash(info_hash(bytes).str());
    out.set_info_sha256(sha256(bytes).str());
    out.set_info_size(static_cast<std::uint32_t>(bytes.size()));
    out.set_last_seq(info.seq);
    out.set_bytes(info.total_size());
}

void seal(SignedRecords& state, const InfoDictionary& info) {
    auto* volume = state.shelf.add_volumes();
    describe(info, *volume);
    volume->set_last_time(state.head->message.time());
}

Error no_such_file() { return {Errc::corrupt, "a file to be replaced is not in the feed"}; }

}  // namespace

NextRelease::NextRelease(SignedRecords state, std::optional<InfoDictionary> current,
                         bool new_volume, std::int64_t time)
    : state_(std::move(state)), time_(time) {
    COLPORT_ASSERT(current.has_value() == state_.head.has_value());
    info_.feed = state_.feed;
    info_.volume = 1;
    if (current) {
        if (new_volume) seal(state_, *current);
        info_.volume = current->volume + (new_volume ? 1 : 0);
    }
    if (current && !new_volume) {
        info_.files = std::move(current->files);
        info_.pieces = std::move(current->pieces);
    }
    info_.seq = state_.head ? state_.head->seq() + 1 : 1;
}

std::string NextRelease::add(FileKind kind, Bytes content) {
    info_.files.push_back(
        {volume_file_name(info_.seq, part_++, kind), content.size(), sha256(content)});
    info_.pieces += hash_pieces_of(content);
    return info_.files.back().name;
}

InfoDictionary* NextRelease::changeable(std::uint32_t volume) {
    if (volume == info_.volume) return &info_;
    const auto sealed = sealed_.find(volume);
    return sealed == sealed_.end() ? nullptr : &sealed->second;
}

const InfoDictionary* NextRelease::list_of(std::uint32_t volume) const {
    return const_cast<NextRelease*>(this)->changeable(volume);
}

Status NextRelease::open_sealed(Bytes bytes) {
    for (const auto& volume : volumes_of(std::nullopt, state_.shelf)) {
        auto info = verify_info(bytes, volume, state_.feed);
        if (!info) continue;
        info->seq = info_.seq;
        if (sealed_.emplace(volume.number, std::move(*info)).second) return done();
    }
    return Error{Errc::corrupt, "not a sealed volume of the feed"};
}

Result<std::string> NextRelease::replace(std::uint32_t volume, const std::string& name,
                                         Bytes content) {
    auto* info = changeable(volume);
    if (info == nullptr || !kind_of(name)) return no_such_file();
    const auto file = std::find_if(info->files.begin(), info->files.end(),
                                   [&](const VolumeFile& listed) { return listed.name == name; });
    if (file == info->files.end()) return no_such_file();
    const auto index = static_cast<std::size_t>(file - info->files.begin());
    const VolumeFile next{reissued_file_name(name, info_.seq), content.size(), sha256(content)};
    replace_file(*info, index, content.empty() ? nullptr : &next, hash_pieces_of(content));
    return next.name;
}

Result<SignedRelease> NextRelease::records(const std::vector<std::string>& trackers,
                                           const std::vector<std::string>& mirrors) const {
    std::vector<std::string> seeds;
    for (const auto& mirror : mirrors)
        seeds.push_back(mirror + (mirror.ends_with('/') ? "" : "/") + "volumes/");
    SignedRelease out;
    const auto add = [&](const InfoDictionary& info) -> Status {
        COLPORT_TRY(check(info));
        const auto bytes = encode(info);
        if (bytes.size() > limits::info_dictionary)
            return Error{Errc::too_large, "the volume's info dictionary is over 1 MiB",
                         "use a smaller --volume-size"};
        out.torrents.push_back({info.volume, encode(TorrentFile{bytes, trackers, seeds}), ""});
        return done();
    };
    auto shelf = state_.shelf;
    for (const auto& [number, info] : sealed_) {
        COLPORT_TRY(add(info));
        // The time stays: by it readers choose how far back they go.
        describe(info, *shelf.mutable_volumes(static_cast<int>(number - 1)));
    }
    COLPORT_TRY(add(info_));
    if (shelf.volumes_size() != 0) out.shelf = encode_shelf(shelf);
    return out;
}

Result<SignedRelease> NextRelease::sign(const SigningKey& key, std::int64_t fresh_for,
                                        const std::vector<std::string>& trackers,
                                        const std::vector<std::string>& mirrors) const {
    auto out = COLPORT_TRY(records(trackers, mirrors));
    if (!state_.keyring.may_sign(key.public_key(), time_))
        return Error{Errc::denied, "the signing key may not sign for this feed now",
                     "colport-press key show tells which keys may"};
    for (auto& torrent : out.torrents)
        torrent.signature = minisign::sign(
            key, torrent.file,
            fmt::format("release:{} file:{}.torrent time:{}", info_.seq,
                        volume_name(torrent.volume), time_));
    const auto info = encode(info_);
    pb::Head head;
    head.set_format(1);
    head.set_feed(state_.feed.str());
    head.set_seq(info_.seq);
    head.set_time(time_);
    head.set_fresh_for(static_cast<std::uint32_t>(fresh_for));
    head.set_keyring_version(state_.keyring.version());
    head.set_volume(info_.volume);
    head.set_info_sha256(sha256(info).str());
    head.set_info_size(static_cast<std::uint32_t>(info.size()));
    if (!out.shelf.empty()) head.set_shelf_sha256(sha256(out.shelf).str());
    out.head = sign_head(head, info_hash(info), key);
    return out;
}

}  // namespace colport
