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
    languages.clear();
    auto row = COLPORT_TRY(database.prepare(
        "SELECT language FROM languages GROUP BY 1 ORDER BY sum(articles) DESC, 1"));
    // Anything may be called a language; those with stems are some thirty.
    while (COLPORT_TRY(row.step())) {
        const auto code = words::language_code(row.text(0));
        if (has_stems(code) &&
            std::find(languages.begin(), languages.end(), code) == languages.end())
            languages.push_back(code);
    }
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

}  // namespace colport
