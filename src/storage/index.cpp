#include "storage/index.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "storage/tokenizer.h"

namespace colport {
namespace {

// In bytes, that wait for FTS5.
constexpr std::size_t most_tokens = 4 << 20;
constexpr std::size_t most_sought = 8 << 20;
// Likewise, that FTS5 holds before it writes a part of the index. A transaction fits in: each
// part that is written costs a sort, and a merge later.
constexpr int most_held = 8 << 20;

}  // namespace

Status ArticleIndex::begin() {
    std::map<std::int64_t, Open> now;
    {
        auto row = COLPORT_TRY(database_.prepare(
            fmt::format("SELECT {} FROM indexes WHERE state < 2", index_table_columns)));
        while (COLPORT_TRY(row.step())) {
            const auto id = row.integer(0);
            if (auto known = open_.extract(id)) {
                known.mapped().table = read_index_table(row, &known.mapped().table);
                now.insert(std::move(known));
            } else {
                now[id].table = read_index_table(row, nullptr);
            }
        }
    }
    open_ = std::move(now);
    const bool searched = std::any_of(open_.begin(), open_.end(), [](const auto& open) {
        return open.second.table.state == IndexTable::State::searched;
    });
    if (searched) return done();
    COLPORT_TRY(create(IndexTable::State::searched));
    return begin();
}

Result<std::int64_t> ArticleIndex::count() {
    auto row = COLPORT_TRY(database_.prepare("SELECT coalesce(sum(articles), 0) FROM feeds"));
    COLPORT_TRY(row.step());
    return row.integer(0);
}

Result<std::int64_t> ArticleIndex::create(IndexTable::State state) {
    const auto articles = COLPORT_TRY(count());
    auto row = COLPORT_TRY(database_.prepare(
        "INSERT INTO indexes (state, signature, filled, articles, average_words, common, tidy) "
        "VALUES (?1, ?2, ?3, 0, ?4, x'', 0)"));
    COLPORT_TRY(row.bind(1, static_cast<std::int64_t>(state)).bind_text(2, index_signature())
                    .bind(3, articles == 0 ? IndexTable::all : 0)
                    .bind(4, Making{}.average_words).run());
    IndexTable made;
    made.id = database_.last_insert_rowid();
    COLPORT_TRY(database_.run(
        fmt::format("CREATE VIRTUAL TABLE {0} USING fts5 (words, content = '', detail = none, "
                    "columnsize = 0, tokenize = '{2}');"
                    "CREATE VIRTUAL TABLE {1} USING fts5vocab ({0}, instance);"
                    "INSERT INTO {0} ({0}, rank) VALUES ('hashsize', {3})",
                    made.index(), made.words(), tokenizer::name, most_held)
            .c_str()));
    return made.id;
}

Status ArticleIndex::write(Open& open, bool remove, std::int64_t article,
                           std::string_view tokens) {
    merged_ = false;
    auto& statement = remove ? open.remove : open.add;
    if (!statement) {
        const auto name = open.table.index();
        statement = COLPORT_TRY(database_.prepare(
            remove ? fmt::format("INSERT INTO {0} ({0}, rowid, words) VALUES ('delete', ?1, ?2)",
                                 name)
                   : fmt::format("INSERT INTO {} (rowid, words) VALUES (?1, ?2)", name)));
    }
    return statement->bind(1, article).bind_text(2, tokens).run();
}

Result<bool> ArticleIndex::has_gaps(std::int64_t index) {
    auto row = COLPORT_TRY(
        database_.prepare("SELECT 1 FROM index_gaps WHERE index_id = ?1 LIMIT 1"));
    return row.bind(1, index).step();
}

Result<bool> ArticleIndex::is_gap(std::int64_t index, std::int64_t article) {
    auto row = COLPORT_TRY(database_.prepare(
        "SELECT 1 FROM index_gaps WHERE index_id = ?1 AND article = ?2"));
    return row.bind(1, index).bind(2, article).step();
}

Status ArticleIndex::set_gap(std::int64_t index, std::int64_t article, bool gap) {
    auto row = COLPORT_TRY(database_.prepare(
        gap ? "INSERT OR IGNORE INTO index_gaps VALUES (?1, ?2)"
            : "DELETE FROM index_gaps WHERE index_id = ?1 AND article = ?2"));
    return row.bind(1, index).bind(2, article).run();
}

Status ArticleIndex::write(Open& open, std::span<const Added> articles, std::int64_t last) {
    // The tokens of all first, and then to FTS5: both are slow where each throws the
    // other's things out of the processor's cache.
    std::vector<std::pair<std::int64_t, std::string>> made;
    std::size_t bytes = 0;
    for (std::size_t i = 0; i < articles.size(); ++i) {
        const auto& [article, feed, text] = articles[i];
        if (article <= last) {
            made.emplace_back(article, tokens_.make(text, feed, *open.table.making));
            bytes += made.back().second.size();
        }
        if (i + 1 < articles.size() && bytes < most_tokens) continue;
        for (const auto& [row, tokens] : made) COLPORT_TRY(write(open, false, row, tokens));
        made.clear();
        bytes = 0;
    }
    return done();
}

Status ArticleIndex::add(std::span<const Added> articles) {
    for (auto& [id, open] : open_) {
        // The filling of an index comes to later rows by itself.
        COLPORT_TRY(write(open, articles, open.table.filled));
        if (!COLPORT_TRY(has_gaps(id))) continue;
        for (const auto& added : articles) COLPORT_TRY(set_gap(id, added.article, false));
    }
    return done();
}

Result<ArticleIndex::Found> ArticleIndex::find(std::int64_t article) {
    Found out;
    std::string id, place;
    std::int64_t revision = 0, bundle = 0, entry = 0;
    {
        auto row = COLPORT_TRY(database_.prepare(
            "SELECT feed, article, revision, bundle, entry, place FROM articles "
            "WHERE id = ?1 AND retracted = 0"));
        if (!COLPORT_TRY(row.bind(1, article).step()))
            return Error{Errc::not_found, "no such article"};
        out.feed = row.integer(0);
        id = row.blob(1);
        revision = row.integer(2);
        bundle = row.integer(3);
        entry = row.integer(4);
        place = row.blob(5);
    }
    const auto read = COLPORT_TRY(bodies_.article(bundle, entry, place));
    // Another file in the place of the one that was imported says nothing.
    if (read.id() != id || read.revision() != revision)
        return Error{Errc::corrupt, "an article is not where it was imported from"};
    out.text = text_of(read);
    return out;
}

Status ArticleIndex::remove(std::span<const std::int64_t> articles) {
    std::map<std::int64_t, std::vector<std::int64_t>> by_words;  // by index
    for (const auto article : articles) {
        const auto read = find(article);
        if (!read && read.error().code == Errc::not_found) continue;
        for (auto& [id, open] : open_)
            if (!COLPORT_TRY(remove(open, article, read ? &*read : nullptr)))
                by_words[id].push_back(article);
    }
    for (const auto& [id, sought] : by_words)
        for (std::size_t at = 0; at < sought.size(); at += sought_at_once)
            COLPORT_TRY(remove_by_words(
                open_.at(id), std::span(sought).subspan(
                                  at, std::min(sought_at_once, sought.size() - at))));
    return done();
}

Result<bool> ArticleIndex::remove(Open& open, std::int64_t article, const Found* found) {
    if (article > open.table.filled) return true;
    if (COLPORT_TRY(is_gap(open.table.id, article))) {
        COLPORT_TRY(set_gap(open.table.id, article, false));
        return true;
    }
    if (found == nullptr || open.table.signature != index_signature()) return false;
    COLPORT_TRY(write(open, true, article,
                      tokens_.make(found->text, found->feed, *open.table.making)));
    return true;
}

Status ArticleIndex::remove_by_words(Open& open, std::span<const std::int64_t> articles) {
    // Reads the whole index once: seconds for a large archive, and rare.
    COLPORT_TRY(database_.run("CREATE TABLE IF NOT EXISTS temp.sought (id INTEGER PRIMARY KEY);"
                              "DELETE FROM temp.sought"));
    auto seek = COLPORT_TRY(database_.prepare("INSERT INTO temp.sought VALUES (?1)"));
    for (const auto id : articles) COLPORT_TRY(seek.bind(1, id).run());
    std::string last;
    std::set<std::int64_t> begun;
    while (true) {
        const auto found = COLPORT_TRY(seek_words(open, last));
        if (found.empty()) return done();
        // FTS5 counts an article less each time that some of its tokens go.
        for (const auto& [id, tokens] : found)
            if (!begun.insert(id).second) COLPORT_TRY(write(open, false, id, ""));
        for (const auto& [id, tokens] : found) COLPORT_TRY(write(open, true, id, tokens));
    }
}

Result<ArticleIndex::Sought> ArticleIndex::seek_words(Open& open, std::string& last) {
    // What FTS5 writes may be what is being read, so this ends before.
    auto words = COLPORT_TRY(database_.prepare(
        fmt::format("SELECT doc, term FROM {} WHERE term > ?1 AND doc IN "
                    "(SELECT id FROM temp.sought) ORDER BY term",
                    open.table.words())));
    words.bind_text(1, last);
    Sought out;
    std::size_t bytes = 0;
    while (COLPORT_TRY(words.step())) {
        const auto token = words.text(1);
        if (token != last) {
            if (bytes >= most_sought) break;
            last = token;
        }
        auto& tokens = out[words.integer(0)];
        (tokens += token) += tokenizer::separator;
        bytes += token.size() + 1;
    }
    return out;
}

bool ArticleIndex::knows_words() const {
    return std::all_of(open_.begin(), open_.end(), [](const auto& entry) {
        return entry.second.table.signature == index_signature();
    });
}

Status ArticleIndex::forget_removed() {
    for (const auto& [id, open] : open_)
        COLPORT_TRY(database_.run(
            fmt::format("INSERT INTO {0} ({0}) VALUES ('optimize')", open.table.index())
                .c_str()));
    return done();
}

Status ArticleIndex::forget_removed_later() {
    merged_ = false;
    return database_.run("UPDATE indexes SET tidy = 1 WHERE state < 2");
}

Result<std::vector<IndexTable>> ArticleIndex::left_behind() {
    std::vector<IndexTable> out;
    auto row = COLPORT_TRY(database_.prepare(
        fmt::format("SELECT {} FROM indexes WHERE state = 2", index_table_columns)));
    while (COLPORT_TRY(row.step())) out.push_back(read_index_table(row, nullptr));
    return out;
}

Status ArticleIndex::erase_all() {
    for (const auto& table : COLPORT_TRY(left_behind())) COLPORT_TRY(drop(table));
    return done();
}

Status ArticleIndex::drop(const IndexTable& table) {
    // SQLite keeps in memory what one statement may have to put back.
    while (COLPORT_TRY(erase_some(table)) > 0) {}
    return database_.run(fmt::format("DROP TABLE IF EXISTS {}; DROP TABLE IF EXISTS {}; "
                                     "DELETE FROM indexes WHERE id = {}",
                                     table.words(), table.index(), table.id)
                             .c_str());
}

Status ArticleIndex::clear() {
    // Not the same once more: readers keep what they know of an index by its id.
    COLPORT_TRY(database_.run("UPDATE indexes SET state = 2, articles = 0, common = x''"));
    gaps_.reset();
    counting_.reset();
    // Rows of articles may still be there, about to go.
    COLPORT_TRY(create(IndexTable::State::searched));
    COLPORT_TRY(database_.run(
        fmt::format("UPDATE indexes SET filled = {} WHERE state = 1", IndexTable::all).c_str()));
    return begin();
}

}  // namespace colport
