#include "storage/index.h"

#include <fmt/format.h>

#include <array>
#include <map>

#include "storage/tokenizer.h"

namespace colport {
namespace {

constexpr const char* add_sql =
    "INSERT INTO article_index (rowid, title, body, about) VALUES (?1, ?2, ?3, ?4)";
constexpr const char* remove_sql =
    "INSERT INTO article_index (article_index, rowid, title, body, about) "
    "VALUES ('delete', ?1, ?2, ?3, ?4)";
constexpr std::array<std::string_view, 3> columns = {"title", "body", "about"};

Status write(Statement& statement, std::int64_t article, std::string_view title,
             const ArticleText& text) {
    return statement.bind(1, article).bind_text(2, title).bind_text(3, text.body)
        .bind_text(4, text.about).run();
}

}  // namespace

Status ArticleIndex::prepare() {
    {
        auto made = COLPORT_TRY(
            database_.prepare("SELECT value FROM settings WHERE name = 'index_version'"));
        if (COLPORT_TRY(made.step()) && made.integer(0) == index_version) return done();
    }
    COLPORT_TRY(database_.run("DROP TABLE IF EXISTS article_index"));
    COLPORT_TRY(database_.run(
        fmt::format("CREATE VIRTUAL TABLE article_index USING fts5 (title, body, about, "
                    "content = 'article_text', content_rowid = 'id', tokenize = '{}')",
                    tokenizer())
            .c_str()));
    COLPORT_TRY(rebuild());
    return database_.run(
        fmt::format("INSERT OR REPLACE INTO settings VALUES ('index_version', {})", index_version)
            .c_str());
}

Status ArticleIndex::rebuild() {
    auto all = COLPORT_TRY(database_.prepare(
        "SELECT id, title, bundle, entry FROM articles WHERE retracted = 0 ORDER BY id"));
    auto mark = COLPORT_TRY(database_.prepare("UPDATE articles SET indexed = ?2 WHERE id = ?1"));
    while (COLPORT_TRY(all.step())) {
        const auto id = all.integer(0);
        const auto text = bodies_.text(all.integer(2), all.integer(3));
        if (text) COLPORT_TRY(add(id, all.text(1), *text));
        // What cannot be read now stays in the lists and out of the index.
        COLPORT_TRY(mark.bind(1, id).bind(2, text.ok() ? 1 : 0).run());
    }
    return done();
}

Status ArticleIndex::add(std::int64_t article, std::string_view title, const ArticleText& text) {
    if (!add_) add_ = COLPORT_TRY(database_.prepare(add_sql));
    return write(*add_, article, title, text);
}

Status ArticleIndex::remove(std::span<const std::int64_t> articles) {
    if (!remove_) remove_ = COLPORT_TRY(database_.prepare(remove_sql));
    auto row = COLPORT_TRY(database_.prepare(
        "SELECT title, bundle, entry FROM articles WHERE id = ?1 AND indexed"));
    auto mark = COLPORT_TRY(database_.prepare("UPDATE articles SET indexed = 0 WHERE id = ?1"));
    std::vector<std::int64_t> unreadable;
    for (const auto id : articles) {
        row.reset().bind(1, id);
        if (!COLPORT_TRY(row.step())) continue;
        if (const auto text = bodies_.text(row.integer(1), row.integer(2)))
            COLPORT_TRY(write(*remove_, id, row.text(0), *text));
        else
            unreadable.push_back(id);
        row.reset();
        COLPORT_TRY(mark.bind(1, id).run());
    }
    return unreadable.empty() ? done() : remove_by_words(unreadable);
}

Status ArticleIndex::remove_by_words(std::span<const std::int64_t> articles) {
    // Reads the whole index once, however many articles are sought: seconds for
    // a large archive, and rare.
    COLPORT_TRY(database_.run(
        "CREATE VIRTUAL TABLE IF NOT EXISTS temp.article_words "
        "USING fts5vocab (main, article_index, instance);"
        "CREATE TABLE IF NOT EXISTS temp.sought (id INTEGER PRIMARY KEY);"
        "DELETE FROM temp.sought"));
    auto seek = COLPORT_TRY(database_.prepare("INSERT INTO temp.sought VALUES (?1)"));
    for (const auto id : articles) COLPORT_TRY(seek.bind(1, id).run());

    using Words = std::map<std::int64_t, std::string>;  // by position
    std::map<std::int64_t, std::array<Words, columns.size()>> found;
    for (const auto id : articles) found[id];
    {
        auto words = COLPORT_TRY(database_.prepare(
            "SELECT doc, col, offset, term FROM temp.article_words "
            "WHERE doc IN (SELECT id FROM temp.sought)"));
        while (COLPORT_TRY(words.step())) {
            const auto column = std::find(columns.begin(), columns.end(), words.text(1));
            if (column == columns.end()) continue;
            found[words.integer(0)][static_cast<std::size_t>(column - columns.begin())]
                 [words.integer(2)] = words.text(3);
        }
    }
    for (const auto& [id, positions] : found) {
        std::array<std::string, columns.size()> text;
        for (std::size_t i = 0; i < text.size(); ++i)
            for (const auto& [position, word] : positions[i]) text[i] += word + ' ';
        COLPORT_TRY(write(*remove_, id, text[0], {text[1], text[2]}));
    }
    return database_.run("DROP TABLE temp.article_words; DROP TABLE temp.sought");
}

Status ArticleIndex::forget_removed() {
    return database_.run("INSERT INTO article_index (article_index) VALUES ('optimize')");
}

Status ArticleIndex::clear() {
    return database_.run(
        "INSERT INTO article_index (article_index) VALUES ('delete-all');"
        "UPDATE articles SET indexed = 0 WHERE indexed");
}

Status ArticleIndex::check() {
    static_cast<void>(bodies_.take_failure());
    auto checked = database_.run(
        "INSERT INTO article_index (article_index, rank) VALUES ('integrity-check', 1)");
    if (checked) return done();
    if (auto failure = bodies_.take_failure()) return std::move(*failure);
    return Error{Errc::corrupt, "the full-text index does not match the articles",
                 "move the archive away and import the feeds again"};
}

}  // namespace colport
