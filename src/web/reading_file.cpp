#include "web/reading_file.h"

namespace colport::web {

std::filesystem::path reading_beside(const std::filesystem::path& archive) {
    return archive.parent_path() / "reading.sqlite";
}

Reading* ReadingFile::if_there() {
    if (reading_) return &*reading_;
    auto opened = Reading::open(file_, false);
    if (!opened) return nullptr;
    reading_ = std::move(opened).value();
    return &*reading_;
}

Result<Reading*> ReadingFile::make() {
    if (!reading_) reading_ = COLPORT_TRY(Reading::open(file_, true));
    return &*reading_;
}

Settings ReadingFile::settings() {
    auto* reading = if_there();
    if (reading == nullptr) return {};
    const auto kept = reading->settings();
    return kept ? settings_from(*kept) : Settings{};
}

Reading::Marks ReadingFile::marks(const PublicKey& feed, const ArticleId& article) {
    auto* reading = if_there();
    if (reading == nullptr) return {};
    const auto found = reading->marks(feed, article);
    return found ? *found : Reading::Marks{};
}

std::vector<Reading::Marks> ReadingFile::marks(const std::vector<Hit>& hits) {
    std::vector<Reading::Marks> out;
    if (auto* reading = if_there()) {
        std::vector<std::pair<PublicKey, ArticleId>> articles;
        for (const auto& hit : hits) articles.emplace_back(hit.feed, hit.id);
        if (auto found = reading->marks(articles)) out = std::move(found).value();
    }
    out.resize(hits.size());
    return out;
}

}  // namespace colport::web
