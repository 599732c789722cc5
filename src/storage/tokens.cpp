#include "storage/tokens.h"

#include <fmt/format.h>

#include <algorithm>

#include "storage/tokenizer.h"
#include "words/detect.h"

namespace colport {
namespace {

constexpr std::int64_t month_seconds = 2'629'746;
constexpr std::uint64_t pair_buckets = 1 << 16;
// Saturated frequencies s from 0.75 to 0.985, as s / (1 - s).
constexpr std::int64_t strengths[token::most_strong] = {3, 4, 6, 9, 14, 22, 36, 64};

std::int64_t divide_down(std::int64_t value, std::int64_t by) {
    return value / by - (value % by < 0 ? 1 : 0);
}

/// With k1 = 1.2 and b = 0.75, in whole numbers: the same on every machine.
int strength(std::int64_t weight, std::int64_t words, std::int64_t average) {
    int out = 0;
    while (out < token::most_strong &&
           10 * weight * average >= strengths[out] * (3 * average + 9 * words))
        ++out;
    return out;
}

}  // namespace

std::string index_signature() {
    // It is asked for with every article that leaves.
    static const auto out =
        fmt::format("{}/{}/{}", index_version, words_signature(), detection_signature());
    return out;
}

namespace token {

double saturation_of(int strength) {
    if (strength == 0) return 0.6;
    // About the middle between this threshold and the next.
    const auto ratio = 1.25 * static_cast<double>(strengths[strength - 1]);
    return ratio / (1 + ratio);
}

std::string of(Kind kind, std::string_view text) {
    std::string out(1, static_cast<char>(kind));
    out += text;
    return out;
}

std::string of_pair(std::string_view first, std::string_view second) {
    const auto mixed = (CommonWords::hash(first) * 31 + CommonWords::hash(second)) *
                       0x9e3779b97f4a7c15;
    auto bucket = (mixed >> 32) % pair_buckets;
    std::string out(1, static_cast<char>(pair));
    for (int i = 0; i < 3; ++i, bucket /= 64) out += static_cast<char>('0' + bucket % 64);
    return out;
}

std::string of_strong(int level, std::string_view stem) {
    return of(static_cast<Kind>(strong + level - 1), stem);
}

std::int64_t month_of(std::int64_t seconds) { return divide_down(seconds, month_seconds); }
std::int64_t begin_of(std::int64_t month) { return month * month_seconds; }
std::int64_t year_of(std::int64_t month) { return divide_down(month, 12); }

}  // namespace token

void TokenMaker::clear(const Making* making) {
    making_ = making;
    stems_.clear();
    others_.clear();
    names_.clear();
    pairs_.clear();
    words_ = 0;
    out_.clear();
}

TokenMaker::Stems::iterator TokenMaker::insert(const std::string& stem) {
    const auto known = stems_.find(stem);
    if (known != stems_.end()) return known;
    Stem made;
    made.number = static_cast<std::uint32_t>(stems_.size());
    if (making_ != nullptr) made.share = making_->common.raw_share(stem);
    const auto out = stems_.emplace(stem, made).first;
    names_.push_back(&out->first);
    return out;
}

void TokenMaker::read(std::string_view text, std::string_view language, int weight) {
    const Stems::value_type* before = nullptr;
    splitter_.split(text, language, [&](const Word& word) {
        const auto& stem = word.stem.empty() ? word.form : word.stem;
        auto& found = *insert(stem);
        found.second.weight += weight;
        found.second.in_title |= weight == Weights::title;
        if (making_ != nullptr && !word.form.starts_with(stem))
            others_.insert(token::of(token::form, word.form));
        if (word.beside) return;
        ++words_;
        if (before != nullptr && CommonWords::is_pair(before->second.share, found.second.share))
            pairs_.push_back(std::uint64_t{before->second.number} << 32 | found.second.number);
        before = &found;
    });
}

void TokenMaker::read_authors(const ArticleText& text) {
    for (const auto& author : text.authors) {
        read(author, text.language, Weights::about);
        splitter_.split(author, text.language, [&](const Word& word) {
            others_.insert(token::of(token::author, word.form));
        });
    }
}

void TokenMaker::read_tags(const ArticleText& text) {
    for (const auto& tag : text.tags) {
        read(tag, text.language, Weights::about);
        splitter_.split(tag, text.language, [&](const Word& word) {
            others_.insert(token::of(token::tag, word.stem.empty() ? word.form : word.stem));
        });
    }
}

std::int64_t TokenMaker::stems(const ArticleText& text,
                               const std::function<void(std::string_view)>& visit) {
    clear(nullptr);
    read(text.title, text.language, Weights::title);
    read(text.body, text.language, Weights::body);
    for (const auto& [stem, about] : stems_) visit(stem);
    return words_;
}

void TokenMaker::append(token::Kind kind, std::string_view text) {
    out_ += static_cast<char>(kind);
    out_ += text;
    out_ += tokenizer::separator;
}

void TokenMaker::append_strong(const std::string& text, const Stem& stem) {
    const auto level = strength(stem.weight, words_, making_->average_words);
    if (level > 0) append(static_cast<token::Kind>(token::strong + level - 1), text);
}

void TokenMaker::append_pairs() {
    std::sort(pairs_.begin(), pairs_.end());
    pairs_.erase(std::unique(pairs_.begin(), pairs_.end()), pairs_.end());
    for (const auto pair : pairs_)
        (out_ += token::of_pair(*names_[pair >> 32], *names_[pair & 0xffff'ffff])) +=
            tokenizer::separator;
}

void TokenMaker::append_about(const ArticleText& text, std::int64_t feed) {
    append(token::feed, std::to_string(feed));
    const auto month = token::month_of(text.published);
    append(token::month, std::to_string(month));
    append(token::year, std::to_string(token::year_of(month)));
    const std::string_view language = text.language;
    for (auto end = language.find('-'); end != language.npos; end = language.find('-', end + 1))
        append(token::language, language.substr(0, end));
    if (!language.empty()) append(token::language, language);
}

const std::string& TokenMaker::make(const ArticleText& text, std::int64_t feed,
                                    const Making& making) {
    clear(&making);
    read(text.title, text.language, Weights::title);
    read(text.body, text.language, Weights::body);
    read_authors(text);
    read_tags(text);
    for (const auto& [word, stem] : stems_) {
        append(token::stem, word);
        if (stem.in_title) append(token::title, word);
        append_strong(word, stem);
    }
    for (const auto& other : others_) (out_ += other) += tokenizer::separator;
    append_pairs();
    append_about(text, feed);
    return out_;
}

}  // namespace colport
