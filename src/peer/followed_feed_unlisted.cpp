// Files that a release lists no more, as after a redaction: how they go.

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "core/append_new.h"
#include "feed/files.h"
#include "feed/unlisted.h"
#include "peer/followed_feed.h"

namespace colport {
namespace {

// A file that holds what must vanish, and much else, stays readable for so long while
// the one that takes its place is fetched.
constexpr std::int64_t longest_wait_seconds = 3600;
// A clock that is corrected goes back by so much, and no wait is over for that.
constexpr std::int64_t corrected_seconds = 300;
// What cannot be removed or read now is no cause to write to the archive, or to keep a bad
// disk busy, each second.
constexpr std::int64_t stuck_pause_seconds = 60;
// To ask of each bundle whether it is taken in takes seconds for a large feed.
constexpr std::int64_t look_pause_seconds = 60;

bool is_dictionary(const std::string& name) { return kind_of(name) == FileKind::dictionary; }

/// The release that wrote a file, also one in the place of another.
std::uint64_t made_in(const std::string& name) {
    std::uint64_t out = 0;
    const auto place = place_of(name).size();
    if (const auto reissue = name.find('.', place + 1); reissue != name.npos) {
        const auto* end = name.data() + reissue;
        if (std::from_chars(name.data() + place + 1, end, out).ptr == end) return out;
    }
    return release_of(name);
}

constexpr std::string_view memory_begins = "unlisted ", redaction_begins = "redacted ";

std::string memory_name(const PublicKey& feed, std::uint32_t volume, const std::string& name) {
    return fmt::format("{}{}/{} {}", memory_begins, volume, name, feed.hex());
}

/// A redaction leaves no place empty, and fills it by a later release: else one of the two
/// was not the newsroom's own.
bool is_rival(const InfoDictionary& info, const std::string& name) {
    return info.lists(name) ||
           (!is_dictionary(name) &&
            std::none_of(info.files.begin(), info.files.end(), [&](const VolumeFile& file) {
                return place_of(file.name) == place_of(name) && kind_of(file.name) == kind_of(name);
            }));
}

}  // namespace

Status FollowedFeed::find_unlisted(Volume& volume, const Release& release) {
    const auto& info = *volume.info;
    volume.unlisted.clear();
    // What its key may not sign takes nothing away either.
    const bool stands = standing_.stands_by(release.head);
    const bool newest = governs(release);
    const auto goes = [&](const std::string& name) {
        return !info.lists(name) &&
               (newest || (stands && made_in(name) <= release.head.seq()));
    };
    const auto has_other_bytes = [&](const VolumeFile& file) {
        return newest && info.lists(file.name) &&
               std::find(info.files.begin(), info.files.end(), file) == info.files.end();
    };
    // Also by one in reserve, which is forgotten when the process ends.
    if (stands) COLPORT_TRY(note_redaction(info, release.head));
    // What is to vanish is handed to nobody from now on.
    retire_where([&](const InfoDictionary& served) {
        return served.volume == info.volume &&
               std::any_of(served.files.begin(), served.files.end(), [&](const VolumeFile& file) {
                   return goes(file.name) || has_other_bytes(file);
               });
    });
    auto names = COLPORT_TRY(unlisted(info));
    if (newest) forget_unlisted(info.volume, [&](const auto& name) { return info.lists(name); });
    const bool has_rival = std::any_of(names.begin(), names.end(),
                                       [&](const auto& name) { return is_rival(info, name); });
    if (newest && !names.empty() && (has_rival || standing_.distrusts())) {
        if (!COLPORT_TRY(drop_files(info.volume, names))) return done();
        names.clear();
    }
    for (const auto& name : names)
        if (goes(name))
            volume.unlisted.emplace(name, COLPORT_TRY(unlisted_since(info.volume, name)));
    volume.swept = newest ? Volume::Swept::wholly : Volume::Swept::partly;
    // Half fetched, it is in no list of ours.
    if (newest && !in_place() && volume.unlisted.empty())
        // A folder that nobody may write to keeps nothing else away.
        if (const auto removed = remove_unlisted(directory_, info); !removed)
            set_problem(removed.error().message);
    return done();
}

Result<std::vector<std::string>> FollowedFeed::unlisted(const InfoDictionary& info) const {
    auto out = holdings_.unlisted(info);
    for (auto& name : COLPORT_TRY(around_.archive.bundles(key(), info.volume)))
        if (!info.lists(name)) append_new(out, name);
    // Bundles are read with their dictionaries until they are gone; and as long as a rival
    // is there, a process that is killed knows that the others are to go.
    const auto dictionaries = std::stable_partition(
        out.begin(), out.end(), [](const auto& name) { return !is_dictionary(name); });
    std::stable_partition(out.begin(), dictionaries,
                          [&](const auto& name) { return !is_rival(info, name); });
    return out;
}

Status FollowedFeed::note_redaction(const InfoDictionary& info, const Head& head) {
    auto& known = redacted_[head.signer];
    auto latest = known;
    for (const auto& file : info.files)
        if (const auto made = made_in(file.name);
            made != release_of(file.name) && made <= head.seq())
            latest = std::max(latest, made);
    if (latest == known) return done();
    COLPORT_TRY(around_.archive.remember(
        fmt::format("{}{} {}", redaction_begins, head.signer.hex(), key().hex()),
        std::to_string(latest)));
    known = latest;
    return done();
}

Status FollowedFeed::recall_numbers(
    std::string_view begin,
    const std::function<void(std::string_view, std::uint64_t)>& visit) const {
    const auto end = " " + key().hex();
    for (const auto& [name, value] : COLPORT_TRY(around_.archive.recall_all(std::string(begin)))) {
        std::uint64_t number = 0;
        if (name.size() >= begin.size() + end.size() && name.ends_with(end) &&
            std::from_chars(value.data(), value.data() + value.size(), number).ec == std::errc())
            visit(std::string_view(name).substr(begin.size(),
                                                name.size() - begin.size() - end.size()),
                  number);
    }
    return done();
}

Status FollowedFeed::recall_redactions() {
    return recall_numbers(redaction_begins, [&](std::string_view signer, std::uint64_t seq) {
        if (const auto key = PublicKey::from_hex_text(signer)) redacted_[*key] = seq;
    });
}

Status FollowedFeed::recall_unlisted() {
    return recall_numbers(memory_begins, [&](std::string_view place, std::uint64_t since) {
        const auto slash = place.find('/');
        if (slash == place.npos) return;
        const std::string name(place.substr(slash + 1));
        std::uint32_t volume = 0;
        std::from_chars(place.data(), place.data() + slash, volume);
        if (is_release_file(name))
            unlisted_.emplace(FileKey(volume, name), static_cast<std::int64_t>(since));
    });
}

Result<std::int64_t> FollowedFeed::unlisted_since(std::uint32_t volume, const std::string& name) {
    if (const auto known = unlisted_.find({volume, name}); known != unlisted_.end())
        return known->second;
    const auto now = around_.clock();
    COLPORT_TRY(around_.archive.remember(memory_name(key(), volume, name), std::to_string(now)));
    unlisted_.emplace(FileKey(volume, name), now);
    return now;
}

void FollowedFeed::forget_unlisted(std::uint32_t volume,
                                   const std::function<bool(const std::string&)>& is_one) {
    for (auto at = unlisted_.lower_bound({volume, ""});
         at != unlisted_.end() && at->first.first == volume;) {
        const auto& name = at->first.second;
        // A busy disk: the next time.
        const bool forgotten =
            is_one(name) && around_.archive.remember(memory_name(key(), volume, name), "").ok();
        at = forgotten ? unlisted_.erase(at) : std::next(at);
    }
}

Result<bool> FollowedFeed::drop_files(std::uint32_t number,
                                      const std::vector<std::string>& names) {
    if (names.empty()) return true;
    if (starting_) return false;
    // First, so that a process that is killed here does it again.
    COLPORT_TRY(import_again());
    // A file that cannot be removed is in no other record once the archive has forgotten it.
    static_cast<void>(COLPORT_TRY(unlisted_since(number, names.front())));
    // After an error the next tick will do: it may be that of a busy disk.
    return COLPORT_TRY(remove_file(number, names.front(), Archive::Beneath::stays)) &&
           names.size() == 1;
}

bool FollowedFeed::has_predecessor(const Volume& volume, const std::string& name) {
    return std::any_of(volume.unlisted.begin(), volume.unlisted.end(),
                       [&](const auto& old) { return place_of(old.first) == place_of(name); });
}

bool FollowedFeed::is_overdue(std::int64_t since) const {
    // A clock that was set back must not start the wait anew.
    const auto now = around_.clock();
    return now + corrected_seconds < since || now >= since + longest_wait_seconds;
}

bool FollowedFeed::waits_for_successor(const Volume& volume, const std::string& name) const {
    if (in_place() || around_.disk.is_full() || is_overdue(volume.unlisted.at(name))) return false;
    const auto& files = volume.info->files;
    return std::any_of(files.begin(), files.end(), [&](const VolumeFile& file) {
        return place_of(file.name) == place_of(name) && is_wanted(volume.number(), file) &&
               !holdings_.holds(volume.number(), file);
    });
}

void FollowedFeed::remove_unlisted_files(Volume& volume) {
    const auto number = volume.number();
    auto& names = volume.unlisted;
    const bool bundles = !std::all_of(names.begin(), names.end(), [](const auto& file) {
        return is_dictionary(file.first);
    });
    std::vector<FileKey> files;
    for (const auto& [name, since] : names)
        // Bundles are read with their dictionaries until they are gone.
        if (!(bundles && is_dictionary(name)) && !waits_for_successor(volume, name))
            files.emplace_back(number, name);
    remove_one_of(files);
}

void FollowedFeed::remove_overdue() {
    // While it is unclear whose lists took something away, only what a list says counts.
    if (starting_ || standing_.forked() || standing_.distrusts()) return;
    std::vector<FileKey> overdue;
    for (const bool dictionaries : {false, true})
        for (const auto& [place, since] : unlisted_)
            if (is_overdue(since) && is_dictionary(place.second) == dictionaries)
                overdue.push_back(place);
    remove_one_of(overdue);
}

void FollowedFeed::remove_one_of(const std::vector<FileKey>& files) {
    for (const auto& file : files) {
        if (is_stuck(file)) continue;
        const auto gone = remove_file(file.first, file.second, Archive::Beneath::comes_back);
        if (gone) return;
        set_problem(gone.error().message);
        // Another program that writes to the archive keeps all of them from going.
        if (gone.error().code == Errc::locked) return;
        note_stuck(file);
    }
}

bool FollowedFeed::is_stuck(const FileKey& file) const {
    const auto stuck = stuck_.find(file);
    return stuck != stuck_.end() && steady_now() < stuck->second;
}

void FollowedFeed::note_stuck(const FileKey& file) {
    stuck_[file] = steady_now() + stuck_pause_seconds;
}

Result<bool> FollowedFeed::remove_file(std::uint32_t number, const std::string& name,
                                       Archive::Beneath beneath) {
    const auto has_it = [&](const InfoDictionary& info) {
        return info.volume == number && info.lists(name);
    };
    retire_where(has_it);
    imports_.erase({number, name});
    // While the file is still here: its words leave the index by what it says.
    if (!COLPORT_TRY(around_.archive.remove_bundle(key(), number, name, beneath))) {
        has_work_ = true;
        return false;
    }
    COLPORT_TRY(holdings_.forget(number, name));
    if (beneath == Archive::Beneath::comes_back && look_for_imports_at_ == 0)
        look_for_imports_at_ = steady_now() + look_pause_seconds;
    if (const auto known = volumes_.find(number); known != volumes_.end()) {
        auto& volume = known->second;
        // With what is only half here.
        if (volume.unlisted.erase(name) != 0 && volume.unlisted.empty())
            volume.swept = Volume::Swept::no;
        if (volume.info && has_it(*volume.info)) see_what_is_missing(volume);
    }
    // A file that cannot be removed keeps nothing else away; it is remembered.
    if (!in_place()) COLPORT_TRY(remove_path(directory_.volume(number) / name));
    forget_unlisted(number, [&](const std::string& other) { return other == name; });
    stuck_.erase({number, name});
    has_work_ = true;
    return true;
}

}  // namespace colport
