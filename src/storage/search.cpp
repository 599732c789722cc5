#include "storage/search.h"

#include <fmt/format.h>

#include <algorithm>

#include "storage/query.h"
#include "storage/text.h"

namespace colport {
namespace {

constexpr std::size_t most_hits = 100;
constexpr std::size_t beginning_length = 200;
// A word in the title says more about an article than one in its text.
constexpr const char* rank = "bm25(article_index, 8.0, 1.0, 4.0)";
// 1 is the column `body`, 32 the number of words.
constexpr const char* snippet_sql =
    "SELECT snippet(article_index, 1, char(2), char(3), '…', 32) FROM article_index "
    "WHERE article_index MATCH ?1 AND rowid = ?2";
static_assert(mark_begin == 2 && mark_end == 3);

std::string lower(std::string_view text) {
    std::string out(text);
    for (auto& c : out)
        if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
    return out;
}

}  // namespace

Result<Hit> hit_of(const Statement& row) {
    const auto feed = PublicKey::from(row.blob(0));
    const auto id = ArticleId::from(row.blob(2));
    if (!feed || !id) return Error{Errc::corrupt, "damaged archive: an article's id"};
    Hit out;
    out.feed = *feed;
    out.feed_name = row.text(1);
    out.id = *id;
    out.revision = static_cast<std::uint32_t>(row.integer(3));
    out.title = row.text(4);
    out.language = row.text(5);
    out.published = row.integer(6);
    out.zone = static_cast<std::int32_t>(row.integer(7));
    out.section = row.text(8);
    return out;
}

Searcher::Searcher(Database& database, Bodies& bodies, const Query& query)
    : database_(database), bodies_(bodies), query_(query) {
    auto words = parse_words(query.words);
    blank_ = words.blank;
    match_ = std::move(words.match);
}

/// Parameters, where they occur: ?1 words, ?2 feed, ?3 language, ?4 and ?5 times.
Searcher::Sql Searcher::sql() const {
    // CROSS: the words first, the articles that have them then.
    Sql out;
    out.from = blank_ ? "FROM articles a WHERE a.retracted = 0"
                      : "FROM article_index CROSS JOIN articles a ON a.id = article_index.rowid "
                        "WHERE article_index MATCH ?1 AND a.retracted = 0";
    if (query_.feed) out.from += " AND a.feed = (SELECT id FROM feeds WHERE key = ?2)";
    if (!query_.language.empty())
        out.from += " AND (lower(a.language) = ?3"
                    " OR substr(lower(a.language), 1, length(?3) + 1) = ?3 || '-')";
    if (query_.since != 0) out.from += " AND a.published >= ?4";
    if (query_.until != 0) out.from += " AND a.published < ?5";
    const bool by_date = blank_ || query_.sort == Sort::date;
    out.order = by_date ? "ORDER BY a.published DESC, a.id DESC"
                        : fmt::format("ORDER BY {}, a.id DESC", rank);
    return out;
}

Result<Statement> Searcher::prepare(const std::string& text) {
    auto out = COLPORT_TRY(database_.prepare(text));
    if (!blank_) out.bind_text(1, match_);
    if (query_.feed) out.bind_blob(2, query_.feed->view());
    if (!query_.language.empty()) out.bind_text(3, lower(query_.language));
    if (query_.since != 0) out.bind(4, query_.since);
    if (query_.until != 0) out.bind(5, query_.until);
    return out;
}

Result<Page> Searcher::run() {
    Page out;
    if (!blank_ && match_.empty()) return out;
    const auto text = sql();
    {
        auto total = COLPORT_TRY(prepare("SELECT count(*) " + text.from));
        COLPORT_TRY(total.step());
        out.total = static_cast<std::uint64_t>(total.integer(0));
    }
    if (query_.offset >= out.total) return out;
    auto ids = COLPORT_TRY(prepare(fmt::format("SELECT a.id {} {} LIMIT {} OFFSET {}", text.from,
                                               text.order, std::min(query_.limit, most_hits),
                                               query_.offset)));
    auto row = COLPORT_TRY(database_.prepare(
        fmt::format("SELECT {}, a.bundle, a.entry FROM articles a JOIN feeds f ON f.id = a.feed "
                    "WHERE a.id = ?1",
                    hit_columns)));
    while (COLPORT_TRY(ids.step())) {
        const auto id = ids.integer(0);
        row.reset().bind(1, id);
        if (!COLPORT_TRY(row.step())) continue;
        auto hit = COLPORT_TRY(hit_of(row));
        hit.snippet = COLPORT_TRY(snippet(id, row.integer(9), row.integer(10)));
        out.hits.push_back(std::move(hit));
    }
    return out;
}

Result<std::string> Searcher::snippet(std::int64_t row, std::int64_t bundle, std::int64_t entry) {
    if (blank_) {
        const auto text = bodies_.text(bundle, entry);
        return text ? beginning(text->body, beginning_length) : std::string();
    }
    if (!snippet_) snippet_ = COLPORT_TRY(database_.prepare(snippet_sql));
    snippet_->reset().bind_text(1, match_).bind(2, row);
    if (!COLPORT_TRY(snippet_->step())) return std::string();
    return tidy_snippet(snippet_->text(0));
}

}  // namespace colport
