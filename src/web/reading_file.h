#pragma once

#include <filesystem>
#include <optional>

#include "storage/archive.h"
#include "storage/reading.h"
#include "web/openings.h"
#include "web/settings.h"

namespace colport::web {

/// Where what is kept of reading lies.
std::filesystem::path reading_beside(const std::filesystem::path& archive);

/// What is kept of reading, opened when it is first needed and made only when
/// there is something to keep; with what is known of it until the daemon ends.
/// One thread at a time; borrows `openings`.
class ReadingFile {
public:
    ReadingFile(std::filesystem::path file, Openings& openings)
        : file_(std::move(file)), openings_(openings) {}
    /// Null when nothing is kept, or it cannot be read.
    Reading* if_there();
    /// Errors: those of Reading::open.
    Result<Reading*> make();

    Settings settings();
    /// Nothing was opened or starred where nothing is kept.
    Reading::Marks marks(const PublicKey& feed, const ArticleId& article);
    std::vector<Reading::Marks> marks(const std::vector<Hit>& hits);

    /// Written down, remembered for now, or neither, as `settings` say.
    Status mark_opened(const Settings& settings, const PublicKey& feed, const ArticleId& article,
                       std::int64_t now);
    Status mark_unread(const PublicKey& feed, const ArticleId& article);
    Result<std::uint64_t> number_opened();
    /// The latest first; `limit` is clamped to 100.
    Result<std::vector<Reading::Entry>> opened(std::size_t offset, std::size_t limit);
    Status clear_history();
    Status forget_feed(const PublicKey& feed);
    /// All that is kept, the settings too.
    Status forget_everything();

private:
    std::filesystem::path file_;
    Openings& openings_;
    std::optional<Reading> reading_;
};

}  // namespace colport::web
