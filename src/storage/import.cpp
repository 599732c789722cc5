#include "storage/import.h"

#include <algorithm>
#include <numeric>

#include "storage/text.h"

namespace colport {
namespace {

/// By time, so that rows are about as old as their numbers say.
std::vector<std::size_t> by_time(const BundleReader& reader) {
    std::vector<std::size_t> out(reader.size());
    std::iota(out.begin(), out.end(), std::size_t{0});
    std::stable_sort(out.begin(), out.end(), [&](std::size_t a, std::size_t b) {
        return reader.entry(a).published() < reader.entry(b).published();
    });
    return out;
}

std::string line_of(const std::string& text) { return one_line(without_controls(text)); }

}  // namespace

Result<Archive::ImportCount> Importer::articles(const BundleReader& reader,
                                                const Dictionary* dictionary) {
    const auto plan = COLPORT_TRY(this->plan(reader));
    std::vector<std::int64_t> replaced;
    for (const auto& [entry, known] : plan)
        if (known.row != 0) replaced.push_back(known.row);
    COLPORT_TRY(index_.remove(replaced));
    for (const auto entry : by_time(reader)) {
        // Those that stay away are read too: a bundle is good as a whole or not at all.
        const auto article = COLPORT_TRY(reader.article(entry, dictionary));
        if (const auto planned = plan.find(entry); planned != plan.end())
            COLPORT_TRY(write(article, entry, planned->second));
    }
    auto total = COLPORT_TRY(
        database_.prepare("UPDATE feeds SET articles = articles + ?2 WHERE id = ?1"));
    COLPORT_TRY(total.bind(1, feed_).bind(2, shown_).run());
    return count_;
}

Result<Importer::Plan> Importer::plan(const BundleReader& reader) {
    Plan out;
    std::map<Bytes, std::size_t> chosen;
    for (std::size_t i = 0; i < reader.size(); ++i) {
        const auto& entry = reader.entry(i);
        const auto earlier = chosen.find(entry.id());
        if (earlier != chosen.end() &&
            reader.entry(earlier->second).revision() >= entry.revision())
            continue;
        const auto known = COLPORT_TRY(this->known(entry.id()));
        const bool newer = known.row == 0 || entry.revision() > known.revision;
        // The same revision again is welcome where the file of the first is gone.
        if (!newer && (entry.revision() < known.revision ||
                       entry.retracted() != known.retracted || !lost(known.bundle)))
            continue;
        if (earlier != chosen.end()) out.erase(earlier->second);
        chosen[entry.id()] = i;
        out[i] = known;
    }
    return out;
}

Result<Importer::Known> Importer::known(Bytes id) {
    if (!find_)
        find_ = COLPORT_TRY(database_.prepare(
            "SELECT id, revision, bundle, retracted FROM articles "
            "WHERE article = ?1 AND feed = ?2"));
    find_->reset().bind_blob(1, id).bind(2, feed_);
    Known out;
    if (COLPORT_TRY(find_->step()))
        out = {find_->integer(0), static_cast<std::uint32_t>(find_->integer(1)), find_->integer(2),
               find_->integer(3) != 0};
    find_->reset();
    return out;
}

bool Importer::lost(std::int64_t bundle) {
    const auto asked = lost_.find(bundle);
    if (asked != lost_.end()) return asked->second;
    return lost_[bundle] = !bodies_.readable(bundle);
}

Status Importer::write(const pb::Article& article, std::size_t entry, const Known& known) {
    if (!write_)
        write_ = COLPORT_TRY(database_.prepare(
            "INSERT INTO articles (id, feed, article, revision, bundle, entry, published, zone, "
            "language, section, title, retracted, indexed) "
            "VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13) "
            "ON CONFLICT (article, feed) DO UPDATE SET revision = excluded.revision, "
            "bundle = excluded.bundle, entry = excluded.entry, published = excluded.published, "
            "zone = excluded.zone, language = excluded.language, section = excluded.section, "
            "title = excluded.title, retracted = excluded.retracted, indexed = excluded.indexed"));
    const bool retracted = article.status() == pb::Article::RETRACTED;
    const auto title = line_of(article.title());
    auto& row = *write_;
    if (known.row == 0) row.bind_null(1);
    else row.bind(1, known.row);
    COLPORT_TRY(row.bind(2, feed_).bind_blob(3, article.id()).bind(4, article.revision())
                    .bind(5, bundle_).bind(6, static_cast<std::int64_t>(entry))
                    .bind(7, article.published()).bind(8, article.zone())
                    .bind_text(9, line_of(article.language()))
                    .bind_text(10, line_of(article.section())).bind_text(11, title)
                    .bind(12, retracted ? 1 : 0).bind(13, retracted ? 0 : 1).run());
    count(article, known);
    if (retracted) return done();
    const auto id = known.row == 0 ? database_.last_insert_rowid() : known.row;
    return index_.add(id, title, text_of(article));
}

void Importer::count(const pb::Article& article, const Known& known) {
    const bool retracted = article.status() == pb::Article::RETRACTED;
    const bool was_shown = known.row != 0 && !known.retracted;
    shown_ += (retracted ? 0 : 1) - (was_shown ? 1 : 0);
    if (known.row != 0 && article.revision() == known.revision) return;
    if (retracted) ++count_.retracted;
    else if (known.row == 0) ++count_.added;
    else ++count_.replaced;
}

Result<Archive::ImportCount> Importer::pictures(const BundleReader& reader) {
    auto known = COLPORT_TRY(database_.prepare("SELECT 1 FROM pictures WHERE sha256 = ?1"));
    auto add = COLPORT_TRY(database_.prepare(
        "INSERT OR IGNORE INTO pictures (sha256, bundle, entry) VALUES (?1, ?2, ?3)"));
    for (std::size_t i = 0; i < reader.size(); ++i) {
        const auto& id = reader.entry(i).id();
        if (!COLPORT_TRY(known.reset().bind_blob(1, id).step())) ++count_.pictures;
        known.reset();
        COLPORT_TRY(add.bind_blob(1, id).bind(2, bundle_).bind(3, static_cast<std::int64_t>(i))
                        .run());
    }
    return count_;
}

}  // namespace colport
