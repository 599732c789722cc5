#include "storage/tokens.h"

#include <fmt/format.h>

#include <algorithm>

#include "storage/tokenizer.h"
#include "words/detect.h"

namespace colport {
namespace {

constexpr std::int64_t month_seconds = 2'629'746;
// Of a text; others take more.
constexpr std::size_t usual_stems = 512, usual_memory = 128 << 10;
// Bytes of different words; each may give three tokens.
constexpr std::size_t most_found = 8 << 20;
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

std::size_t pair_bucket(std::uint64_t first, std::uint64_t second) {
    return ((first * 31 + second) * 0x9e3779b97f4a7c15 >> 32) % pair_buckets;
}

std::string of_pair(std::size_t bucket) {
    // FTS5's hash of a token takes in three bits more with each byte after the first.
    std::string out{static_cast<char>(pair), static_cast<char>('@' + bucket % 64)};
    for (bucket /= 64; out.size() < 5; bucket /= 8) out += static_cast<char>('@' + bucket % 8 * 8);
    return out;
}

std::string of_strong(int level, std::string_view stem) {
    return of(static_cast<Kind>(strong + level - 1), stem);
}

std::int64_t month_of(std::int64_t seconds) { return divide_down(seconds, month_seconds); }
std::int64_t begin_of(std::int64_t month) { return month * month_seconds; }
std::int64_t year_of(std::int64_t month) { return divide_down(month, 12); }

}  // namespace token

TokenMaker::Found::Found(std::pmr::memory_resource& memory)
    : stems(usual_stems, &memory), others(&memory) {}

TokenMaker::TokenMaker() : buffer_(usual_memory), memory_(buffer_.data(), buffer_.size()) {}

void TokenMaker::begin(const Making* making) {
    making_ = making;
    found_.reset();
    memory_.release();
    found_.emplace(memory_);
    for (const auto bucket : pairs_) paired_[bucket] = false;
    pairs_.clear();
    words_ = 0;
    bytes_ = 0;
    out_.clear();
}

bool TokenMaker::has_room(std::size_t size) {
    if (bytes_ + size >= most_found) return false;
    bytes_ += size + 1;
    return true;
}

TokenMaker::Stem* TokenMaker::find(std::string_view stem) {
    auto& stems = found_->stems;
    if (const auto known = stems.find(stem); known != stems.end()) return &known->second;
    if (!has_room(stem.size())) return nullptr;
    Stem made;
    made.hash = CommonWords::hash(stem);
    if (making_ != nullptr) made.share = making_->common.raw_share(made.hash);
    return &stems.emplace(stem, made).first->second;
}

void TokenMaker::add_other(token::Kind kind, std::string_view text) {
    other_.assign(1, static_cast<char>(kind)) += text;
    const std::string_view other(other_);
    if (!found_->others.contains(other) && has_room(other.size()))
        found_->others.emplace(other);
}

void TokenMaker::add_pair(const Stem& first, const Stem& second) {
    if (!CommonWords::is_pair(first.share, second.share)) return;
    const auto bucket = token::pair_bucket(first.hash, second.hash);
    if (paired_[bucket]) return;
    paired_[bucket] = true;
    pairs_.push_back(bucket);
}

void TokenMaker::read(std::string_view text, std::string_view language, int weight) {
    const Stem* before = nullptr;
    splitter_.split(text, language, [&](const Word& word) {
        const auto stem = word.stem.empty() ? word.form : word.stem;
        auto* found = find(stem);
        if (found == nullptr) return;
        found->weight += weight;
        found->in_title |= weight == Weights::title;
        if (making_ != nullptr && !word.form.starts_with(stem)) add_other(token::form, word.form);
        if (word.beside) return;
        ++words_;
        if (before != nullptr) add_pair(*before, *found);
        before = found;
    });
}

void TokenMaker::read_authors(const ArticleText& text) {
    for (const auto& author : text.authors) {
        read(author, text.language, Weights::about);
        splitter_.split(author, text.language, [&](const Word& word) {
            add_other(token::author, word.form);
        });
    }
}

void TokenMaker::read_tags(const ArticleText& text) {
    for (const auto& tag : text.tags) {
        read(tag, text.language, Weights::about);
        splitter_.split(tag, text.language, [&](const Word& word) {
            add_other(token::tag, word.stem.empty() ? word.form : word.stem);
        });
    }
}

std::int64_t TokenMaker::stems(const ArticleText& text, std::size_t bytes,
                               const std::function<void(std::uint64_t)>& visit) {
    begin(nullptr);
    read(std::string_view(text.title).substr(0, bytes), text.language, Weights::title);
    read(std::string_view(text.body).substr(0, bytes), text.language, Weights::body);
    for (const auto& [word, stem] : found_->stems) visit(stem.hash);
    return words_;
}

void TokenMaker::append(token::Kind kind, std::string_view text) {
    out_ += static_cast<char>(kind);
    out_ += text;
    out_ += tokenizer::separator;
}

void TokenMaker::append_strong(std::string_view text, const Stem& stem) {
    const auto level = strength(stem.weight, words_, making_->average_words);
    if (level > 0) append(static_cast<token::Kind>(token::strong + level - 1), text);
}

void TokenMaker::append_pairs() {
    for (const auto bucket : pairs_) (out_ += token::of_pair(bucket)) += tokenizer::separator;
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
    begin(&making);
    read(text.title, text.language, Weights::title);
    read(text.body, text.language, Weights::body);
    read_authors(text);
    read_tags(text);
    for (const auto& [word, stem] : found_->stems) {
        append(token::stem, word);
        if (stem.in_title) append(token::title, word);
        append_strong(word, stem);
    }
    for (const auto& other : found_->others) (out_ += other) += tokenizer::separator;
    append_pairs();
    append_about(text, feed);
    return out_;
}

}  // namespace colport
