#include "storage/complete.h"

#include <fmt/format.h>
#include <sqlite3.h>

#include <algorithm>

#include "storage/block_work.h"
#include "storage/look.h"
#include "storage/search.h"

namespace colport {
namespace {

constexpr std::size_t most_hits = 20;
// Titles that are looked at, and then texts.
constexpr int most_titles = 200, most_texts = 40;
constexpr std::int64_t most_counted = 10'000;

class Completion {
public:
    Completion(SearchContext& context, const std::stop_token& stop)
        : context_(context), stop_(stop) {}

    /// Adds what matches, the newest first. `in_title`: decided on the title alone.
    Status find(const ParsedQuery& query, bool in_title) {
        QueryCompiler compiler(context_.database, context_.table, context_.splitter,
                               context_.languages_after({}), context_.articles);
        const auto compiled = COLPORT_TRY(compiler.compile(query));
        if (compiled.expression.maybe.empty()) return done();
        Looker looker(compiled.matchers, context_.splitter);
        auto row = COLPORT_TRY(context_.database.prepare(fmt::format(
            "SELECT {0}, a.id, a.bundle, a.entry, a.place FROM {1} CROSS JOIN articles a ON a.id = "
            "{1}.rowid JOIN feeds f ON f.id = a.feed WHERE {1} MATCH ?1 "
            "ORDER BY {1}.rowid DESC LIMIT ?2",
            hit_columns, context_.table.index())));
        row.bind_text(1, compiled.expression.maybe).bind(2, in_title ? most_titles : most_texts);
        while (hits_.size() < most_hits && !work_.is_spent() && !stop_.stop_requested()) {
            const auto more = row.step();
            if (!more && stop_.stop_requested()) break;
            if (!COLPORT_TRY(more)) break;
            auto hit = COLPORT_TRY(hit_of(row));
            const auto id = row.integer(hit_column_count);
            if (std::find(seen_.begin(), seen_.end(), id) != seen_.end()) continue;
            ArticleText text;
            text.title = hit.title;
            text.language = hit.language;
            if (!in_title && !compiled.expression.is_decided()) {
                auto read = context_.bodies.text(row.integer(hit_column_count + 1),
                                                 row.integer(hit_column_count + 2),
                                                 row.blob(hit_column_count + 3));
                work_.add(BlockWork::smallest + (read ? read->body.size() : 0));
                if (!read) continue;
                text = std::move(read).value();
            }
            if ((in_title || !compiled.expression.is_decided()) && !looker.look(text).matches)
                continue;
            seen_.push_back(id);
            mark(hit, row, context_.bodies);
            hits_.push_back(std::move(hit));
        }
        return done();
    }

    std::vector<Hit> hits() { return std::move(hits_); }
    [[nodiscard]] bool is_full() const { return hits_.size() == most_hits; }

private:
    SearchContext& context_;
    const std::stop_token& stop_;
    std::vector<Hit> hits_;
    std::vector<std::int64_t> seen_;  ///< rows
    BlockWork work_;
};

}  // namespace

Result<std::vector<Hit>> complete(SearchContext& context, const std::string& typed,
                                  const std::stop_token& stop) {
    auto query = parse_query(typed);
    if (query.all.empty() || context.table.id == 0) return std::vector<Hit>{};
    const std::stop_callback interrupt(
        stop, [&] { sqlite3_interrupt(context.database.handle()); });
    auto& last = query.all.back().back();
    const bool ended = typed.empty() || typed.back() == ' ' || typed.back() == '"';
    if (!ended && !last.phrase) last.prefix = true;
    auto in_title = query;
    for (auto& alternatives : in_title.all)
        for (auto& term : alternatives)
            if (term.field == Term::Field::anywhere) term.field = Term::Field::title;
    Completion out(context, stop);
    for (const bool title : {true, false}) {
        if (out.is_full() || stop.stop_requested()) break;
        const auto found = out.find(title ? in_title : query, title);
        // An interrupted statement fails, which is what was asked for.
        if (!found && !stop.stop_requested()) return found.error();
    }
    return out.hits();
}

Result<std::uint64_t> how_common(SearchContext& context, std::string_view word) {
    std::uint64_t out = 0;
    COLPORT_TRY(with_how_common(context, [&](const HowCommon& count) { out = count(word); }));
    return out;
}

Status with_how_common(SearchContext& context, const std::function<void(const HowCommon&)>& use) {
    if (context.table.id == 0) {
        use([](std::string_view) { return std::uint64_t{0}; });
        return done();
    }
    // To parse the statement is most of the work for a word that nobody wrote.
    auto row = COLPORT_TRY(context.database.prepare(fmt::format(
        "SELECT count(*) FROM (SELECT 1 FROM {0} WHERE {0} MATCH ?1 LIMIT {1})",
        context.table.index(), most_counted)));
    auto any = COLPORT_TRY(context.database.prepare(
        fmt::format("SELECT 1 FROM {0} WHERE {0} MATCH ?1 LIMIT 1", context.table.index())));
    const auto languages = context.languages_after({});
    const auto count = [&](std::string_view word) -> Result<std::uint64_t> {
        QueryCompiler compiler(context.database, context.table, context.splitter, languages,
                               context.articles);
        Term term;
        term.text = word;
        const auto compiled = COLPORT_TRY(compiler.compile(term));
        if (compiled.expression.maybe.empty()) return std::uint64_t{0};
        // Most are nowhere, in whatever language, which is less work to find out.
        const auto& sought = compiled.matchers.all;
        const bool is_plain = sought.size() == 1 && sought[0].size() == 1 &&
                              sought[0][0].readings.size() == 1 && !sought[0][0].stems.empty() &&
                              !compiled.expression.maybe.ends_with('*');
        if (is_plain) {
            std::string anywhere;
            for (const auto& other : compiled.matchers.words)
                anywhere = fts::any(anywhere, fts::quoted(token::of(token::form, other.form)));
            for (const auto& stem : sought[0][0].stems)
                anywhere = fts::any(anywhere, fts::quoted(token::of(token::stem, stem.text)));
            if (!COLPORT_TRY(any.reset().bind_text(1, anywhere).step())) return std::uint64_t{0};
        }
        COLPORT_TRY(row.reset().bind_text(1, compiled.expression.maybe).step());
        return static_cast<std::uint64_t>(row.integer(0));
    };
    auto outcome = done();
    use([&](std::string_view word) {
        const auto counted = count(word);
        if (!counted && outcome) outcome = counted.error();
        return counted ? *counted : 0;
    });
    return outcome;
}

}  // namespace colport
