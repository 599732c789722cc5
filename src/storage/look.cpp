#include "storage/look.h"

#include <algorithm>

#include "words/stem_rules.h"

namespace colport {
namespace {

// Of a body, in bytes, before it is seen whether that is enough.
constexpr std::size_t first_look = 16 << 10;

// A word in another form says less.
constexpr double other_form = 0.8;

bool is_in(Term::Field region, Term::Field wanted) {
    return wanted == Term::Field::anywhere || wanted == region;
}

}  // namespace

std::size_t Looker::trait(std::string_view word) {
    return (static_cast<unsigned char>(word.back()) + 41 * word.size()) & 0xff;
}

Looker::Looker(const Matchers& matchers, WordSplitter& splitter)
    : matchers_(matchers), splitter_(splitter) {
    for (std::size_t i = 0; i < matchers.words.size(); ++i)
        if (matchers.words[i].prefix) beginnings_.push_back(i);
}

void Looker::prepare(const std::string& language) {
    if (language == language_) return;
    language_ = language;
    words_.clear();
    stems_ = {};
    traits_ = {};
    const auto code = words::language_code(language);
    for (std::size_t i = 0; i < matchers_.words.size(); ++i) {
        const auto& word = matchers_.words[i];
        if (word.prefix) {
            stems_.insert(word.form);
            continue;
        }
        const auto bit = Mask{1} << i;
        insert(word.form, bit, false);
        if (word.exact) continue;
        for (const auto& stem : word.stems)
            if (stem.languages.empty() ||
                std::find(stem.languages.begin(), stem.languages.end(), code) !=
                    stem.languages.end())
                insert(stem.text, bit, true);
    }
}

void Looker::insert(const std::string& word, Mask bit, bool stem) {
    auto& found = words_[word];
    (stem ? found.stem : found.exact) |= bit;
    traits_[trait(word)] = true;
    if (stem) stems_.insert(word);
}

Looker::Found Looker::find(const Word& word) const {
    Found out;
    if (traits_[trait(word.form)])
        if (const auto known = words_.find(word.form); known != words_.end()) {
            out.exact = known->second.exact;
            if (word.stem.empty()) out.stem = known->second.stem;
        }
    if (!word.stem.empty() && traits_[trait(word.stem)])
        if (const auto known = words_.find(word.stem); known != words_.end())
            out.stem |= known->second.stem;
    if (beginnings_.empty()) return out;
    const auto more = find_beginnings(word);
    return {out.exact | more.exact, out.stem | more.stem};
}

Looker::Found Looker::find_beginnings(const Word& word) const {
    Found out;
    for (const auto i : beginnings_) {
        const auto& form = matchers_.words[i].form;
        if (word.form.starts_with(form)) out.exact |= Mask{1} << i;
        else if (word.stem.starts_with(form)) out.stem |= Mask{1} << i;
    }
    return out;
}

void Looker::read(std::string_view text, std::size_t begin, std::size_t end,
                  std::string_view language) {
    // What pieces are joined to, and how many of them there were.
    std::size_t joined_end = 0, joined_at = 0;
    bool joined_counts = false;
    splitter_.split(text.substr(begin, end - begin), language, &stems_, [&](const Word& word) {
        if (!word.beside) ++places_;
        if (!word.beside && joined_counts && word.begin < joined_end)
            ++occurrences_[joined_at].width;
        const auto found = find(word);
        if (word.beside) joined_counts = (found.exact | found.stem) != 0;
        if (!(found.exact | found.stem)) return;
        if (word.beside) {
            // Another stem of the same word, which is there but once.
            if (!occurrences_.empty() && occurrences_.back().place + 1 == places_ &&
                occurrences_.back().span.begin == begin + word.begin &&
                occurrences_.back().span.end == begin + word.end) {
                occurrences_.back().found.exact |= found.exact;
                occurrences_.back().found.stem |= found.stem;
                return;
            }
            joined_end = word.end;
            joined_at = occurrences_.size();
        }
        occurrences_.push_back({places_ - 1, 1, {begin + word.begin, begin + word.end}, found});
    });
}

double Looker::count(const std::vector<std::size_t>& reading, std::vector<Span>* marks) const {
    double out = 0;
    const auto holds = [&](const Occurrence& at, std::size_t word) {
        return ((at.found.exact | at.found.stem) >> reading[word] & 1) != 0;
    };
    for (std::size_t i = 0; i < occurrences_.size(); ++i) {
        if (!holds(occurrences_[i], 0)) continue;
        bool exact = occurrences_[i].found.exact >> reading[0] & 1;
        auto last = i;
        std::size_t word = 1;
        for (; word < reading.size(); ++word) {
            const auto place = occurrences_[last].place + occurrences_[last].width;
            auto next = last + 1;
            while (next < occurrences_.size() && occurrences_[next].place <= place &&
                   !(occurrences_[next].place == place && holds(occurrences_[next], word)))
                ++next;
            if (next == occurrences_.size() || occurrences_[next].place != place) break;
            exact = exact && (occurrences_[next].found.exact >> reading[word] & 1);
            last = next;
        }
        if (word < reading.size()) continue;
        out += exact ? 1 : other_form;
        if (marks) marks->push_back({occurrences_[i].span.begin, occurrences_[last].span.end});
    }
    return out;
}

double Looker::count(const SoughtTerm& term, std::vector<Span>* marks) const {
    // The readings of a term are the same words in other ways.
    double out = 0;
    for (const auto& reading : term.readings) out = std::max(out, count(reading, marks));
    return out;
}

void Looker::count_in(Term::Field field, int weight, std::vector<double>& counts,
                      std::vector<Span>* marks) const {
    if (occurrences_.empty()) return;
    std::size_t number = 0;
    for (const auto& alternatives : matchers_.all)
        for (const auto& term : alternatives) {
            if (is_in(field, term.field)) counts[number] += weight * count(term, marks);
            ++number;
        }
    for (const auto& term : matchers_.without) {
        if (is_in(field, term.field)) counts[number] += count(term, nullptr);
        ++number;
    }
}

void Looker::look_in(Term::Field field, const std::string& text, const std::string& language,
                     int weight) {
    occurrences_.clear();
    places_ = 0;
    read(text, 0, text.size(), language);
    count_in(field, weight, counts_, nullptr);
}

void Looker::look_in_body(const ArticleText& text, Sight& out) {
    const std::string_view body = text.body;
    const auto before = counts_;
    occurrences_.clear();
    places_ = 0;
    for (std::size_t begin = 0, step = first_look; begin < body.size(); step *= 2) {
        // Words end at white space.
        const auto end = std::min(body.find_first_of(" \n\t", std::min(begin + step, body.size())),
                                  body.size());
        read(body, begin, end, text.language);
        counts_ = before;
        out.marks.clear();
        count_in(Term::Field::anywhere, Weights::body, counts_, &out.marks);
        // What is left out must be sought to the end.
        if (matchers_.without.empty() && has_all()) break;
        begin = end;
    }
    out.words += static_cast<std::int64_t>(places_);
}

bool Looker::has_all() const {
    std::size_t number = 0;
    for (const auto& alternatives : matchers_.all) {
        bool found = false;
        for (std::size_t i = 0; i < alternatives.size(); ++i)
            found = counts_[number++] > 0 || found;
        if (!found) return false;
    }
    return true;
}

Sight Looker::look(const ArticleText& text) {
    prepare(text.language);
    Sight out;
    std::size_t terms = matchers_.without.size();
    for (const auto& alternatives : matchers_.all) terms += alternatives.size();
    counts_.assign(terms, 0);
    look_in(Term::Field::title, text.title, text.language, Weights::title);
    out.words += static_cast<std::int64_t>(places_);
    for (const auto& author : text.authors)
        look_in(Term::Field::author, author, text.language, Weights::about);
    for (const auto& tag : text.tags)
        look_in(Term::Field::tag, tag, text.language, Weights::about);
    look_in_body(text, out);
    out.matches = true;
    std::size_t number = 0;
    for (const auto& alternatives : matchers_.all) {
        double best = 0;
        for (std::size_t i = 0; i < alternatives.size(); ++i)
            best = std::max(best, counts_[number++]);
        out.frequencies.push_back(best);
        out.matches = out.matches && best > 0;
    }
    for (; number < counts_.size(); ++number) out.matches = out.matches && counts_[number] == 0;
    std::sort(out.marks.begin(), out.marks.end(),
              [](const Span& a, const Span& b) { return a.begin < b.begin; });
    return out;
}

}  // namespace colport
