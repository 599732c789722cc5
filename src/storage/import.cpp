#include "storage/import.h"

#include <google/protobuf/arena.h>

#include <algorithm>
#include <numeric>

#include "storage/text.h"
#include "words/stem_rules.h"

namespace colport {
namespace {

// Of a transaction: readers feel larger ones.
constexpr std::size_t most_articles = 500;
constexpr std::size_t most_bytes = 4 << 20;
// Of articles that words are counted in: 1,500 of 20 KiB.
constexpr std::size_t most_counted = 32 << 20;

/// By time, so that rows are about as old as their numbers say.
void sort_by_time(const BundleReader& reader, std::vector<std::size_t>& entries) {
    std::stable_sort(entries.begin(), entries.end(), [&](std::size_t a, std::size_t b) {
        return reader.entry(a).published() < reader.entry(b).published();
    });
}

}  // namespace

Result<Archive::ImportCount> Importer::run(std::uint32_t volume, const std::string& name,
                                           const std::function<bool()>& go_on) {
    const bool has_articles = reader_.index().kind() == pb::BundleIndex::ARTICLES;
    std::vector<Step> steps;
    std::span<const Step> left;
    bool begun = false;
    do {
        auto transaction = COLPORT_TRY(Transaction::begin(database_));
        if (!begun) COLPORT_TRY(find_bundle(volume, name));
        if (has_articles) {
            COLPORT_TRY(index_.begin());
            if (!begun) {
                left = steps = COLPORT_TRY(plan());
                COLPORT_TRY(count_words(steps.size()));
            }
            left = COLPORT_TRY(write_some(left));
        } else {
            COLPORT_TRY(pictures());
        }
        if (left.empty()) COLPORT_TRY(finish_bundle());
        COLPORT_TRY(transaction.commit());
        begun = true;
        if (!left.empty() && go_on && !go_on())
            return Error{Errc::locked, "the import was broken off"};
    } while (!left.empty());
    return count_;
}

Status Importer::find_bundle(std::uint32_t volume, const std::string& name) {
    auto begun = COLPORT_TRY(database_.prepare(
        "SELECT id FROM bundles WHERE feed = ?1 AND volume = ?2 AND name = ?3"));
    if (COLPORT_TRY(begun.bind(1, feed_).bind(2, volume).bind_text(3, name).step())) {
        bundle_ = begun.integer(0);
        return done();
    }
    auto row = COLPORT_TRY(database_.prepare(
        "INSERT INTO bundles (feed, volume, name, whole, dictionary, signer, seq, time, arrived, "
        "listed_by) VALUES (?1, ?2, ?3, 0, ?4, ?5, ?6, ?7, ?8, ?9)"));
    row.bind(1, feed_).bind(2, volume).bind_text(3, name).bind_null(4)
        .bind_blob(5, reader_.signer().view())
        .bind(6, static_cast<std::int64_t>(reader_.index().seq()))
        .bind(7, reader_.index().time()).bind(8, arrival_.time).bind_null(9);
    if (const auto dictionary = reader_.dictionary()) row.bind_blob(4, dictionary->view());
    if (arrival_.listed_by) row.bind_blob(9, arrival_.listed_by->view());
    COLPORT_TRY(row.run());
    bundle_ = database_.last_insert_rowid();
    return done();
}

Status Importer::finish_bundle() {
    auto row = COLPORT_TRY(database_.prepare("UPDATE bundles SET whole = 1 WHERE id = ?1"));
    return row.bind(1, bundle_).run();
}

Status Importer::count_words(std::size_t articles) {
    return index_.begin_with(static_cast<std::int64_t>(articles), [&](const auto& visit) -> Status {
        const auto step = std::max<std::size_t>(reader_.size() / WordCounter::sample, 1);
        std::size_t bytes = 0;
        for (std::size_t i = 0; i < reader_.size() && bytes < most_counted; i += step) {
            if (reader_.entry(i).retracted()) continue;
            bytes += reader_.entry(i).size();
            pb::Article article;
            COLPORT_TRY(reader_.verified_article(i, dictionary_, article));
            visit(text_of(article));
        }
        return done();
    });
}

Result<std::vector<Importer::Step>> Importer::plan() {
    std::map<std::size_t, Known> planned;
    std::map<Bytes, std::size_t> chosen;
    for (std::size_t i = 0; i < reader_.size(); ++i) {
        const auto& entry = reader_.entry(i);
        const auto earlier = chosen.find(entry.id());
        if (earlier != chosen.end() &&
            reader_.entry(earlier->second).revision() >= entry.revision())
            continue;
        const auto known = COLPORT_TRY(this->known(entry.id()));
        const bool newer = known.row == 0 || entry.revision() > known.revision;
        // The same revision again is welcome where the file of the first is gone.
        if (!newer && (entry.revision() < known.revision ||
                       entry.retracted() != known.retracted || !lost(known.bundle)))
            continue;
        if (earlier != chosen.end()) planned.erase(earlier->second);
        chosen[entry.id()] = i;
        planned[i] = known;
    }
    std::vector<std::size_t> entries;
    for (const auto& [entry, known] : planned) entries.push_back(entry);
    sort_by_time(reader_, entries);
    std::vector<Step> out;
    for (const auto entry : entries) out.push_back({entry, planned[entry]});
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

Result<std::span<const Importer::Step>> Importer::write_some(std::span<const Step> steps) {
    std::size_t size = 0, bytes = 0;
    google::protobuf::Arena arena;
    std::vector<const pb::Article*> articles;
    std::vector<std::int64_t> replaced;
    for (; size < steps.size() && size < most_articles && bytes < most_bytes; ++size) {
        const auto entry = steps[size].entry;
        auto& article = *google::protobuf::Arena::CreateMessage<pb::Article>(&arena);
        COLPORT_TRY(reader_.verified_article(entry, dictionary_, article));
        articles.push_back(&article);
        bytes += reader_.entry(entry).size();
        if (steps[size].known.row != 0) replaced.push_back(steps[size].known.row);
    }
    COLPORT_TRY(index_.remove(replaced));
    std::vector<ArticleIndex::Added> added;
    for (std::size_t i = 0; i < size; ++i) {
        const auto row = COLPORT_TRY(write(*articles[i], steps[i]));
        if (articles[i]->status() == pb::Article::RETRACTED) continue;
        added.push_back({row, feed_, text_of(*articles[i])});
        const auto code = words::language_code(added.back().text.language);
        if (has_stems(code)) ++languages_[code];
    }
    // FTS5 writes what it has gathered before each statement that SQLite may have to
    // take back alone, such as those above; so all of its own come together.
    COLPORT_TRY(index_.add(added));
    COLPORT_TRY(write_counts());
    return steps.subspan(size);
}

Result<std::int64_t> Importer::write(const pb::Article& article, const Step& step) {
    if (!write_)
        write_ = COLPORT_TRY(database_.prepare(
            "INSERT INTO articles (id, feed, article, revision, bundle, entry, published, zone, "
            "language, section, title, retracted, place) "
            "VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13) "
            "ON CONFLICT (article, feed) DO UPDATE SET revision = excluded.revision, "
            "bundle = excluded.bundle, entry = excluded.entry, published = excluded.published, "
            "zone = excluded.zone, language = excluded.language, section = excluded.section, "
            "title = excluded.title, retracted = excluded.retracted, place = excluded.place"));
    const bool retracted = article.status() == pb::Article::RETRACTED;
    auto& row = *write_;
    if (step.known.row == 0) row.bind_null(1);
    else row.bind(1, step.known.row);
    COLPORT_TRY(row.bind(2, feed_).bind_blob(3, article.id()).bind(4, article.revision())
                    .bind(5, bundle_).bind(6, static_cast<std::int64_t>(step.entry))
                    .bind(7, article.published()).bind(8, article.zone())
                    .bind_text(9, given_language(article))
                    .bind_text(10, listed(article.section()))
                    .bind_text(11, listed(article.title())).bind(12, retracted ? 1 : 0)
                    .bind_blob(13, encode_place(reader_.place(step.entry))).run());
    const auto id = step.known.row == 0 ? database_.last_insert_rowid() : step.known.row;
    count(article, step.known);
    return id;
}

void Importer::count(const pb::Article& article, const Known& known) {
    const bool retracted = article.status() == pb::Article::RETRACTED;
    const bool was_shown = known.row != 0 && !known.retracted;
    shown_ += (retracted ? 0 : 1) - (was_shown ? 1 : 0);
    removed_ = removed_ || was_shown;
    has_removed_ = has_removed_ || was_shown;
    if (known.row != 0 && article.revision() == known.revision) return;
    if (retracted) ++count_.retracted;
    else if (known.row == 0) ++count_.added;
    else ++count_.replaced;
}

Status Importer::write_counts() {
    auto total = COLPORT_TRY(
        database_.prepare("UPDATE feeds SET articles = articles + ?2 WHERE id = ?1"));
    COLPORT_TRY(total.bind(1, feed_).bind(2, std::exchange(shown_, 0)).run());
    auto language = COLPORT_TRY(database_.prepare(
        "INSERT INTO languages VALUES (?1, ?2, ?3) "
        "ON CONFLICT DO UPDATE SET articles = articles + excluded.articles"));
    for (const auto& [name, articles] : std::exchange(languages_, {}))
        COLPORT_TRY(language.bind(1, feed_).bind_text(2, name).bind(3, articles).run());
    return std::exchange(removed_, false) ? index_.forget_removed_later() : done();
}

Status Importer::pictures() {
    auto known = COLPORT_TRY(database_.prepare("SELECT 1 FROM pictures WHERE sha256 = ?1"));
    auto add = COLPORT_TRY(database_.prepare(
        "INSERT OR IGNORE INTO pictures (sha256, bundle, entry) VALUES (?1, ?2, ?3)"));
    for (std::size_t i = 0; i < reader_.size(); ++i) {
        const auto& id = reader_.entry(i).id();
        if (!COLPORT_TRY(known.reset().bind_blob(1, id).step())) ++count_.pictures;
        known.reset();
        COLPORT_TRY(add.bind_blob(1, id).bind(2, bundle_).bind(3, static_cast<std::int64_t>(i))
                        .run());
    }
    return done();
}

}  // namespace colport
