// What the index does when there is time: it is made anew, merged and tidied.

#include <fmt/format.h>
#include <sqlite3.h>

#include <algorithm>

#include "storage/index.h"

namespace colport {
namespace {

// Sizes of steps, so that each takes some 50 ms.
constexpr std::size_t articles_a_step = 100;
constexpr std::size_t bytes_a_step = 1 << 20;
constexpr int counted_a_step = 100;
constexpr int gaps_a_step = 20;
constexpr int merged_pages = 250;
constexpr int erased_pages = 500;
// More parts are merged into one when those beside the largest make an eighth of it.
constexpr std::int64_t most_parts = 4, smallest_part = 8;
// FTS5 keeps what it must have to open a table in its first rows.
constexpr int last_record = 10;

// With ten times as many articles other words are common.
constexpr std::int64_t growth = 10;
constexpr std::int64_t fewest_articles = 100;

}  // namespace

Result<bool> ArticleIndex::work() {
    {
        auto transaction = COLPORT_TRY(Transaction::begin(database_));
        COLPORT_TRY(begin());
        if (COLPORT_TRY(begin_anew())) {
            COLPORT_TRY(transaction.commit());
            return true;
        }
        for (auto& [id, open] : open_) {
            if (open.table.is_whole() && open.table.state == IndexTable::State::searched) continue;
            if (open.table.signature != index_signature()) continue;
            const bool more = COLPORT_TRY(fill(open));
            if (!more) COLPORT_TRY(finish(open.table));
            COLPORT_TRY(transaction.commit());
            return true;
        }
        if (COLPORT_TRY(erase())) {
            COLPORT_TRY(transaction.commit());
            return true;
        }
        COLPORT_TRY(transaction.commit());
    }
    if (COLPORT_TRY(close_gaps())) return true;
    if (merged_) return false;
    auto transaction = COLPORT_TRY(Transaction::begin(database_));
    COLPORT_TRY(begin());
    bool more = false;
    for (auto& [id, open] : open_)
        more = more || COLPORT_TRY(tidy(open)) || COLPORT_TRY(merge(open));
    for (auto& [id, open] : open_)
        if (!more && COLPORT_TRY(is_scattered(open))) more = true;
    COLPORT_TRY(transaction.commit());
    merged_ = !more;
    return more;
}

/// A search opens each of its lists in every part of the index: halves of a large
/// archive cost it twice as much as the whole. To merge all is to write all.
Result<bool> ArticleIndex::is_scattered(Open& open) {
    std::int64_t parts = 0, beside = 0, largest = 0;
    {
        auto row = COLPORT_TRY(database_.prepare(
            fmt::format("SELECT count(*), coalesce(sum(pages), 0), coalesce(max(pages), 0) FROM "
                        "(SELECT count(*) AS pages FROM {}_idx GROUP BY segid)",
                        open.table.index())));
        COLPORT_TRY(row.step());
        parts = row.integer(0);
        largest = row.integer(2);
        beside = row.integer(1) - largest;
    }
    if (parts <= most_parts || beside * smallest_part < largest) return false;
    COLPORT_TRY(set_tidy(open, 1));
    return true;
}

Status ArticleIndex::set_tidy(Open& open, int tidy) {
    open.table.tidy = tidy;
    auto mark = COLPORT_TRY(database_.prepare("UPDATE indexes SET tidy = ?2 WHERE id = ?1"));
    return mark.bind(1, open.table.id).bind(2, tidy).run();
}

Result<bool> ArticleIndex::begin_anew() {
    for (const auto& [id, open] : open_) {
        if (open.table.state != IndexTable::State::making) continue;
        if (open.table.signature == index_signature()) return false;
        // Other code began it.
        auto row = COLPORT_TRY(database_.prepare("UPDATE indexes SET state = 2 WHERE id = ?1"));
        COLPORT_TRY(row.bind(1, id).run());
        return true;
    }
    const auto& table = open_.begin()->second.table;
    const auto articles = COLPORT_TRY(count());
    const bool outgrown = articles >= growth * std::max(table.articles, fewest_articles);
    const bool ours = table.signature == index_signature();
    if (table.is_whole() && ours && !outgrown) return false;
    // One that nothing has gone into yet takes what is counted itself.
    const bool is_new = ours && table.filled == 0 && table.articles == 0;
    if (!table.is_whole() && ours && !is_new) return false;
    if (!COLPORT_TRY(count_words())) return true;
    const auto id = is_new ? table.id : COLPORT_TRY(create(IndexTable::State::making));
    const auto making = std::exchange(counting_, {})->words.making();
    COLPORT_TRY(set_making(id, std::max<std::int64_t>(articles, 1), making));
    return true;
}

/// One step; true when there is enough.
Result<bool> ArticleIndex::count_words() {
    if (!counting_) {
        auto last = COLPORT_TRY(database_.prepare("SELECT coalesce(max(id), 0) FROM articles"));
        COLPORT_TRY(last.step());
        counting_.emplace();
        counting_->stride = std::max<std::int64_t>(last.integer(0) / WordCounter::sample, 1);
    }
    auto row = COLPORT_TRY(database_.prepare(
        "SELECT id, bundle, entry, place FROM articles WHERE retracted = 0 AND id >= ?1 "
        "ORDER BY id LIMIT 1"));
    std::size_t bytes = 0;
    for (int i = 0; i < counted_a_step && bytes < bytes_a_step; ++i) {
        row.reset().bind(1, counting_->next);
        if (!COLPORT_TRY(row.step())) return true;
        if (const auto text = bodies_.text(row.integer(1), row.integer(2), row.blob(3))) {
            counting_->words.add(tokens_, *text);
            bytes += text->bytes();
        }
        counting_->next = std::max(counting_->next + counting_->stride, row.integer(0) + 1);
    }
    return false;
}

Status ArticleIndex::begin_with(std::int64_t articles, const Sample& sample) {
    if (open_.size() != 1 || articles < WordCounter::smallest_sample) return done();
    const auto& table = open_.begin()->second.table;
    auto row = COLPORT_TRY(database_.prepare("SELECT 1 FROM articles LIMIT 1"));
    if (table.articles != 0 || COLPORT_TRY(row.step())) return done();
    WordCounter words;
    COLPORT_TRY(sample([&](const ArticleText& text) { words.add(tokens_, text); }));
    if (!words.is_enough()) return done();
    COLPORT_TRY(set_making(table.id, articles, words.making()));
    return begin();
}

Status ArticleIndex::set_making(std::int64_t id, std::int64_t articles, const Making& making) {
    auto row = COLPORT_TRY(database_.prepare(
        "UPDATE indexes SET articles = ?2, average_words = ?3, common = ?4 WHERE id = ?1"));
    return row.bind(1, id).bind(2, articles).bind(3, making.average_words)
        .bind_blob(4, making.common.bytes()).run();
}

Result<bool> ArticleIndex::fill(Open& open) {
    struct Row {
        std::int64_t id, feed, bundle, entry;
        std::string place;
    };
    std::vector<Row> rows;
    {
        auto row = COLPORT_TRY(database_.prepare(
            "SELECT id, feed, bundle, entry, place FROM articles WHERE retracted = 0 AND id > ?1 "
            "ORDER BY id LIMIT ?2"));
        row.bind(1, open.table.filled).bind(2, articles_a_step);
        while (COLPORT_TRY(row.step()))
            rows.push_back({row.integer(0), row.integer(1), row.integer(2), row.integer(3),
                            std::string(row.blob(4))});
    }
    std::size_t bytes = 0;
    auto filled = IndexTable::all;
    std::vector<Added> articles;
    for (const auto& row : rows) {
        if (bytes > bytes_a_step) break;
        auto text = bodies_.text(row.bundle, row.entry, row.place);
        if (text) {
            bytes += text->bytes();
            articles.push_back({row.id, row.feed, std::move(*text)});
        } else {
            // What cannot be read now stays in the lists and out of the index.
            COLPORT_TRY(set_gap(open.table.id, row.id, true));
        }
        filled = row.id;
    }
    COLPORT_TRY(write(open, articles, IndexTable::all));
    open.table.filled = filled;
    auto mark = COLPORT_TRY(database_.prepare("UPDATE indexes SET filled = ?2 WHERE id = ?1"));
    COLPORT_TRY(mark.bind(1, open.table.id).bind(2, filled).run());
    return !rows.empty();
}

/// A stick that was away may be back.
Result<bool> ArticleIndex::close_gaps() {
    if (!gaps_) {
        gaps_.emplace();
        auto row = COLPORT_TRY(database_.prepare(
            "SELECT DISTINCT article FROM index_gaps WHERE index_id IN "
            "(SELECT id FROM indexes WHERE state < 2 AND signature = ?1) ORDER BY 1 DESC"));
        row.bind_text(1, index_signature());
        while (COLPORT_TRY(row.step())) gaps_->push_back(row.integer(0));
    }
    if (gaps_->empty()) return false;
    auto transaction = COLPORT_TRY(Transaction::begin(database_));
    COLPORT_TRY(begin());
    for (int i = 0; i < gaps_a_step && !gaps_->empty(); ++i) {
        const auto article = gaps_->back();
        gaps_->pop_back();
        const auto found = find(article);
        if (!found) continue;
        for (auto& [id, open] : open_) {
            if (open.table.signature != index_signature() ||
                !COLPORT_TRY(is_gap(id, article)))
                continue;
            COLPORT_TRY(write(open, false, article,
                              tokens_.make(found->text, found->feed, *open.table.making)));
            COLPORT_TRY(set_gap(id, article, false));
        }
    }
    COLPORT_TRY(transaction.commit());
    return true;
}

Status ArticleIndex::finish(const IndexTable& made) {
    if (made.state == IndexTable::State::searched) return done();
    gaps_.reset();
    auto swap = COLPORT_TRY(database_.prepare("UPDATE indexes SET state = (id <> ?1) + 1"));
    return swap.bind(1, made.id).run();
}

Result<bool> ArticleIndex::erase() {
    const auto old = COLPORT_TRY(left_behind());
    if (old.empty()) return false;
    // At once it would be as much to write as the whole index.
    const auto erased = COLPORT_TRY(erase_some(old.front()));
    if (erased == 0) COLPORT_TRY(drop(old.front()));
    COLPORT_TRY(database_.run(fmt::format("PRAGMA incremental_vacuum({})", erased).c_str()));
    return true;
}

Result<int> ArticleIndex::erase_some(const IndexTable& table) {
    const auto erased = COLPORT_TRY(erase_rows(table.index() + "_data", last_record));
    // Lengths are there of what earlier versions made alone.
    return erased > 0 ? erased : erase_rows(table.index() + "_docsize", -1);
}

/// Some of the rows of one of FTS5's own tables, if there is such a table.
Result<int> ArticleIndex::erase_rows(const std::string& table, int after) {
    {
        auto row = COLPORT_TRY(database_.prepare("SELECT 1 FROM sqlite_schema WHERE name = ?1"));
        if (!COLPORT_TRY(row.bind_text(1, table).step())) return 0;
    }
    const auto defend = [&](int on) {
        return sqlite3_db_config(database_.handle(), SQLITE_DBCONFIG_DEFENSIVE, on, nullptr) ==
                       SQLITE_OK
                   ? done()
                   : database_.error("configure");
    };
    COLPORT_TRY(defend(0));
    const auto erased = database_.run(
        fmt::format("DELETE FROM {0} WHERE id IN (SELECT id FROM {0} WHERE id > {1} LIMIT {2})",
                    table, after, erased_pages)
            .c_str());
    const auto count = static_cast<int>(database_.changes());
    COLPORT_TRY(defend(1));
    COLPORT_TRY(erased);
    return count;
}

Result<bool> ArticleIndex::changed_by(const std::string& sql) {
    const auto before = sqlite3_total_changes64(database_.handle());
    COLPORT_TRY(database_.run(sql.c_str()));
    // The command itself counts as one.
    return sqlite3_total_changes64(database_.handle()) - before >= 2;
}

Result<bool> ArticleIndex::merge(Open& open, int pages) {
    return changed_by(fmt::format("INSERT INTO {0} ({0}, rank) VALUES ('merge', {1})",
                                  open.table.index(), pages));
}

Result<bool> ArticleIndex::merge(Open& open) { return merge(open, merged_pages); }

/// A negative number has all parts merged into one. It is said at each step: parts that
/// have come since may keep FTS5 from going on by itself. Nothing changes where there is
/// but one, and so this ends.
Result<bool> ArticleIndex::merge_all(Open& open) { return merge(open, -merged_pages); }

Result<bool> ArticleIndex::tidy(Open& open) {
    if (open.table.tidy == 0) return false;
    COLPORT_TRY(set_tidy(open, COLPORT_TRY(merge_all(open)) ? 2 : 0));
    return true;
}

Result<ArticleIndex::Progress> ArticleIndex::progress() {
    Progress out;
    out.all = COLPORT_TRY(count());
    out.made = out.all;
    auto row = COLPORT_TRY(database_.prepare(
        "SELECT (SELECT count(*) FROM articles WHERE retracted = 0 AND id <= filled) FROM indexes "
        "WHERE state < 2 AND (state = 0 OR filled < ?1)"));
    if (COLPORT_TRY(row.bind(1, IndexTable::all).step())) out.made = row.integer(0);
    return out;
}

}  // namespace colport
