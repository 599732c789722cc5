// The order of what a search has found.

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <unordered_map>
#include <unordered_set>

#include "storage/search.h"

namespace colport {
namespace {

// Further words of a query add little to what the first have told.
constexpr std::size_t most_groups = 6;
// Of each strength of a word, the newest so many articles.
constexpr std::size_t most_strong_rows = 150;
// Rarer words are counted.
constexpr std::int64_t counted_rows = 4'000;

// A new article gains so much on one that is much older.
constexpr double freshness = 0.15;
constexpr double half_life = 60.0 * 24 * 3600;

// Entries of the index that one question to it may go through: a millisecond or two.
constexpr double most_steps = 40'000;
// Of a beginning.
constexpr double unknown_share = 0.05;

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

/// Of the articles, about so many have the term's rarest word.
double Searcher::share_of(const SoughtTerm& term) const {
    const auto& making = *context_.table.making;
    double out = 0;
    for (const auto& reading : term.readings) {
        double rarest = 1;
        for (const auto i : reading) {
            const auto& word = compiled_.matchers.words[i];
            double share = word.prefix ? unknown_share : 0;
            for (const auto& stem : word.stems)
                share = std::max(share, making.common.share(stem.text));
            rarest = std::min(rarest, share);
        }
        out = std::max(out, rarest);
    }
    return out;
}

Status Searcher::set_horizon() {
    // Every operand of a conjunction is asked for each entry of the rarest.
    auto operands = compiled_.matchers.without.size() + (feeds_ ? 1 : 0) + languages_.size() +
                    (times_.any() ? 1 : 0);
    double rarest = 1;
    for (const auto& alternatives : compiled_.matchers.all) {
        double share = 0;
        for (const auto& term : alternatives) {
            share += share_of(term);
            for (const auto& reading : term.readings)
                operands = std::max(operands, reading.size() - 1);
        }
        rarest = std::min(rarest, share);
        ++operands;
    }
    // Of a single list the number of rows is bounded.
    if (operands < 2 || rarest <= 0) return done();
    const auto entries = most_steps / static_cast<double>(operands);
    auto last = COLPORT_TRY(
        context_.database.prepare("SELECT coalesce(max(id), 0) FROM articles WHERE id < ?1"));
    COLPORT_TRY(last.bind(1, query_.before.value_or(no_row)).step());
    // Where what is asked for begins.
    auto newest = last.integer(0);
    for (const auto& tokens : filter_tokens(true))
        newest = std::min(newest, COLPORT_TRY(context_.row_of(tokens, newest + 1, 0)));
    if (static_cast<double>(newest) <= entries / rarest) return done();
    horizon_ = newest - static_cast<std::int64_t>(entries / rarest);
    // What a feed or a language has may be rarer than any of the words.
    for (const auto& tokens : filter_tokens(false))
        horizon_ = std::min(horizon_,
                            COLPORT_TRY(context_.row_of(tokens, newest + 1,
                                                        static_cast<std::int64_t>(entries))));
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

/// The best matches by what the index knows: by the strength of the words in them.
Result<std::vector<Searcher::Row>> Searcher::strongest(std::int64_t from) {
    const auto below = query_.before.value_or(no_row);
    const auto groups = std::min(compiled_.matchers.all.size(), most_groups);
    // Of several words each tells less, and may be asked in larger steps.
    const int step = groups == 1 ? 1 : 4;
    std::unordered_map<std::int64_t, double> scores;
    for (std::size_t i = 0; i < groups; ++i) {
        std::unordered_set<std::int64_t> counted;
        for (int level = token::most_strong; level > 0; level -= step) {
            std::string tokens;
            for (int also = 0; also < step; ++also)
                tokens = fts::any(tokens, strong_token(i, level - also));
            if (tokens.empty()) break;
            const auto gain = token::saturation_of(level) - token::saturation_of(0);
            for (const auto& row :
                 COLPORT_TRY(select(fts::all({compiled_.expression.sure, tokens}), below,
                                    groups == 1 ? most_read : most_strong_rows, from)))
                if (counted.insert(row.id).second) scores[row.id] += weights_[i] * gain;
            if (groups == 1 && scores.size() >= most_read) break;
        }
    }
    std::vector<Row> out;
    for (const auto& [id, score] : scores) {
        Row row;
        row.id = id;
        row.score = score;
        out.push_back(std::move(row));
    }
    std::sort(out.begin(), out.end(), [](const Row& a, const Row& b) {
        return std::pair(a.score, a.id) > std::pair(b.score, b.id);
    });
    if (out.size() > most_read) out.resize(most_read);
    return out;
}

}  // namespace colport
