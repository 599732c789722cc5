#include "press/redaction_journal.h"

#include <fmt/format.h>

#include "core/limits.h"
#include "core/minisign.h"
#include "feed/files.h"
#include "feed/unlisted.h"

namespace colport {
namespace {

namespace fs = std::filesystem;

fs::path unfinished(const Workshop& workshop) { return workshop.redaction().string() + ".tmp"; }
fs::path note_in(const fs::path& folder) { return folder / "article.json"; }

/// Copies a file of `from`, if it is there.
Status install(const fs::path& from, const fs::path& to, std::size_t limit) {
    std::error_code ignored;
    if (!fs::exists(from, ignored)) return done();
    return write_file(to, COLPORT_TRY(read_file(from, limit)));
}

std::vector<fs::path> entries_of(const fs::path& folder) {
    std::vector<fs::path> out;
    std::error_code error;
    for (fs::directory_iterator at(folder, error), end; !error && at != end; at.increment(error))
        out.push_back(at->path());
    return out;
}

/// A power cut may bring a journal back that had its end, and releases came after it.
Result<bool> is_superseded(const FeedDirectory& from, const FeedDirectory& to) {
    const auto feed =
        COLPORT_TRY(minisign::parse_public_key_file(COLPORT_TRY(read_file(to.key(), 1024))));
    const auto keyring = COLPORT_TRY(
        Keyring::verify(COLPORT_TRY(read_file(to.keyring(), limits::keyring)), feed));
    const auto seq_in = [&](const FeedDirectory& folder) -> Result<std::uint64_t> {
        const auto file = COLPORT_TRY(read_file(folder.head(), limits::head));
        return COLPORT_TRY(verify_own_head(file, keyring)).seq();
    };
    return COLPORT_TRY(seq_in(to)) > COLPORT_TRY(seq_in(from));
}

/// Files before the lists that name them, and the head last.
Status apply(const FeedDirectory& from, const FeedDirectory& to) {
    const auto entries = entries_of(from.volumes());
    std::error_code ignored;
    for (const auto& folder : entries) {
        if (!fs::is_directory(folder, ignored)) continue;
        for (const auto& file : entries_of(folder))
            COLPORT_TRY(install(file, to.volumes() / folder.filename() / file.filename(),
                                limits::bundle));
    }
    for (const auto& file : entries)
        if (!fs::is_directory(file, ignored))
            COLPORT_TRY(install(file, to.volumes() / file.filename(), limits::torrent_file));
    COLPORT_TRY(install(from.shelf(), to.shelf(), limits::shelf));
    COLPORT_TRY(install(from.head(), to.head(), limits::head));
    const auto state = COLPORT_TRY(load_records(to, std::nullopt));
    for (const auto& volume : volumes_of(state))
        COLPORT_TRY(remove_unlisted(to, COLPORT_TRY(load_info(to, volume, state.feed))));
    return done();
}

}  // namespace

Result<FeedDirectory> begin_redaction(const Workshop& workshop) {
    COLPORT_TRY(remove_path(unfinished(workshop)));
    COLPORT_TRY(make_directory(unfinished(workshop), 0700));
    const FeedDirectory out{unfinished(workshop)};
    COLPORT_TRY(make_directory(out.volumes(), 0700));
    return out;
}

Status finish_redaction(const Workshop& workshop, const std::optional<RedactedArticle>& article) {
    const auto folder = unfinished(workshop);
    if (article) COLPORT_TRY(write_file(note_in(folder), encode_redacted(*article), 0600));
    std::error_code error;
    fs::rename(folder, workshop.redaction(), error);
    if (error)
        return Error{Errc::io, fmt::format("cannot rename {}: {}", folder.string(),
                                           error.message())};
    COLPORT_TRY(sync_file(workshop.secrets()));
    return resume_redaction(workshop);
}

bool is_redaction_due(const Workshop& workshop) {
    std::error_code ignored;
    return fs::exists(workshop.redaction(), ignored);
}

Status resume_redaction(const Workshop& workshop) {
    COLPORT_TRY(remove_path(unfinished(workshop)));
    if (!is_redaction_due(workshop)) return done();
    if (!COLPORT_TRY(is_superseded({workshop.redaction()}, workshop.feed()))) {
        COLPORT_TRY(apply({workshop.redaction()}, workshop.feed()));
        if (const auto note = read_file(note_in(workshop.redaction()), limits::mib))
            COLPORT_TRY(forget_article(workshop, COLPORT_TRY(decode_redacted(*note))));
        else if (note.error().code != Errc::not_found)
            return note.error();
    }
    // At once, for half of it would be put in force again.
    std::error_code error;
    fs::rename(workshop.redaction(), unfinished(workshop), error);
    if (error) return remove_path(workshop.redaction());
    COLPORT_TRY(sync_file(workshop.secrets()));
    return remove_path(unfinished(workshop));
}

}  // namespace colport
