#pragma once

#include <filesystem>
#include <optional>

#include "storage/archive.h"
#include "storage/reading.h"
#include "web/settings.h"

namespace colport::web {

/// Where what is kept of reading lies.
std::filesystem::path reading_beside(const std::filesystem::path& archive);

/// What is kept of reading, opened when it is first needed and made only when
/// there is something to keep. One thread at a time.
class ReadingFile {
public:
    explicit ReadingFile(std::filesystem::path file) : file_(std::move(file)) {}
    /// Null when nothing is kept, or it cannot be read.
    Reading* if_there();
    /// Errors: those of Reading::open.
    Result<Reading*> make();

    Settings settings();
    /// Nothing was opened or starred where nothing is kept.
    Reading::Marks marks(const PublicKey& feed, const ArticleId& article);
    std::vector<Reading::Marks> marks(const std::vector<Hit>& hits);

private:
    std::filesystem::path file_;
    std::optional<Reading> reading_;
};

}  // namespace colport::web
