#include "storage/search_context.h"

#include <fmt/format.h>

#include <algorithm>

#include "words/stem_rules.h"

namespace colport {

Status SearchContext::refresh() {
    {
        auto row = COLPORT_TRY(database.prepare(
            fmt::format("SELECT {} FROM indexes WHERE state = 1", index_table_columns)));
        if (COLPORT_TRY(row.step())) table = read_index_table(row, &table);
        else table = {};
    }
    {
        auto row = COLPORT_TRY(
            database.prepare("SELECT 1 FROM index_gaps WHERE index_id = ?1 LIMIT 1"));
        has_gaps = COLPORT_TRY(row.bind(1, table.id).step());
    }
    auto total = COLPORT_TRY(database.prepare("SELECT coalesce(sum(articles), 0) FROM feeds"));
    COLPORT_TRY(total.step());
    articles = total.integer(0);
    std::vector<std::string> named;
    auto row = COLPORT_TRY(database.prepare(
        "SELECT language FROM languages GROUP BY 1 ORDER BY sum(articles) DESC, 1"));
    while (COLPORT_TRY(row.step())) named.emplace_back(row.text(0));
    if (named == named_) return done();
    languages.clear();
    // Anything may be called a language; those with stems are some thirty.
    for (const auto& name : named) {
        const auto code = words::language_code(name);
        if (std::find(languages.begin(), languages.end(), code) == languages.end() &&
            has_stems(code))
            languages.push_back(code);
    }
    named_ = std::move(named);
    return done();
}

std::vector<std::string> SearchContext::languages_after(const std::string& first) const {
    auto out = languages;
    const auto code = words::language_code(first);
    const auto known = std::find(out.begin(), out.end(), code);
    if (known != out.end()) std::rotate(out.begin(), known, known + 1);
    else if (!code.empty()) out.insert(out.begin(), code);
    return out;
}

Result<std::int64_t> SearchContext::count(const std::string& expression, std::int64_t limit) {
    if (expression.empty()) return std::int64_t{0};
    auto row = COLPORT_TRY(database.prepare(fmt::format(
        "SELECT count(*) FROM (SELECT 1 FROM {0} WHERE {0} MATCH ?1 LIMIT ?2)", table.index())));
    COLPORT_TRY(row.bind_text(1, expression).bind(2, limit).step());
    return row.integer(0);
}

Result<std::int64_t> SearchContext::row_of(const std::string& expression, std::int64_t below,
                                           std::int64_t skipped) {
    auto row = COLPORT_TRY(database.prepare(fmt::format(
        "SELECT rowid FROM {0} WHERE {0} MATCH ?1 AND rowid < ?2 ORDER BY rowid DESC "
        "LIMIT 1 OFFSET ?3", table.index())));
    row.bind_text(1, expression).bind(2, below).bind(3, skipped);
    return COLPORT_TRY(row.step()) ? row.integer(0) : 0;
}

}  // namespace colport
