#include "words/stems.h"

#include <libstemmer.h>

#include "words/stem_rules.h"

namespace colport::words {
namespace {

// Nine words in ten are found in it; four times as many slots find three in a
// hundred more.
constexpr std::size_t slot_count = 16'384;
// Bounds the memory of a slot. Bytes.
constexpr std::size_t longest_cached = 64;

struct StemmerDeleter {
    void operator()(sb_stemmer* stemmer) const { sb_stemmer_delete(stemmer); }
};

/// Snowball also answers to "english"; only codes are languages here.
bool is_code(std::string_view language) {
    return (language.size() == 2 || language.size() == 3) &&
           std::all_of(language.begin(), language.end(),
                       [](char c) { return c >= 'a' && c <= 'z'; });
}

std::string base_of(std::string_view language) {
    std::string base(language.substr(0, language.find_first_of("-_")));
    for (char& c : base)
        if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
    return base;
}

}  // namespace

struct Stems::Language {
    std::string code;
    std::unique_ptr<sb_stemmer, StemmerDeleter> stemmer;
    std::string word;  // scratch
};

Stems::Stems() = default;
Stems::~Stems() = default;

void Stems::choose(std::string_view language) {
    const auto base = base_of(language);
    if (chosen_ && chosen_->code == base) return;
    chosen_ = nullptr;
    if (!is_code(base)) return;
    if (const auto known = languages_.find(base); known != languages_.end()) {
        chosen_ = known->second.get();
        return;
    }
    const std::string name(stemmer_for(base));
    std::unique_ptr<sb_stemmer, StemmerDeleter> stemmer(sb_stemmer_new(name.c_str(), "UTF_8"));
    if (!stemmer) return;
    auto made = std::make_unique<Language>(Language{base, std::move(stemmer), {}});
    chosen_ = languages_.emplace(base, std::move(made)).first->second.get();
}

std::string_view Stems::stem(std::string_view folded, std::string_view plain) {
    if (!chosen_) return {};
    if (folded.size() > longest_cached) {
        uncached_.clear();
        append_stem(folded, plain, uncached_);
        return uncached_;
    }
    if (slots_.empty()) slots_.resize(slot_count);
    auto& slot = slots_[std::hash<std::string_view>()(folded) % slot_count];
    const auto kept = [&] { return std::string_view(slot.word_and_stem); };
    if (slot.language != chosen_ || kept().substr(0, slot.word_size) != folded) {
        slot.language = chosen_;
        slot.word_size = folded.size();
        slot.word_and_stem = folded;
        append_stem(folded, plain, slot.word_and_stem);
    }
    return kept().substr(slot.word_size);
}

void Stems::append_stem(std::string_view folded, std::string_view plain, std::string& out) {
    auto& word = chosen_->word;
    prepare(chosen_->code, folded, plain, word);
    auto* stemmer = chosen_->stemmer.get();
    const auto* made = sb_stemmer_stem(stemmer, reinterpret_cast<const sb_symbol*>(word.data()),
                                       static_cast<int>(word.size()));
    if (!made) return;
    out += finish(chosen_->code,
                  {reinterpret_cast<const char*>(made),
                   static_cast<std::size_t>(sb_stemmer_length(stemmer))},
                  plain);
}

}  // namespace colport::words
