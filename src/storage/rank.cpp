// The order of what a search has found.

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numeric>

#include "storage/search.h"

namespace colport {
namespace {

// Further words of a query add little to what the first have told.
constexpr std::size_t most_groups = 6;
// Rarer words are counted.
constexpr std::int64_t counted_rows = 4'000;

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

/// Adds matches that have one of the tokens for each entry, the newest first.
Status Searcher::add_strong(const std::vector<std::string>& tokens, std::int64_t from,
                            std::vector<Row>& rows) {
    if (rows.size() >= most_read) return done();
    std::vector<std::string> parts{compiled_.expression.sure};
    for (const auto& any : tokens)
        if (!any.empty()) parts.push_back(any);
    if (parts.size() == 1) return done();
    for (auto& row : COLPORT_TRY(select(fts::all(parts), query_.before.value_or(no_row),
                                        most_read, from)))
        if (rows.size() < most_read && std::none_of(rows.begin(), rows.end(), [&](const Row& other) {
                return other.id == row.id;
            }))
            rows.push_back(std::move(row));
    return done();
}

/// The best matches by what the index knows: those where every word of the query is
/// strong, then those where a rare one is.
Result<std::vector<Searcher::Row>> Searcher::strongest(std::int64_t from) {
    const auto groups = std::min(compiled_.matchers.all.size(), most_groups);
    std::vector<Row> out;
    std::vector<std::string> strong(groups), stronger;
    for (int level = token::most_strong; level > 0; --level) {
        for (std::size_t i = 0; i < groups; ++i)
            strong[i] = fts::any(strong[i], strong_token(i, level));
        COLPORT_TRY(add_strong(strong, from, out));
        if (level == 2) stronger = strong;
    }
    std::vector<std::size_t> rarest(groups);
    std::iota(rarest.begin(), rarest.end(), std::size_t{0});
    std::stable_sort(rarest.begin(), rarest.end(), [&](std::size_t a, std::size_t b) {
        return weights_[a] > weights_[b];
    });
    if (groups > 1)
        for (const auto i : rarest)
            for (const auto& tokens : {stronger[i], strong[i]})
                COLPORT_TRY(add_strong({tokens}, from, out));
    return out;
}

}  // namespace colport
