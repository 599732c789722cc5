#include "press/prepared.h"

#include <algorithm>

#include "core/limits.h"
#include "feed/files.h"

namespace colport {
namespace {

// Of a request of 256 MiB every article would have to be of a few bytes to fill it.
constexpr std::size_t max_note = 64 * limits::mib;

Bytes first_line(Bytes note) { return note.substr(0, note.find('\n')); }

/// A note without a word on drafts is of a version that wrote none: it may hold any.
bool may_hold(Bytes note, const ArticleId& id) {
    const auto drafts = note.substr(std::min(note.size(), first_line(note).size() + 1));
    return drafts.empty() || drafts.find(id.hex()) != Bytes::npos;
}

}  // namespace

Status note_prepared_release(const Workshop& workshop, const std::string& fingerprint,
                             const std::vector<ArticleId>& drafts) {
    auto note = fingerprint + "\n";
    for (const auto& id : drafts) note += id.hex() + "\n";
    if (drafts.empty()) note += "none\n";
    return write_file(workshop.prepared_release(), note, 0600);
}

bool is_release_prepared(const Workshop& workshop) {
    std::error_code ignored;
    return std::filesystem::exists(workshop.prepared_release(), ignored);
}

bool is_prepared_release(const Workshop& workshop, const std::string& fingerprint) {
    const auto note = read_file(workshop.prepared_release(), max_note);
    return note && first_line(*note) == fingerprint;
}

Status void_prepared_release(const Workshop& workshop, const std::vector<ArticleId>& ids) {
    if (!is_release_prepared(workshop)) return done();
    const auto note = read_file(workshop.prepared_release(), max_note);
    if (note && std::none_of(ids.begin(), ids.end(),
                             [&](const ArticleId& id) { return may_hold(*note, id); }))
        return done();
    COLPORT_TRY(remove_path(workshop.prepared_release()));
    return sync_file(workshop.secrets());
}

}  // namespace colport
