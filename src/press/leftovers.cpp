#include "press/leftovers.h"

#include "feed/files.h"
#include "feed/unlisted.h"

namespace colport {
namespace {

namespace fs = std::filesystem;

/// Is there a volume's file of a release after that one?
bool holds_later(const FeedDirectory& feed, std::uint64_t release) {
    std::error_code error;
    for (fs::directory_iterator volume(feed.volumes(), error), end; !error && volume != end;
         volume.increment(error)) {
        std::error_code no_folder;
        for (fs::directory_iterator at(volume->path(), no_folder); !no_folder && at != end;
             at.increment(no_folder))
            if (release_of(at->path().filename().string()) > release) return true;
    }
    return false;
}

fs::path note_of(const Workshop& workshop) { return workshop.secrets() / "publishing"; }

}  // namespace

Status begin_publishing(const Workshop& workshop) {
    return write_file(note_of(workshop), "", 0600);
}

void end_publishing(const Workshop& workshop) {
    std::error_code ignored;
    fs::remove(note_of(workshop), ignored);
}

Status remove_leftovers(const Workshop& workshop) {
    const auto feed = workshop.feed();
    for (const auto& folder : {feed.root, feed.volumes(), feed.signing()})
        remove_half_written(folder);
    std::error_code ignored;
    for (fs::directory_iterator volume(feed.volumes(), ignored), end; !ignored && volume != end;
         volume.increment(ignored))
        remove_half_written(volume->path());
    if (!fs::exists(note_of(workshop), ignored)) return done();
    const auto state = load_records(feed, std::nullopt);
    // Whoever needs the records says what is wrong with them.
    if (!state) return done();
    const auto volumes = volumes_of(*state);
    if (holds_later(feed, (state->head ? state->head->seq() : 0) + 1)) return done();
    InfoDictionary unborn;
    unborn.volume = (volumes.empty() ? 0 : volumes.back().number) + 1;
    for (const auto& volume : volumes)
        if (const auto info = load_info(feed, volume, state->feed))
            COLPORT_TRY(remove_unlisted(feed, *info));
    COLPORT_TRY(remove_unlisted(feed, unborn));
    COLPORT_TRY(remove_path(feed.torrent(unborn.volume)));
    COLPORT_TRY(remove_path(feed.torrent_signature(unborn.volume)));
    std::error_code kept_if_not_empty;
    fs::remove(feed.volume(unborn.volume), kept_if_not_empty);
    end_publishing(workshop);
    return done();
}

void remove_half_written(const fs::path& folder) {
    std::error_code error;
    for (fs::directory_iterator entry(folder, error), end; !error && entry != end;
         entry.increment(error)) {
        std::error_code ignored;
        if (entry->path().extension() == ".tmp") fs::remove(entry->path(), ignored);
    }
}

}  // namespace colport
