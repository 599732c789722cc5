#include "query/suggestion.h"

#include <algorithm>
#include <limits>

#include "query/keyboards.h"
#include "query/query.h"

namespace colport {
namespace {

using Marks = std::vector<std::pair<std::size_t, std::size_t>>;

constexpr auto everywhere = std::numeric_limits<std::uint32_t>::max();

class Corrector {
public:
    Corrector(WordSplitter& splitter, const HowCommon& how_common)
        : splitter_(splitter), how_common_([this, &how_common](std::string_view word) {
              if (left_ == 0) return std::uint64_t{0};
              --left_;
              return how_common(word);
          }) {}
    Corrector(const Corrector&) = delete;

    std::optional<Suggestion> on_another_keyboard(std::string_view typed) {
        auto text = correct_keyboard(typed, splitter_, how_common_);
        if (!text) return std::nullopt;
        const auto size = text->size();
        return Suggestion{std::move(*text), {{0, size}}};
    }

    std::optional<Suggestion> spelt(ParsedQuery query) {
        std::vector<Term*> terms;
        for (auto& alternatives : query.all)
            for (auto& term : alternatives) terms.push_back(&term);
        for (auto* term : terms) each_unknown(*term, [&](const Word&) { ++unknown_; });
        if (unknown_ == 0) return std::nullopt;
        std::vector<Marks> marks;
        for (auto* term : terms) marks.push_back(correct_term(*term));
        Suggestion out{to_string(query), {}};
        // The terms stand in it one after another, each as it is.
        std::size_t at = 0;
        for (std::size_t i = 0; i < terms.size(); ++i) {
            at = out.query.find(terms[i]->text, at);
            if (at == out.query.npos) break;
            for (const auto& [begin, end] : marks[i])
                out.marked.emplace_back(at + begin, at + end);
            at += terms[i]->text.size();
        }
        if (out.marked.empty()) return std::nullopt;
        return out;
    }

private:
    template <class Visit>
    void each_unknown(const Term& term, Visit visit) {
        if (term.prefix || term.field == Term::Field::author) return;
        std::size_t at = 0;
        splitter_.split(term.text, "", [&](const Word& word) {
            if (word.beside || word.begin < at) return;
            at = word.end;
            if (may_be_mistaken(how_common_(word.form), everywhere)) visit(word);
        });
    }

    Marks correct_term(Term& term) {
        Marks out;
        std::string text;
        std::size_t at = 0;
        each_unknown(term, [&](const Word& word) {
            // All get their share of the lookups that are left.
            const auto share = left_ / std::max<std::size_t>(unknown_, 1);
            if (unknown_ > 0) --unknown_;
            const auto meant = correct(word.form, how_common_, share);
            if (!meant) return;
            text.append(term.text, at, word.begin - at);
            out.emplace_back(text.size(), text.size() + meant->size());
            text += *meant;
            at = word.end;
        });
        text.append(term.text, at);
        term.text = std::move(text);
        return out;
    }

    WordSplitter& splitter_;
    std::size_t left_ = most_suggestion_lookups;
    std::size_t unknown_ = 0;   ///< words that may still be put right
    HowCommon how_common_;
};

}  // namespace

std::optional<Suggestion> suggest(std::string_view typed, std::int64_t now,
                                  WordSplitter& splitter, const HowCommon& how_common) {
    Corrector corrector(splitter, how_common);
    if (auto out = corrector.on_another_keyboard(typed)) return out;
    return corrector.spelt(parse_query(typed, now));
}

}  // namespace colport
