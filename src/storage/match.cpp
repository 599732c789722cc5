#include "storage/match.h"

#include <fmt/format.h>
#include <unicode/uscript.h>
#include <unicode/utf8.h>

#include <algorithm>
#include <utility>

#include "words/endings.h"

namespace colport {
namespace {

// The shortest beginning that FTS5 may look up by itself: it reads the lists of
// all words that begin so, before the first row.
constexpr std::size_t shortest_beginning(std::int64_t articles) {
    return articles <= 50'000 ? 3 : articles <= 400'000 ? 4 : 6;
}
// In a larger archive their words are asked for one by one, if there are no more.
constexpr std::int64_t small_archive = 50'000;
constexpr int most_beginnings = 60;
// Beginnings that are looked up for a query, of eight words, each as a stem and as a form;
// half of them may be of what is left out.
constexpr std::size_t most_lookups = 16;
// Beyond, it is not worth telling apart what makes a query doubtful.
constexpr std::size_t most_doubtful = 4;
// What may have to follow what was typed for a stemmer to see a word's ending in it.
constexpr std::string_view endings[] = {
    "s", "e", "n", "r", "t", "d", "g", "ng", "ing", "ed", "es", "er", "en", "ss", "y", "on", "ion",
    "ly", "al", "ment", "o", "a", "i", "os", "as", "а", "е", "и", "й", "м", "о", "у", "х", "ы",
    "ь", "ю", "я", "в", "т", "л", "ть", "ия", "ие", "ов", "ого", "ый", "ой", "ами", "ься"};

bool is_paired(std::string_view form) {
    std::size_t at = 0;
    UChar32 c = 0;
    U8_NEXT(form.data(), at, form.size(), c);
    if (c < 0) return false;
    for (const auto script : {USCRIPT_HAN, USCRIPT_HIRAGANA, USCRIPT_KATAKANA, USCRIPT_HANGUL,
                              USCRIPT_BOPOMOFO})
        if (uscript_hasScript(c, script)) return true;
    return false;
}

/// One that stands in the index with its neighbours.
bool is_lone(std::string_view form) { return words::letters(form) == 1 && is_paired(form); }

token::Kind kind_in(Term::Field field) {
    switch (field) {
        case Term::Field::anywhere: return token::stem;
        case Term::Field::title: return token::title;
        case Term::Field::author: return token::author;
        case Term::Field::tag: return token::tag;
    }
    return token::stem;
}

template <class Value>
void insert(std::vector<Value>& into, const Value& value) {
    if (std::find(into.begin(), into.end(), value) == into.end()) into.push_back(value);
}

/// Languages whose words may look alike.
std::string_view script_of(std::string_view language) {
    constexpr std::string_view cyrillic[] = {"ru", "uk", "be", "bg", "sr", "mk",
                                             "kk", "ky", "tg", "mn", "tt"};
    constexpr std::string_view arabic[] = {"ar", "fa", "ur", "ps", "ug", "ku", "ckb", "sd"};
    constexpr std::string_view own[] = {"zh", "ja", "ko", "th", "lo", "km", "my", "hi", "ne",
                                        "ta", "el", "hy", "he", "yi", "ka", "am", "bo"};
    const auto among = [&](const auto& all) {
        return std::find(std::begin(all), std::end(all), language) != std::end(all);
    };
    if (among(cyrillic)) return "Cyrl";
    if (among(arabic)) return "Arab";
    return among(own) ? language : "Latn";
}

void add(Expression& to, const Expression& more) {
    to.sure = fts::any(to.sure, more.sure);
    to.maybe = fts::any(to.maybe, more.maybe);
    to.doubt = fts::any(to.doubt, more.doubt);
}

std::string beginning_of(token::Kind kind, std::string_view text) {
    return fts::quoted(token::of(kind, text)) + " *";
}

}  // namespace

std::string fts::of(token::Kind kind, const SoughtStem& stem) {
    return in(stem.languages, fts::quoted(token::of(kind, stem.text)));
}

void QueryCompiler::read(const std::string& text, const std::string& language, bool joined,
                         std::vector<Reading>& out) {
    std::vector<Form> forms;
    std::vector<std::string> stems;
    // Pieces lie within what they are joined to.
    std::size_t end = 0;
    bool seen_joined = false;
    splitter_.split(text, language, [&](const Word& word) {
        if (word.beside) {
            seen_joined = true;
            if (!joined) return;
            end = word.end;
            forms.pop_back();
            stems.pop_back();
        } else if (word.begin < end) {
            return;
        }
        forms.push_back({std::string(word.form), word.beside});
        stems.emplace_back(word.stem.empty() ? word.form : word.stem);
    });
    if (forms.empty() || (joined && !seen_joined)) return;
    auto known = std::find_if(out.begin(), out.end(), [&](const Reading& reading) {
        return std::equal(reading.forms.begin(), reading.forms.end(), forms.begin(), forms.end(),
                          [](const Form& a, const Form& b) { return a.text == b.text; });
    });
    if (known == out.end()) known = out.insert(out.end(), Reading{std::move(forms), {}});
    auto row = std::find_if(known->rows.begin(), known->rows.end(),
                            [&](const Row& other) { return other.stems == stems; });
    if (row == known->rows.end()) row = known->rows.insert(row, Row{std::move(stems), {}});
    insert(row->languages, language);
}

/// From those that make the row, with "" for none, to those that it is good in.
void QueryCompiler::set_languages(Row& row) const {
    auto& good = row.languages;
    const auto is_good = [&](const std::string& language) {
        return std::find(good.begin(), good.end(), language) != good.end();
    };
    const bool alone = std::none_of(languages_.begin(), languages_.end(), [&](const auto& other) {
        return !is_good(other) && std::any_of(good.begin(), good.end(), [&](const auto& language) {
            return script_of(language) == script_of(other);
        });
    });
    if (is_good("") || alone) good.clear();
}

std::vector<QueryCompiler::Reading> QueryCompiler::read(const std::string& text) {
    std::vector<Reading> out;
    for (const bool joined : {false, true}) {
        read(text, {}, joined, out);
        for (const auto& language : languages_) read(text, language, joined, out);
    }
    for (auto& reading : out)
        for (auto& row : reading.rows) set_languages(row);
    return out;
}

std::size_t QueryCompiler::keep(SoughtWord word) {
    auto& words = out_.matchers.words;
    const auto known = std::find(words.begin(), words.end(), word);
    if (known != words.end()) return static_cast<std::size_t>(known - words.begin());
    words.push_back(std::move(word));
    return words.size() - 1;
}

Result<std::string> QueryCompiler::words_from(token::Kind kind, const std::string& prefix) {
    const auto first = token::of(kind, prefix);
    if (beginnings_.size() >= lookups_ && !beginnings_.contains(first)) {
        out_.cut = left_out_ = true;
        return std::string();
    }
    beginnings_.insert(first);
    const bool is_small = articles_ <= small_archive;
    const bool is_long = words::letters(prefix) >= shortest_beginning(articles_);
    if (is_small && (is_long || is_paired(prefix))) return beginning_of(kind, prefix);
    auto row = COLPORT_TRY(database_.prepare(
        fmt::format("SELECT term FROM {} WHERE term >= ?1 LIMIT 1", table_.words())));
    std::string out, at = first;
    for (int count = 0;; ++count) {
        row.reset().bind_text(1, at);
        if (!COLPORT_TRY(row.step()) || !row.text(0).starts_with(first)) return out;
        if (count == most_beginnings) break;
        at = row.text(0);
        out = fts::any(out, fts::quoted(at));
        at += '\1';
    }
    if (is_long) return beginning_of(kind, prefix);
    out_.cut = true;
    return out;
}

std::vector<std::string> QueryCompiler::stems_of_beginning(const std::string& form,
                                                           const Reading& reading,
                                                           std::size_t at) {
    std::vector<std::string> out;
    for (const auto& row : reading.rows) insert(out, row.stems[at]);
    const bool is_latin = (form.front() & 0x80) == 0;
    for (const auto& language : languages_)
        for (const auto ending : endings) {
            if (((ending.front() & 0x80) == 0) != is_latin) continue;
            splitter_.split(form + std::string(ending), language, [&](const Word& word) {
                if (!word.stem.empty() && form.starts_with(word.stem)) insert(out, std::string(word.stem));
            });
        }
    return out;
}

Result<Expression> QueryCompiler::beginning(Term::Field field, const Reading& reading,
                                            std::size_t at) {
    const auto kind = kind_in(field);
    const auto& form = reading.forms[at].text;
    Expression out;
    out.sure = COLPORT_TRY(words_from(kind, form));
    if (field == Term::Field::anywhere)
        out.sure = fts::any(out.sure, COLPORT_TRY(words_from(token::form, form)));
    out.maybe = out.sure;
    if (field == Term::Field::author || is_paired(form) ||
        !beginnings_.contains(token::of(kind, form)))
        return out;
    // The word may go on where its stem has ended already: "runni*".
    for (const auto& stem : stems_of_beginning(form, reading, at))
        if (!stem.starts_with(form))
            out.doubt = fts::any(out.doubt, fts::quoted(token::of(kind, stem)));
    out.maybe = fts::any(out.sure, out.doubt);
    return out;
}

Result<Expression> QueryCompiler::word(const Term& term, const Reading& reading, bool exact) {
    const auto kind = kind_in(term.field);
    const auto& form = reading.forms[0].text;
    if (term.prefix) return beginning(term.field, reading, 0);
    Expression out;
    if (is_lone(form)) {
        out.sure = out.maybe = COLPORT_TRY(words_from(kind, form));
        return out;
    }
    if (kind == token::author) {
        out.maybe = fts::quoted(token::of(kind, form));
    } else {
        for (const auto& row : reading.rows)
            out.maybe = fts::any(out.maybe, fts::of(kind, {row.stems[0], row.languages}));
        if (kind == token::stem)
            out.maybe = fts::any(out.maybe, fts::quoted(token::of(token::form, form)));
    }
    (exact ? out.doubt : out.sure) = out.maybe;
    return out;
}

Result<std::string> QueryCompiler::row(const Term& term, const Reading& reading,
                                       const Row& row) {
    const auto& stems = row.stems;
    const auto kind = kind_in(term.field);
    const auto& common = table_.making->common;
    const auto size = stems.size();
    // Those of other code may be other ones, and they only narrow the search.
    const bool has_pairs = kind == token::stem && table_.signature == index_signature();
    std::vector<std::string> parts;
    // Known by its stem alone.
    const auto is_plain = [&](std::size_t i) {
        return i < size && !(term.prefix && i + 1 == size) && !is_lone(reading.forms[i].text) &&
               !reading.forms[i].joined;
    };
    for (std::size_t i = 0; i < size; ++i) {
        const auto& form = reading.forms[i].text;
        if (term.prefix && i + 1 == size)
            parts.push_back(COLPORT_TRY(beginning(term.field, reading, i)).maybe);
        else if (is_lone(form))
            parts.push_back(COLPORT_TRY(words_from(kind, form)));
        else
            parts.push_back(fts::quoted(token::of(kind, kind == token::author ? form : stems[i])));
        if (has_pairs && is_plain(i) && is_plain(i + 1) &&
            CommonWords::is_pair(common.raw_share(stems[i]), common.raw_share(stems[i + 1])))
            parts.push_back(fts::quoted(token::of_pair(token::pair_bucket(
                CommonWords::hash(stems[i]), CommonWords::hash(stems[i + 1])))));
    }
    return fts::in(row.languages, fts::all(parts));
}

Result<QueryCompiler::Compiled> QueryCompiler::term(const Term& term) {
    Compiled out;
    out.sought.field = term.field;
    for (auto& reading : read(term.text)) {
        auto& forms = reading.forms;
        const auto room = Matchers::most_words - std::min(Matchers::most_words,
                                                          out_.matchers.words.size());
        out_.cut = out_.cut || forms.size() > room;
        if (room == 0) break;
        // Of a very long phrase the beginning is sought.
        if (forms.size() > room) forms.resize(room);
        for (auto& row : reading.rows) row.stems.resize(forms.size());
        std::vector<std::size_t> words;
        for (std::size_t i = 0; i < forms.size(); ++i) {
            SoughtWord word;
            word.form = forms[i].text;
            word.exact = term.phrase;
            word.prefix = (term.prefix && i + 1 == forms.size()) || is_lone(word.form);
            for (const auto& row : reading.rows)
                insert(word.stems, SoughtStem{row.stems[i], row.languages});
            words.push_back(keep(std::move(word)));
        }
        out.sought.readings.push_back(std::move(words));
        Expression found;
        if (forms.size() == 1) {
            found = COLPORT_TRY(word(term, reading, term.phrase));
            if (!term.phrase && !term.prefix)
                for (const auto& row : reading.rows)
                    insert(out.sought.stems, SoughtStem{row.stems[0], row.languages});
        } else {
            for (const auto& stems : reading.rows)
                found.maybe = fts::any(found.maybe, COLPORT_TRY(row(term, reading, stems)));
            found.doubt = found.maybe;
        }
        add(out.expression, found);
    }
    return out;
}

Result<CompiledQuery> QueryCompiler::compile(const Term& one) {
    ParsedQuery query;
    query.blank = false;
    query.all.push_back({one});
    return compile(query);
}

Result<CompiledQuery> QueryCompiler::compile(const ParsedQuery& query) {
    out_ = {};
    beginnings_.clear();
    left_out_ = false;
    lookups_ = most_lookups / 2;
    // First: what is too much for a query must not let through what it leaves out.
    Expression without;
    for (const auto& one : query.without) {
        auto compiled = COLPORT_TRY(term(one));
        add(without, compiled.expression);
        out_.matchers.without.push_back(std::move(compiled.sought));
    }
    const bool is_open = std::exchange(left_out_, false);
    lookups_ = most_lookups;
    std::vector<Expression> groups;
    for (const auto& alternatives : query.all) {
        Expression group;
        std::vector<SoughtTerm> sought;
        for (const auto& one : alternatives) {
            auto compiled = COLPORT_TRY(term(one));
            if (compiled.sought.readings.empty()) continue;
            add(group, compiled.expression);
            sought.push_back(std::move(compiled.sought));
        }
        if (sought.empty()) continue;
        groups.push_back(std::move(group));
        out_.matchers.all.push_back(std::move(sought));
    }
    out_.expression = join(groups, without);
    if (is_open) {
        // The texts decide.
        out_.expression.sure.clear();
        out_.expression.doubt = out_.expression.maybe;
    }
    return std::move(out_);
}

Expression QueryCompiler::join(const std::vector<Expression>& groups, const Expression& without) {
    std::vector<std::string> sure, maybe;
    std::size_t doubtful = 0;
    for (const auto& group : groups) {
        sure.push_back(group.sure);
        maybe.push_back(group.maybe);
        doubtful += !group.doubt.empty();
    }
    Expression out;
    out.sure = fts::but(fts::all(sure), without.maybe);
    out_.sure = std::move(sure);
    out_.without = without.maybe;
    out.maybe = fts::but(fts::all(maybe), without.sure);
    if (doubtful == 0 && without.doubt.empty()) return out;
    if (out.sure.empty() || doubtful > most_doubtful) {
        out.doubt = fts::but(out.maybe, out.sure);
        return out;
    }
    // What makes the doubt comes first: its lists may be much shorter.
    for (std::size_t i = 0; i < groups.size(); ++i) {
        auto parts = maybe;
        parts[i] = groups[i].doubt;
        out.doubt = fts::any(out.doubt, fts::all(parts));
    }
    if (!without.doubt.empty()) {
        auto parts = maybe;
        parts.push_back(without.doubt);
        out.doubt = fts::any(out.doubt, fts::all(parts));
    }
    out.doubt = fts::but(fts::but(out.doubt, without.sure), out.sure);
    return out;
}

}  // namespace colport
