// The order of what a search has found.

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <unordered_set>

#include "storage/search.h"

namespace colport {
namespace {

// The newest so many are put in order by what the index knows of them, with the
// strongest of those before.
constexpr std::size_t most_candidates = 4'000;
constexpr std::size_t most_strong_rows = 500;
// The best of them by their texts, so many and no more than so many bytes.
constexpr std::size_t most_read = 32;
constexpr std::size_t most_work = 300 << 10;
constexpr std::size_t fewest_scored = 10;
// Further words of a query add little to what the first have told.
constexpr std::size_t most_groups = 6;
// Rarer words are counted.
constexpr std::int64_t counted_rows = 4'000;

// What a frequency comes to when it is saturated, by token::strong: none, then
// about the middle between one threshold and the next.
constexpr double saturation[token::most_strong + 1] = {0.6, 0.86, 0.94, 0.975};

// A new article gains so much on one that is much older.
constexpr double freshness = 0.15;
constexpr double half_life = 60.0 * 24 * 3600;

// Of a phrase or a beginning: rare.
constexpr double unknown_weight = 4;

double weight_of(double articles, double having) {
    return std::log(1 + std::max(articles - having + 0.5, 0.5) / (having + 0.5));
}

double saturated(double frequency, std::int64_t words, std::int64_t average) {
    const auto length = static_cast<double>(words) / static_cast<double>(average);
    return frequency / (frequency + 1.2 * (0.25 + 0.75 * length));
}

}  // namespace

Status Searcher::weigh() {
    const auto& making = *context_.table.making;
    const auto articles = static_cast<double>(std::max<std::int64_t>(context_.articles, 1));
    for (const auto& alternatives : compiled_.matchers.all) {
        double weight = unknown_weight;
        for (const auto& term : alternatives) {
            double share = 0;
            std::string tokens;
            for (const auto& stem : term.stems) {
                if (stem.languages.empty())
                    share = std::max(share, making.common.share(stem.text));
                tokens = fts::any(tokens, fts::of(token::stem, stem));
            }
            if (tokens.empty()) continue;
            const auto having =
                share > 0 ? share * articles
                          : static_cast<double>(COLPORT_TRY(context_.count(tokens, counted_rows)));
            weight = std::min(weight, weight_of(articles, having));
        }
        weights_.push_back(weight);
    }
    return done();
}

double Searcher::score_of(const Sight& sight, std::int64_t published) const {
    double out = 0;
    for (std::size_t i = 0; i < weights_.size(); ++i)
        out += weights_[i] * saturated(sight.frequencies[i], sight.words,
                                       context_.table.making->average_words);
    const auto age = std::max(0.0, static_cast<double>(newest_) - static_cast<double>(published));
    return out * (1 + freshness * std::exp2(-age / half_life));
}

/// Of a word of the query, in the articles that have it often for their length.
std::string Searcher::strong_token(std::size_t group, int level) const {
    std::string out;
    for (const auto& term : compiled_.matchers.all[group])
        if (term.field == Term::Field::anywhere)
            for (const auto& stem : term.stems)
                out = fts::any(out, fts::quoted(token::of_strong(level, stem.text)));
    return out;
}

/// Rows below, in which every word is strong.
Result<std::vector<Searcher::Row>> Searcher::select_strong(std::int64_t below) {
    const auto groups = std::min(compiled_.matchers.all.size(), most_groups);
    std::vector<Row> out;
    std::vector<std::string> strong(groups);
    for (int level = token::most_strong; level > 0 && out.size() < most_strong_rows; --level) {
        std::vector<std::string> parts{compiled_.expression.sure};
        for (std::size_t i = 0; i < groups; ++i) {
            strong[i] = fts::any(strong[i], strong_token(i, level));
            if (!strong[i].empty()) parts.push_back(strong[i]);
        }
        if (parts.size() == 1) break;
        out = COLPORT_TRY(select(fts::all(parts), below, most_strong_rows));
    }
    return out;
}

/// `rows` are those of the lists, the newest first.
Status Searcher::score_by_index(std::vector<Row>& rows) {
    const auto groups = std::min(compiled_.matchers.all.size(), most_groups);
    for (std::size_t i = 0; i < groups; ++i) {
        std::unordered_set<std::int64_t> counted;
        for (auto& row : rows) row.score += weights_[i] * saturation[0];
        for (int level = token::most_strong; level > 0; --level) {
            const auto strong = strong_token(i, level);
            if (strong.empty()) break;
            const auto having =
                COLPORT_TRY(select(fts::all({compiled_.expression.sure, strong}),
                                   rows.front().id + 1, rows.size(), rows.back().id));
            auto row = rows.begin();
            for (const auto& found : having) {
                while (row != rows.end() && row->id > found.id) ++row;
                if (row == rows.end()) break;
                if (row->id == found.id && counted.insert(found.id).second)
                    row->score += weights_[i] * (saturation[level] - saturation[0]);
            }
        }
    }
    return done();
}

Status Searcher::rank(std::vector<Row>& rows) {
    const auto newer = static_cast<std::ptrdiff_t>(std::min(rows.size(), most_candidates));
    std::vector<Row> rest(std::make_move_iterator(rows.begin() + newer),
                          std::make_move_iterator(rows.end()));
    rows.resize(static_cast<std::size_t>(newer));
    if (!rest.empty())
        for (auto& row : COLPORT_TRY(select_strong(rows.back().id))) rows.push_back(std::move(row));
    if (rows.size() > fewest_scored) {
        COLPORT_TRY(score_by_index(rows));
        sort(rows.begin(), rows.end());
    }
    auto read = rows.begin();
    const auto last = read + static_cast<std::ptrdiff_t>(std::min(rows.size(), most_read));
    for (const auto enough = work_ + most_work; read != last && work_ < enough; ++read)
        COLPORT_TRY(look_at(*read));
    sort(rows.begin(), read);
    std::unordered_set<std::int64_t> taken;
    for (const auto& row : rows) taken.insert(row.id);
    for (auto& row : rest)
        if (!taken.contains(row.id)) rows.push_back(std::move(row));
    return done();
}

}  // namespace colport
