// The order of what a search has found.

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <unordered_map>
#include <unordered_set>

#include "storage/search.h"

namespace colport {
namespace {

// Further words of a query add little to what the first have told.
constexpr std::size_t most_groups = 6;
// Of each strength of a word, the newest so many articles.
constexpr std::size_t most_strong_rows = 150;
// In a question about one of several words.
constexpr int strengths_at_once = 4;
// Rarer words are counted.
constexpr std::int64_t counted_rows = 4'000;

// A new article gains so much on one that is much older.
constexpr double freshness = 0.15;
constexpr double half_life = 60.0 * 24 * 3600;

// Entries of the index that one question to it may go through: a millisecond or two.
constexpr double most_steps = 50'000;
// Of the articles with a word, about so many have it often.
constexpr double strong_share = 0.3;
// Of a beginning.
constexpr double unknown_share = 0.05;

// Of a phrase or a beginning: rare.
constexpr double unknown_weight = 4;

double weight_of(double articles, double having) {
    return std::log(1 + std::max(articles - having + 0.5, 0.5) / (having + 0.5));
}

/// That the index may have of a word: of its stems, their languages and its form.
std::size_t lists_of(const SoughtWord& word) {
    std::size_t out = 1;
    for (const auto& stem : word.stems) out += 1 + stem.languages.size();
    return out;
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
    // Every list of a conjunction is asked for each entry of the rarest.
    auto operands = compiled_.matchers.without.size() + (feeds_ ? 1 : 0) + languages_.size() +
                    (times_.any() ? 1 : 0);
    double rarest = 1;
    std::size_t lists = operands;
    for (const auto& alternatives : compiled_.matchers.all) {
        double share = 0;
        for (const auto& term : alternatives) {
            share += share_of(term);
            for (const auto& reading : term.readings) {
                operands = std::max(operands, reading.size() - 1);
                for (const auto i : reading) lists += lists_of(compiled_.matchers.words[i]);
            }
        }
        shares_.push_back(share);
        rarest = std::min(rarest, share);
        ++operands;
    }
    lists_ = static_cast<double>(lists);
    // Of a single list the number of rows is bounded.
    if (operands < 2 || rarest <= 0) return done();
    const auto entries = most_steps / lists_;
    auto last = COLPORT_TRY(
        context_.database.prepare("SELECT coalesce(max(id), 0) FROM articles WHERE id < ?1"));
    COLPORT_TRY(last.bind(1, query_.before.value_or(no_row)).step());
    // Where what is asked for begins.
    auto newest = last.integer(0);
    const auto filters = filter_tokens();
    auto all = filters;
    if (auto times = time_tokens().any(); times_.any() && !times.empty()) all.push_back(times);
    for (const auto& tokens : all)
        newest = std::min(newest, COLPORT_TRY(context_.row_of(tokens, newest + 1, 0)));
    if (static_cast<double>(newest) <= entries / rarest) return done();
    horizon_ = newest - static_cast<std::int64_t>(entries / rarest);
    // What a feed or a language has may be rarer than any of the words.
    for (const auto& tokens : filters)
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
std::string Searcher::strong_tokens(std::size_t group, int from, int to) const {
    // By languages, whose lists are long.
    std::map<std::vector<std::string>, std::string> all;
    for (const auto& term : compiled_.matchers.all[group]) {
        if (term.field != Term::Field::anywhere) continue;
        for (const auto& stem : term.stems)
            for (int level = from; level <= to; ++level) {
                auto& tokens = all[stem.languages];
                tokens = fts::any(tokens, fts::quoted(token::of_strong(level, stem.text)));
            }
    }
    std::string out;
    for (const auto& [languages, tokens] : all) out = fts::any(out, fts::in(languages, tokens));
    return out;
}

/// Before which row a strong word is not asked for, so that all questions together
/// take about as many steps as the search itself.
std::int64_t Searcher::strong_horizon(std::size_t group, std::int64_t newest,
                                      std::size_t questions) const {
    double rarest = strong_share * shares_[group];
    for (std::size_t i = 0; i < shares_.size(); ++i)
        if (i != group) rarest = std::min(rarest, shares_[i]);
    if (lists_ == 0 || rarest <= 0) return 0;
    // A question has a list of each strength.
    std::size_t strong = 0;
    for (const auto& term : compiled_.matchers.all[group])
        strong += term.stems.size() * static_cast<std::size_t>(strengths_at_once);
    const auto lists = lists_ + static_cast<double>(strong);
    const auto rows = most_steps / (static_cast<double>(questions) * lists * rarest);
    return static_cast<double>(newest) <= rows ? 0 : newest - static_cast<std::int64_t>(rows);
}

/// The best matches by what the index knows: by the strength of the words in them.
Result<std::vector<Searcher::Row>> Searcher::strongest(std::int64_t from, std::int64_t newest) {
    const auto groups = std::min(compiled_.matchers.all.size(), most_groups);
    // Of several words each tells less, and may be asked in larger steps.
    const int step = groups == 1 ? 2 : strengths_at_once;
    const auto questions = groups * static_cast<std::size_t>(token::most_strong / step);
    std::unordered_map<std::int64_t, double> scores;
    for (std::size_t i = 0; i < groups; ++i) {
        const auto not_before = std::max(from, strong_horizon(i, newest, questions));
        std::unordered_set<std::int64_t> counted;
        for (int level = token::most_strong; level > 0; level -= step) {
            const auto tokens = strong_tokens(i, level - step + 1, level);
            if (tokens.empty()) break;
            // They are among the articles with the word, which need not be asked for too.
            auto parts = compiled_.sure;
            parts[i] = tokens;
            const auto gain = token::saturation_of(level) - token::saturation_of(0);
            for (const auto& row :
                 COLPORT_TRY(select(fts::but(fts::all(parts), compiled_.without), newest + 1,
                                    groups == 1 ? most_read : most_strong_rows, not_before)))
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
