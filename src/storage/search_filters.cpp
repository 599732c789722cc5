// What a search lets through, and lists of all that is let through.

#include <fmt/format.h>

#include <algorithm>
#include <chrono>

#include "storage/search.h"
#include "storage/text.h"

namespace colport {
namespace {

// Dates are whatever publishers say, and one of a feed must not spoil those of all. The
// web has no articles from before.
constexpr std::int64_t usual_begin = 631'152'000;  // 1990
// Clocks and zones may be wrong, and a magazine may be dated ahead.
constexpr std::int64_t usual_ahead = 31 * 24 * 3600;
// Before and after the usual ones: enough for an archive of old papers. Each is a list
// of the index to be opened.
constexpr int most_other_years = 150;

std::int64_t end_of_usual() {
    const auto now = std::chrono::system_clock::now().time_since_epoch();
    return std::chrono::duration_cast<std::chrono::seconds>(now).count() + usual_ahead;
}

}  // namespace

Status Searcher::read_filters() {
    auto ends = COLPORT_TRY(context_.database.prepare(
        "SELECT (SELECT min(published) FROM articles WHERE retracted = 0), "
        "(SELECT max(published) FROM articles WHERE retracted = 0), "
        "(SELECT max(published) FROM articles WHERE retracted = 0 AND published < ?1)"));
    COLPORT_TRY(ends.bind(1, end_of_usual()).step());
    oldest_ = ends.integer(0);
    newest_ = ends.integer(1);
    freshest_ = ends.integer(2);
    if (query_.feed) {
        auto row = COLPORT_TRY(context_.database.prepare("SELECT id FROM feeds WHERE key = ?1"));
        feeds_.emplace();
        if (COLPORT_TRY(row.bind_blob(1, query_.feed->view()).step()))
            feeds_->push_back(row.integer(0));
    }
    if (!parsed_.feed.empty()) COLPORT_TRY(read_feed(parsed_.feed));
    for (const auto& language : {lower(query_.language), parsed_.language})
        if (!language.empty()) languages_.push_back(language);
    if (query_.since) times_.since = *query_.since;
    if (query_.until) times_.until = *query_.until;
    if (parsed_.since) times_.since = std::max(times_.since, *parsed_.since);
    if (parsed_.until) times_.until = std::min(times_.until, *parsed_.until);
    return done();
}

Status Searcher::read_feed(const std::string& typed) {
    // Names are few; SQL folds the case of ASCII alone.
    auto row = COLPORT_TRY(context_.database.prepare(
        "SELECT id FROM feeds WHERE lower(hex(key)) GLOB ?1 OR name = ?2 COLLATE NOCASE "
        "OR instr(lower(name), ?3)"));
    const bool is_key = typed.size() >= 4 && typed.find_first_not_of("0123456789abcdefABCDEF") ==
                                                 typed.npos;
    row.bind_text(1, is_key ? lower(typed) + "*" : "").bind_text(2, typed)
        .bind_text(3, lower(typed));
    std::vector<std::int64_t> named;
    while (COLPORT_TRY(row.step())) {
        const auto id = row.integer(0);
        if (!feeds_ || std::find(feeds_->begin(), feeds_->end(), id) != feeds_->end())
            named.push_back(id);
    }
    feeds_ = std::move(named);
    return done();
}

/// All that may hold something of the usual ones, and of others those that are there,
/// the nearest first.
Status Searcher::read_years() {
    const auto year_at = [](std::int64_t time) { return token::year_of(token::month_of(time)); };
    usual_first_ = year_at(usual_begin);
    usual_last_ = std::max(year_at(end_of_usual()), usual_first_);
    auto earlier = COLPORT_TRY(context_.database.prepare(
        "SELECT published FROM articles WHERE retracted = 0 AND published < ?1 "
        "ORDER BY published DESC LIMIT 1"));
    auto later = COLPORT_TRY(context_.database.prepare(
        "SELECT published FROM articles WHERE retracted = 0 AND published >= ?1 "
        "ORDER BY published LIMIT 1"));
    auto edge = usual_first_;
    for (int i = 0; i < most_other_years; ++i) {
        if (!COLPORT_TRY(earlier.reset().bind(1, token::begin_of(12 * edge)).step())) break;
        years_.push_back(edge = year_at(earlier.integer(0)));
    }
    std::reverse(years_.begin(), years_.end());
    for (auto year = usual_first_; year <= usual_last_; ++year)
        if (year >= year_at(oldest_) && year <= year_at(newest_)) years_.push_back(year);
    edge = usual_last_;
    for (int i = 0; i < most_other_years; ++i) {
        if (!COLPORT_TRY(later.reset().bind(1, token::begin_of(12 * edge + 12)).step())) break;
        years_.push_back(edge = year_at(later.integer(0)));
    }
    return done();
}

bool Searcher::lacks_years() const {
    if (years_.empty()) return false;
    const auto begin = token::begin_of(12 * years_.front()),
               end = token::begin_of(12 * years_.back() + 12);
    return (times_.since < begin && oldest_ < begin) || (times_.until > end && newest_ >= end);
}

/// For each filter but times, tokens of which an article must have one.
std::vector<std::string> Searcher::filter_tokens() const {
    std::vector<std::string> out;
    const auto add = [&](token::Kind kind, const auto& values) {
        std::string any;
        for (const auto& value : values)
            any = fts::any(any, fts::quoted(token::of(kind, fmt::format("{}", value))));
        if (!any.empty()) out.push_back(std::move(any));
    };
    if (feeds_) add(token::feed, *feeds_);
    for (const auto& language : languages_) add(token::language, std::vector{language});
    return out;
}

Searcher::TimeTokens Searcher::time_tokens() const {
    TimeTokens out;
    auto first = token::month_of(std::max(times_.since, oldest_));
    auto last = token::month_of(std::min(times_.until, newest_));
    const auto add = [](std::string& to, token::Kind kind, std::int64_t value) {
        to = fts::any(to, fts::quoted(token::of(kind, std::to_string(value))));
    };
    const bool begins = times_.since > oldest_, ends = times_.until <= newest_;
    // Each token is a list to be opened, and nothing lies beyond the oldest and newest.
    if (!begins) first = 12 * token::year_of(first);
    if (!ends) last = 12 * token::year_of(last) + 11;
    const auto is_cut = [&](std::int64_t month) {
        return (begins && month == first) || (ends && month == last);
    };
    for (const auto year : years_) {
        const auto from = std::max(first, 12 * year), to = std::min(last, 12 * year + 11);
        if (to - from == 11 && !is_cut(from) && !is_cut(to)) {
            add(out.within, token::year, year);
            continue;
        }
        for (auto month = from; month <= to; ++month)
            add(is_cut(month) ? out.partly : out.within, token::month, month);
    }
    return out;
}

std::string Searcher::filtered(const std::string& expression, const std::string& also) const {
    auto parts = filter_tokens();
    parts.insert(parts.begin(), expression);
    if (!also.empty()) parts.push_back(also);
    return fts::all(parts);
}

Result<std::uint64_t> Searcher::count_listed(const std::string& where) {
    if (!times_.any() && query_.section.empty()) {
        auto row = COLPORT_TRY(context_.database.prepare("SELECT id, articles FROM feeds"));
        std::int64_t out = 0;
        while (COLPORT_TRY(row.step()))
            if (!feeds_ || std::find(feeds_->begin(), feeds_->end(), row.integer(0)) !=
                               feeds_->end())
                out += row.integer(1);
        return static_cast<std::uint64_t>(out);
    }
    auto row = COLPORT_TRY(context_.database.prepare(
        fmt::format("SELECT count(*) FROM (SELECT 1 {} LIMIT {})", where, most_rows + 1)));
    if (times_.any()) row.bind(1, times_.since).bind(2, times_.until);
    if (!query_.section.empty()) row.bind_text(3, query_.section);
    COLPORT_TRY(row.step());
    return static_cast<std::uint64_t>(row.integer(0));
}

Result<Page> Searcher::list() {
    std::string where = "FROM articles a WHERE a.retracted = 0";
    if (feeds_) where += fmt::format(" AND a.feed IN ({})", fmt::join(*feeds_, ","));
    if (times_.any()) where += " AND a.published >= ?1 AND a.published < ?2";
    if (!query_.section.empty()) where += " AND a.section = ?3";
    Page out;
    out.total = COLPORT_TRY(count_listed(where));
    if ((times_.any() || !query_.section.empty()) && out.total > most_rows) {
        out.total = most_rows;
        out.total_is_exact = false;
    }
    if (out.total_is_exact && query_.offset >= out.total) return out;
    auto rows = COLPORT_TRY(context_.database.prepare(
        fmt::format("SELECT a.id {} ORDER BY a.published DESC, a.id DESC LIMIT {} OFFSET {}",
                    where, std::min(query_.limit, most_hits),
                    std::min<std::size_t>(query_.offset, no_row))));
    if (times_.any()) rows.bind(1, times_.since).bind(2, times_.until);
    if (!query_.section.empty()) rows.bind_text(3, query_.section);
    while (COLPORT_TRY(rows.step())) {
        Row row;
        row.id = rows.integer(0);
        found_.push_back(std::move(row));
    }
    COLPORT_TRY(show(0, out));
    return out;
}

}  // namespace colport
