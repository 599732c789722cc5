#include "storage/search.h"

#include <fmt/format.h>

#include <algorithm>
#include <unordered_set>

#include "storage/block_work.h"
#include "storage/text.h"

namespace colport {
namespace {

constexpr std::size_t beginning_length = 200;
// How many that are found in a block of texts are put in order together.
constexpr std::size_t found_a_block = 32;
constexpr std::size_t rows_a_block = 200;
constexpr std::size_t most_work = 20 * BlockWork::most;
// Hashing and unpacking a dictionary takes a twelfth of looking at as many bytes of text.
constexpr std::size_t dictionary_share = 12;
// Which dictionaries are at hand depends on what was read before, and no page may. So
// many bytes of them do not count, which is more than 200 feeds need.
constexpr std::size_t free_dictionaries = 64 << 20;
// Texts that are read for nothing but a snippet, in bytes; further hits have none.
constexpr std::size_t most_shown_work = 1 << 20;
// The order of the best is decided by their texts: of so many, and no more than so
// many bytes.
constexpr std::size_t most_ranking_work = 300 << 10;

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

void mark(Hit& hit, const Statement& row, Bodies& bodies) {
    // A bundle that cannot be opened has nothing to show either.
    if (auto key = bodies.withdrawn(row.integer(hit_column_count - 1)))
        hit.withdrawn = std::move(key).value();
}

Searcher::Searcher(SearchContext& context, const Query& query)
    : context_(context), query_(query), parsed_(parse_query(query.words)) {}

Result<Page> Searcher::run() {
    COLPORT_TRY(read_filters());
    if (feeds_ && feeds_->empty()) return Page{};
    if (parsed_.blank && languages_.empty()) return list();
    by_date_ = query_.sort == Sort::date || parsed_.blank;
    if (times_.any() || by_date_) COLPORT_TRY(read_years());
    Page out;
    if (context_.table.id == 0) {
        out.partial = true;
        out.total_is_exact = false;
        return out;
    }
    // What an index lacks, a search of it lacks.
    out.partial = !context_.table.is_whole() || context_.has_gaps ||
                  (times_.any() && lacks_years());
    out.total_is_exact = !out.partial;
    if (!parsed_.blank) {
        QueryCompiler compiler(context_.database, context_.table, context_.splitter,
                               context_.languages_after(query_.interface_language),
                               context_.articles);
        compiled_ = COLPORT_TRY(compiler.compile(parsed_));
        looker_.emplace(compiled_.matchers, context_.splitter);
        COLPORT_TRY(weigh());
    } else {
        compiled_.expression.sure = compiled_.expression.maybe =
            fts::quoted(token::of(token::language, languages_.back()));
    }
    if (compiled_.cut) {
        out.partial = true;
        out.total_is_exact = false;
    }
    auto& expression = compiled_.expression;
    if (expression.maybe.empty()) return out;
    if (!parsed_.blank) COLPORT_TRY(set_horizon());
    if (horizon_ > 0) {
        out.partial = true;
        out.total_is_exact = false;
        out.next = horizon_;
    }
    if (expression.sure.empty()) COLPORT_TRY(find_phrases(out));
    else if (!expression.is_decided()) COLPORT_TRY(find_undecided(out));
    else COLPORT_TRY(by_date_ ? find_by_date(out, horizon_, {}) : find_by_rank(out, horizon_, {}));
    COLPORT_TRY(show(query_.offset, out));
    return out;
}

/// Rows that match, the newest first, below one and not before another.
Result<std::vector<Searcher::Row>> Searcher::select(const std::string& expression,
                                                    std::int64_t below, std::size_t limit,
                                                    std::int64_t from) {
    std::vector<Row> out;
    if (expression.empty() || times_.since > newest_ || times_.until <= oldest_) return out;
    const auto times = times_.any() ? time_tokens() : TimeTokens{};
    if (times_.any() && times.any().empty()) return out;
    // A look at the article's row takes longer than all that the index does for it.
    const bool apart = !times.within.empty() && !by_date_;
    if (!times_.any() || apart)
        COLPORT_TRY(select(filtered(expression, times.within), by_date_, below, limit, from, out));
    if (!times_.any() || (apart && times.partly.empty())) return out;
    const auto middle = static_cast<std::ptrdiff_t>(out.size());
    COLPORT_TRY(select(filtered(expression, apart ? times.partly : times.any()), true, below, limit,
                       from, out));
    std::inplace_merge(out.begin(), out.begin() + middle, out.end(),
                       [](const Row& a, const Row& b) { return a.id > b.id; });
    if (out.size() > limit) out.resize(limit);
    return out;
}

/// `timed`: by the times that the articles' rows have.
Status Searcher::select(const std::string& expression, bool timed, std::int64_t below,
                        std::size_t limit, std::int64_t from, std::vector<Row>& out) {
    const auto index = context_.table.index();
    const auto text = fmt::format(
        "SELECT {0}.rowid {1} FROM {0} {2} WHERE {0} MATCH ?1 AND {0}.rowid >= ?2 "
        "AND {0}.rowid < ?3 {3} ORDER BY {0}.rowid DESC LIMIT ?4",
        index, timed ? ", a.published" : "",
        timed ? fmt::format("CROSS JOIN articles a ON a.id = {}.rowid", index) : "",
        timed ? "AND a.published >= ?5 AND a.published < ?6" : "");
    auto known = selects_.find(text);
    if (known == selects_.end())
        known = selects_.emplace(text, COLPORT_TRY(context_.database.prepare(text))).first;
    auto& row = known->second;
    row.reset().bind_text(1, expression).bind(2, from).bind(3, below)
        .bind(4, static_cast<std::int64_t>(limit));
    if (timed) row.bind(5, times_.since).bind(6, times_.until);
    while (COLPORT_TRY(row.step())) {
        Row found;
        found.id = row.integer(0);
        if (timed) found.published = row.integer(1);
        out.push_back(std::move(found));
    }
    row.reset();
    return done();
}

Status Searcher::find_by_rank(Page& page, std::int64_t from, std::vector<Row> also) {
    const auto below = query_.before.value_or(no_row);
    auto newest = COLPORT_TRY(select(compiled_.expression.sure, below, most_rows + 1, from));
    if (newest.size() > most_rows) {
        page.total_is_exact = false;
        page.partial = true;
        page.next = newest[most_rows].id + 1;
        newest.pop_back();
        // They come where the search goes on.
        std::erase_if(also, [&](const Row& row) { return row.id < *page.next; });
    }
    page.total = newest.size() + also.size();
    found_ = std::move(also);
    const auto read = found_.size() + most_read;
    if (newest.size() > most_read)
        for (auto& row : COLPORT_TRY(strongest(from, newest.front().id))) {
            page.total += row.id < newest.back().id;
            found_.push_back(std::move(row));
        }
    // As many as are shown, with room for those that are shown for other reasons.
    const auto needed = std::min(query_.offset, most_rows) + std::min(query_.limit, most_hits);
    if (newest.size() > needed + found_.size() + most_read)
        newest.resize(needed + found_.size() + most_read);
    std::unordered_set<std::int64_t> taken;
    for (const auto& row : found_) taken.insert(row.id);
    for (auto& row : newest)
        if (!taken.contains(row.id)) found_.push_back(std::move(row));
    auto end = found_.begin();
    const auto last = end + static_cast<std::ptrdiff_t>(std::min(found_.size(), read));
    for (const auto enough = work_ + most_ranking_work; end != last && work_ < enough; ++end)
        COLPORT_TRY(look_at(*end));
    sort(found_.begin(), end);
    return done();
}

Status Searcher::find_by_date(Page& page, std::int64_t from, std::vector<Row> also) {
    const auto below = query_.before.value_or(no_row);
    const auto& expression = compiled_.expression.sure;
    found_ = COLPORT_TRY(select(expression, below, most_rows + 1, from));
    page.total = std::min(found_.size(), most_rows) + also.size();
    if (found_.size() > most_rows && !years_.empty()) {
        page.total_is_exact = false;
        page.partial = page.partial || lacks_years();
        COLPORT_TRY(find_month_by_month(page, from));
    }
    std::move(also.begin(), also.end(), std::back_inserter(found_));
    sort(found_.begin(), found_.end());
    return done();
}

/// Rows are about as old as their numbers say, which is not enough here.
Status Searcher::find_month_by_month(Page& page, std::int64_t from) {
    const auto below = query_.before.value_or(no_row);
    found_.clear();
    auto latest = COLPORT_TRY(context_.database.prepare(
        "SELECT published FROM articles WHERE retracted = 0 AND published < ?1 AND published >= ?2 "
        "ORDER BY published DESC LIMIT 1"));
    const auto all = times_;
    const auto needed = std::min(query_.offset, most_rows) + std::min(query_.limit, most_hits);
    // As many as all pages may show, of which no page may see more than another.
    constexpr auto most_of_month = most_rows + most_hits;
    const auto since = std::max(all.since, token::begin_of(12 * years_.front()));
    auto until = std::min(all.until, token::begin_of(12 * years_.back() + 12));
    while (found_.size() < needed) {
        latest.reset().bind(1, until).bind(2, since);
        if (!COLPORT_TRY(latest.step())) break;
        auto month = token::month_of(latest.integer(0));
        latest.reset();
        // Dates are whatever publishers say: of other years there may be thousands of months.
        if (!is_usual(token::year_of(month))) month = 12 * token::year_of(month);
        times_ = {std::max(since, token::begin_of(month)), until};
        auto rows = COLPORT_TRY(select(compiled_.expression.sure, below, most_of_month, from));
        page.partial = page.partial || rows.size() == most_of_month;
        std::move(rows.begin(), rows.end(), std::back_inserter(found_));
        until = times_.since;
        if (until == since) break;
    }
    times_ = all;
    return done();
}

Result<Searcher::Look> Searcher::look_at(Row& row) {
    if (row.seen) return Look::matches;
    row.seen = true;
    if (!place_)
        place_ = COLPORT_TRY(context_.database.prepare(
            "SELECT bundle, entry, place FROM articles WHERE id = ?1"));
    place_->reset().bind(1, row.id);
    if (!COLPORT_TRY(place_->step())) return Look::unreadable;
    const auto before = context_.bodies.dictionary_work();
    const auto text = context_.bodies.text(place_->integer(0), place_->integer(1), place_->blob(2));
    place_->reset();
    const auto loaded = static_cast<std::size_t>(context_.bodies.dictionary_work() - before);
    dictionaries_ += loaded;
    work_ += BlockWork::smallest + (text ? text->body.size() : 0) +
             (dictionaries_ > free_dictionaries ? loaded / dictionary_share : 0);
    if (!text) return Look::unreadable;
    if (!looker_) {
        row.snippet = beginning(text->body, beginning_length);
        return Look::matches;
    }
    const auto sight = looker_->look(*text);
    row.published = text->published;
    row.score = score_of(sight, text->published);
    row.snippet = snippet_of(text->body, sight.marks);
    return sight.matches ? Look::matches : Look::does_not;
}

Status Searcher::find_undecided(Page& page) {
    auto below = query_.before.value_or(no_row);
    auto from = horizon_;
    std::vector<Row> rows, also;
    BlockWork spent;
    for (std::size_t at = 0;; ++at) {
        if (at == rows.size()) {
            rows = COLPORT_TRY(select(compiled_.expression.doubt, below, rows_a_block, horizon_));
            at = 0;
            if (rows.empty()) break;
            below = rows.back().id;
        }
        if (spent.is_spent()) {
            page.partial = true;
            page.total_is_exact = false;
            page.next = from = rows[at].id + 1;
            break;
        }
        const auto before = work_;
        if (COLPORT_TRY(look_at(rows[at])) == Look::matches) also.push_back(std::move(rows[at]));
        spent.add(work_ - before);
    }
    return by_date_ ? find_by_date(page, from, std::move(also))
                    : find_by_rank(page, from, std::move(also));
}

/// Where the text alone decides: in blocks, each in its order, the newest first.
Status Searcher::find_phrases(Page& page) {
    const auto needed = std::min(query_.offset, most_rows) + std::min(query_.limit, most_hits) + 1;
    auto below = query_.before.value_or(no_row);
    std::vector<Row> rows;
    std::size_t at = 0;
    bool ended = false;
    while (!ended && found_.size() < needed && work_ < most_work) {
        std::vector<Row> block;
        BlockWork spent;
        while (!spent.is_spent() && (by_date_ || block.size() < found_a_block)) {
            if (at == rows.size()) {
                rows = COLPORT_TRY(select(compiled_.expression.maybe, below, rows_a_block, horizon_));
                at = 0;
                ended = rows.empty();
                if (ended) break;
                below = rows.back().id;
            }
            const auto before = work_;
            if (COLPORT_TRY(look_at(rows[at])) == Look::matches) block.push_back(std::move(rows[at]));
            spent.add(work_ - before);
            ++at;
        }
        sort(block.begin(), block.end());
        std::move(block.begin(), block.end(), std::back_inserter(found_));
        // A block that found little would be followed by others like it.
        if (!ended && spent.is_spent() && found_.size() < needed) break;
    }
    page.total = found_.size();
    if (ended) return done();
    page.total_is_exact = false;
    if (found_.size() >= needed) return done();
    page.partial = true;
    page.next = at < rows.size() ? rows[at].id + 1 : below;
    return done();
}

void Searcher::sort(std::vector<Row>::iterator begin, std::vector<Row>::iterator end) const {
    std::sort(begin, end, [&](const Row& a, const Row& b) {
        if (by_date_) return std::pair(a.published, a.id) > std::pair(b.published, b.id);
        return std::pair(a.score, a.id) > std::pair(b.score, b.id);
    });
}

Status Searcher::show(std::size_t offset, Page& page) {
    const auto begin = std::min(offset, found_.size());
    const auto end = begin + std::min({query_.limit, most_hits, found_.size() - begin});
    auto row = COLPORT_TRY(context_.database.prepare(fmt::format(
        "SELECT {} FROM articles a JOIN feeds f ON f.id = a.feed WHERE a.id = ?1", hit_columns)));
    const auto enough = work_ + most_shown_work;
    for (auto i = begin; i < end; ++i) {
        row.reset().bind(1, found_[i].id);
        if (!COLPORT_TRY(row.step())) continue;
        auto hit = COLPORT_TRY(hit_of(row));
        mark(hit, row, context_.bodies);
        // What the index has found is shown although it cannot be read, or not now.
        if (work_ < enough) static_cast<void>(COLPORT_TRY(look_at(found_[i])));
        hit.snippet = std::move(found_[i].snippet);
        page.hits.push_back(std::move(hit));
    }
    return done();
}

}  // namespace colport
