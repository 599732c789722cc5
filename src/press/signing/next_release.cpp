#include "press/signing/next_release.h"

#include <fmt/format.h>

#include "core/limits.h"
#include "core/minisign.h"
#include "feed/shelf.h"
#include "metainfo/torrent_file.h"

namespace colport {
namespace {

void seal(SignedRecords& state, const InfoDictionary& info) {
    const auto bytes = encode(info);
    auto* volume = state.shelf.add_volumes();
    volume->set_number(info.volume);
    volume->set_info_hash(info_hash(bytes).str());
    volume->set_info_sha256(sha256(bytes).str());
    volume->set_info_size(static_cast<std::uint32_t>(bytes.size()));
    volume->set_last_seq(info.seq);
    volume->set_bytes(info.total_size());
    volume->set_last_time(state.head->message.time());
}

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

Result<SignedRelease> NextRelease::records(const std::vector<std::string>& trackers,
                                           const std::vector<std::string>& mirrors) const {
    COLPORT_TRY(check(info_));
    const auto info = encode(info_);
    if (info.size() > limits::info_dictionary)
        return Error{Errc::too_large, "the volume's info dictionary is over 1 MiB",
                     "use a smaller --volume-size"};
    std::vector<std::string> seeds;
    for (const auto& mirror : mirrors)
        seeds.push_back(mirror + (mirror.ends_with('/') ? "" : "/") + "volumes/");
    SignedRelease out;
    out.volume = info_.volume;
    out.torrent = encode(TorrentFile{info, trackers, seeds});
    if (state_.shelf.volumes_size() != 0) out.shelf = encode_shelf(state_.shelf);
    return out;
}

Result<SignedRelease> NextRelease::sign(const SigningKey& key, std::int64_t fresh_for,
                                        const std::vector<std::string>& trackers,
                                        const std::vector<std::string>& mirrors) const {
    auto out = COLPORT_TRY(records(trackers, mirrors));
    if (!state_.keyring.may_sign(key.public_key(), time_))
        return Error{Errc::denied, "the signing key may not sign for this feed now",
                     "colport-press key show tells which keys may"};
    out.torrent_signature = minisign::sign(
        key, out.torrent,
        fmt::format("release:{} file:{}.torrent time:{}", info_.seq, volume_name(info_.volume),
                    time_));
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
