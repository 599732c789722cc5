#include "web/reading_file.h"

#include <algorithm>

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
    Reading::Marks out;
    if (auto* reading = if_there())
        if (const auto found = reading->marks(feed, article)) out = *found;
    out.opened = out.opened || openings_.has(feed, article);
    return out;
}

std::vector<Reading::Marks> ReadingFile::marks(const std::vector<Hit>& hits) {
    std::vector<Reading::Marks> out;
    if (auto* reading = if_there()) {
        std::vector<std::pair<PublicKey, ArticleId>> articles;
        for (const auto& hit : hits) articles.emplace_back(hit.feed, hit.id);
        if (auto found = reading->marks(articles)) out = std::move(found).value();
    }
    out.resize(hits.size());
    for (std::size_t i = 0; i < hits.size(); ++i)
        out[i].opened = out[i].opened || openings_.has(hits[i].feed, hits[i].id);
    return out;
}

Status ReadingFile::mark_opened(const Settings& settings, const PublicKey& feed,
                                const ArticleId& article, std::int64_t now) {
    if (settings.history == "on")
        return COLPORT_TRY(make())->mark_opened(feed, article, now);
    if (settings.history == "session") openings_.add(feed, article, now);
    return done();
}

Status ReadingFile::mark_unread(const PublicKey& feed, const ArticleId& article) {
    openings_.remove(feed, article);
    auto* reading = if_there();
    return reading == nullptr ? done() : reading->mark_opened(feed, article, std::nullopt);
}

Result<std::uint64_t> ReadingFile::number_opened() {
    auto* reading = if_there();
    const auto kept = reading == nullptr ? Reading::Counts{} : COLPORT_TRY(reading->counts());
    return kept.opened + openings_.size();
}

Result<std::vector<Reading::Entry>> ReadingFile::opened(std::size_t offset, std::size_t limit) {
    constexpr std::size_t most = 100;
    limit = std::min(limit, most);
    // What is written down was written before the reader chose otherwise.
    const auto remembered = openings_.size();
    auto out = openings_.list(offset, limit);
    if (auto* reading = if_there(); reading != nullptr && out.size() < limit) {
        const auto skipped = offset > remembered ? offset - remembered : 0;
        for (auto& entry : COLPORT_TRY(reading->opened(skipped, limit - out.size())))
            out.push_back(entry);
    }
    return out;
}

Status ReadingFile::clear_history() {
    openings_.clear();
    auto* reading = if_there();
    return reading == nullptr ? done() : reading->clear_history();
}

Status ReadingFile::forget_feed(const PublicKey& feed) {
    openings_.forget_feed(feed);
    auto* reading = if_there();
    return reading == nullptr ? done() : reading->forget_feed(feed);
}

Status ReadingFile::forget_everything() {
    openings_.clear();
    auto* reading = if_there();
    return reading == nullptr ? done() : reading->forget_everything();
}

}  // namespace colport::web
