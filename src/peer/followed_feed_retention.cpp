// Which volumes stay, and how the others go.

#include <charconv>
#include <numeric>

#include "core/append_new.h"
#include "feed/files.h"
#include "peer/followed_feed.h"

namespace colport {
namespace {

std::string memory_name(const PublicKey& feed) { return "kept from " + feed.hex(); }

}  // namespace

Status FollowedFeed::recall_retention() {
    const auto known = COLPORT_TRY(around_.archive.recall(memory_name(key())));
    std::from_chars(known.data(), known.data() + known.size(), kept_from_);
    return done();
}

void FollowedFeed::add_sizes(std::vector<VolumeSize>& sizes) const {
    const auto* release = aim();
    if (in_place() || release == nullptr) return;
    for (const auto& [number, volume] : volumes_) {
        const bool newest = number == release->head.message.volume();
        auto bytes = volume.signed_volume.bytes;
        if (volume.info) {
            bytes = 0;
            for (const auto& file : volume.info->files)
                if (is_wanted(number, file)) bytes += file.size;
        }
        // What is not fetched for other reasons takes no room.
        if (number >= kept_from_ && !is_kept(volume)) continue;
        sizes.push_back({key(), number, bytes, volume.signed_volume.time, newest});
    }
}

void FollowedFeed::keep_from(std::uint32_t number) {
    if (number == kept_from_) return;
    const auto saved = around_.archive.remember(memory_name(key()), std::to_string(number));
    if (!saved) return set_problem(saved.error().message);
    std::erase_if(dropped_, [number](std::uint32_t gone) { return gone >= number; });
    kept_from_ = number;
    has_work_ = true;
}

Status FollowedFeed::forget_volume(std::uint32_t number) {
    holdings_.forget(number);
    forget_given(number);
    std::erase_if(awaited_, [number](const auto& file) { return file.first.first == number; });
    std::erase_if(imports_, [number](const auto& file) { return file.first.first == number; });
    std::erase_if(unconfirmed_, [number](const auto& file) { return file.first == number; });
    COLPORT_TRY(remove_path(directory_.torrent(number)));
    COLPORT_TRY(remove_path(directory_.volume(number)));
    forget_unlisted(number, [](const std::string&) { return true; });
    return done();
}

Result<bool> FollowedFeed::drop_volumes_after(std::uint32_t newest) {
    retire_where([newest](const InfoDictionary& info) { return info.volume > newest; });
    auto numbers = COLPORT_TRY(around_.archive.volumes_after(key(), newest));
    // Of which the archive knows nothing any more, and the disk let nothing go.
    for (const auto& [place, since] : unlisted_)
        if (place.first > newest) append_new(numbers, place.first);
    std::error_code error;
    // After a thief also where nothing of it is known, such as halves of files. Otherwise what
    // is not known may be of a reader who comes back and hears of an old release first.
    if (!in_place() && standing_.distrusts())
        for (std::filesystem::directory_iterator at(directory_.volumes(), error), end;
             !error && at != end; at.increment(error)) {
            const auto name = at->path().stem().string();
            std::uint32_t number = 0;
            std::from_chars(name.data(), name.data() + name.size(), number);
            if (number > newest && volume_name(number) == name) append_new(numbers, number);
        }
    for (const auto number : numbers) {
        InfoDictionary nothing;
        nothing.volume = number;
        const auto names = COLPORT_TRY(unlisted(nothing));
        if (!COLPORT_TRY(drop_files(number, names))) return false;
        if (in_place()) continue;
        // A folder that nobody may write to keeps nothing else away.
        if (const auto forgotten = forget_volume(number); !forgotten)
            set_problem(forgotten.error().message);
    }
    return true;
}

bool FollowedFeed::drop(Volume& volume) {
    const auto number = volume.number();
    if (dropped_.contains(number)) return true;
    if (volume.added) retire(volume.signed_volume.info_hash);
    volume.added = volume.held = volume.imported = false;
    const auto bundles = around_.archive.bundles(key(), number);
    if (!bundles) {
        set_problem(bundles.error().message);
        return false;
    }
    // Some articles a call: all of a bundle's may leave the index in seconds.
    if (!bundles->empty()) {
        const auto& bundle = bundles->front();
        // It may be called off before the last bundle has gone: then what has gone is
        // looked for on the disk and taken in again.
        imports_.erase({number, bundle});
        volume.looked_at = 0;
        auto removed = around_.archive.remove_bundle(key(), number, bundle);
        if (removed && *removed) {
            const auto forgotten = holdings_.forget(number, bundle);
            if (!forgotten) removed = forgotten.error();
        }
        if (removed) has_work_ = true;
        else set_problem(removed.error().message);
        return false;
    }
    if (const auto forgotten = forget_volume(number); !forgotten) {
        set_problem(forgotten.error().message);
        return false;
    }
    volume.info.reset();
    volume.info_bytes.clear();
    volume.urgency.clear();
    volume.looked_at = 0;
    volume.looked_for_info = volume.was_here = false;
    volume.unlisted.clear();
    volume.swept = Volume::Swept::no;
    dropped_.insert(number);
    return true;
}

}  // namespace colport
