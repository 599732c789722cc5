#include "words/stems.h"

#include <libstemmer.h>

#include <algorithm>

#include "words/endings.h"
#include "words/slavic.h"
#include "words/stem_rules.h"
#include "words/turkish.h"
#include "words/words.h"

namespace colport::words {
namespace {

// Nine words in ten are found in it; four times as many slots find three in a
// hundred more.
constexpr std::size_t slot_count = 16'384;

struct StemmerDeleter {
    void operator()(sb_stemmer* stemmer) const { sb_stemmer_delete(stemmer); }
};

std::unique_ptr<sb_stemmer, StemmerDeleter> make_stemmer(std::string_view code) {
    const std::string name(stemmer_for(code));
    return std::unique_ptr<sb_stemmer, StemmerDeleter>(sb_stemmer_new(name.c_str(), "UTF_8"));
}

}  // namespace

struct Stems::Language {
    std::string code;
    std::unique_ptr<sb_stemmer, StemmerDeleter> stemmer;
    std::uint8_t number;  // from 1
};

Stems::Stems() = default;
Stems::~Stems() = default;

void Stems::choose(const std::string& code) {
    if (chosen_ && chosen_->code == code) return;
    chosen_ = nullptr;
    if (code.empty()) return;
    if (const auto known = languages_.find(code); known != languages_.end()) {
        chosen_ = known->second.get();
        return;
    }
    std::unique_ptr<sb_stemmer, StemmerDeleter> stemmer;
    if (!has_own_stems(code)) {
        stemmer = make_stemmer(code);
        if (!stemmer) return;
    }
    // There are about thirty stemmers.
    const auto number = static_cast<std::uint8_t>(languages_.size() + 1);
    auto made = std::make_unique<Language>(Language{code, std::move(stemmer), number});
    chosen_ = languages_.emplace(code, std::move(made)).first->second.get();
}

Stems::Found Stems::stem(std::string_view folded, std::string_view plain) {
    if (!chosen_) return {};
    if (slots_.empty()) slots_.resize(slot_count);
    auto& slot = slots_[std::hash<std::string_view>()(folded) % slot_count];
    const std::string_view kept(slot.text.data(), slot.word_size);
    if (slot.language == chosen_->number && kept == folded) {
        const auto* stem = slot.text.data() + slot.stem_at;
        const auto* other = slot.text.data() + std::max<std::size_t>(
                                                   slot.word_size, slot.stem_at + slot.stem_size);
        return {{stem, slot.stem_size}, {other, slot.other_size}};
    }
    make_stems(folded, plain);
    keep(slot, folded);
    return {made_, other_};
}

std::string Stems::snowball(std::string_view plain) {
    // Turkish piles endings up higher than the stemmer reaches.
    const int rounds = chosen_->code == "tr" ? 4 : 1;
    for (int i = 0; i < rounds; ++i) {
        auto* stemmer = chosen_->stemmer.get();
        const auto* made = sb_stemmer_stem(stemmer,
                                           reinterpret_cast<const sb_symbol*>(word_.data()),
                                           static_cast<int>(word_.size()));
        if (!made) return {};
        const std::string_view stem(reinterpret_cast<const char*>(made),
                                    static_cast<std::size_t>(sb_stemmer_length(stemmer)));
        const bool same = stem == word_;
        // Who does it is another word than that it is done: göçmen, göçme.
        const bool is_agent = word_.ends_with("men") || word_.ends_with("man");
        word_ = stem;
        if (is_agent) break;
        if (rounds > 1 && !drop_turkish_ending(word_) && same) break;
    }
    return finish(chosen_->code, word_, plain);
}

void Stems::make_stems(std::string_view folded, std::string_view plain) {
    const auto& code = chosen_->code;
    other_.clear();
    if (!chosen_->stemmer) {
        made_ = own_stem(code, plain);
        return;
    }
    prepare(code, folded, plain, word_);
    made_ = snowball(plain);
    if (word_ = other_reading(code, folded, plain); !word_.empty()) {
        other_ = snowball(plain);
    } else if (is_east_slavic(code)) {
        other_ = stem_of_other_cases(code, plain, made_);
    } else if (folded != plain && reads_accents(code)) {
        prepare(code, plain, plain, word_);
        other_ = snowball(plain);
    }
    if (other_ == made_) other_.clear();
}

void Stems::keep(Slot& slot, std::string_view word) const {
    const bool begins = word.starts_with(made_);
    const auto size = word.size() + (begins ? 0 : made_.size());
    if (size + other_.size() > slot.text.size()) return;
    slot.language = chosen_->number;
    slot.word_size = static_cast<std::uint8_t>(word.size());
    slot.stem_at = begins ? 0 : slot.word_size;
    slot.stem_size = static_cast<std::uint8_t>(made_.size());
    slot.other_size = static_cast<std::uint8_t>(other_.size());
    std::copy(word.begin(), word.end(), slot.text.begin());
    if (!begins) std::copy(made_.begin(), made_.end(), slot.text.begin() + slot.stem_at);
    std::copy(other_.begin(), other_.end(), slot.text.begin() + static_cast<std::ptrdiff_t>(size));
}

}  // namespace colport::words

bool colport::has_stems(std::string_view code) {
    using namespace words;
    return !code.empty() && (has_own_stems(code) || make_stemmer(code));
}
