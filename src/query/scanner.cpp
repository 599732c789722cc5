#include "query/scanner.h"

#include <algorithm>

#include "query/days.h"
#include "query/typed_text.h"
#include "words/stem_rules.h"

namespace colport::typed {
namespace {

using std::chrono::days;
using std::chrono::sys_days;
using std::chrono::sys_seconds;

// What describes a term of this size is no longer than a query may be. A phrase
// that needs no quotes is a word behind its name.
constexpr std::size_t longest_text = 4000;
constexpr std::size_t longest_phrase = longest_text - 8;
// The longest tag of a language that there is.
constexpr std::size_t longest_language = 35;

std::u32string plain_text(std::u32string_view text) {
    std::u32string out(text);
    for (auto& c : out) c = plain(c);
    return out;
}

std::u32string_view cut(std::u32string_view text, std::size_t size) {
    auto out = first_bytes(text, size);
    // Cut off from its letter, the mark of an acronym is a quote.
    while (out.size() < text.size() && !out.empty() && quote_kind(out, out.size() - 1) != 0)
        out.remove_suffix(1);
    return trimmed(out);
}

std::u32string_view without_stars(std::u32string_view text) {
    while (!text.empty() && is_star(text.back())) {
        text.remove_suffix(1);
        text = trimmed(text);
    }
    return text;
}

/// Quotes of another kind inside a phrase part its words, as blanks do.
std::u32string phrase_text(std::u32string_view text) {
    std::u32string out;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const bool parts = text[i] == U' ' || quote_kind(text, i) != 0;
        if (!parts) out += text[i];
        else if (!out.empty() && out.back() != U' ') out += U' ';
    }
    return std::u32string(trimmed(out));
}

Term term_of(std::u32string_view text, bool phrase, bool starred, Term::Field field) {
    const auto own = phrase ? phrase_text(text) : std::u32string(text);
    Term out;
    // An OR that joins nothing is a word, and must look like one.
    const bool is_or = !phrase && field == Term::Field::anywhere && plain_text(own) == U"or";
    out.text = is_or ? "or" : encode(own);
    out.phrase = phrase;
    out.prefix = starred && may_be_prefix(own);
    out.field = field;
    return out;
}

std::optional<Term::Field> field_named(std::u32string_view name) {
    if (name == U"title") return Term::Field::title;
    if (name == U"author") return Term::Field::author;
    if (name == U"tag") return Term::Field::tag;
    return std::nullopt;
}

/// The tag in lower case; empty for what is none.
std::string language_tag(std::u32string_view text) {
    std::string out;
    for (const char32_t typed : text) {
        const auto c = plain(typed);
        if (is_minus(c) || c == U'_') out += '-';
        else if ((c >= U'a' && c <= U'z') || (c >= U'0' && c <= U'9')) out += static_cast<char>(c);
        else return {};
    }
    const bool is_tag = !words::language_code(out).empty() && out.size() <= longest_language &&
                        out.back() != '-';
    return is_tag ? out : std::string();
}

std::int64_t seconds_of(sys_days day) { return sys_seconds{day}.time_since_epoch().count(); }

}  // namespace

bool Scanner::ends_word(std::size_t at) const {
    return at == text_.size() || text_[at] == U' ' || is_bar(text_[at]);
}

/// Only where a word begins: anti-war is one.
bool Scanner::skip_minus() {
    const bool begins = at_ == 0 || ends_word(at_ - 1);
    if (!begins || !is_minus(text_[at_]) || ends_word(at_ + 1)) return false;
    while (at_ < text_.size() && is_minus(text_[at_])) ++at_;
    return true;
}

Scanner::Value Scanner::quoted() {
    const int kind = quote_kind(text_, at_);
    auto end = at_ + 1, any = text_.size();
    for (; end < text_.size() && quote_kind(text_, end) != kind; ++end)
        if (quote_kind(text_, end) != 0) any = std::min(any, end);
    // Of two kinds of quotes some keyboard makes a pair.
    if (end == text_.size()) end = any;
    Value out{cut(trimmed(text_.substr(at_ + 1, end - at_ - 1)), longest_phrase), true, false};
    at_ = std::min(end + 1, text_.size());
    for (; at_ < text_.size() && is_star(text_[at_]); ++at_) out.starred = true;
    return out;
}

Scanner::Value Scanner::unquoted() {
    const auto begin = at_;
    while (!ends_word(at_) && quote_kind(text_, at_) == 0) ++at_;
    const auto text = cut(text_.substr(begin, at_ - begin), longest_text);
    const auto bare = without_stars(text);
    return {bare, false, bare.size() < text.size()};
}

std::optional<Token> Scanner::filter(std::u32string_view name, std::u32string_view value) const {
    Token out;
    if (name == U"feed") {
        out.kind = Token::Kind::feed;
        out.value = encode(value);
        return out.value.empty() ? std::nullopt : std::optional(out);
    }
    if (name == U"lang" || name == U"language") {
        out.kind = Token::Kind::language;
        out.value = language_tag(value);
        return out.value.empty() ? std::nullopt : std::optional(out);
    }
    if (name != U"since" && name != U"until") return std::nullopt;
    const auto span = parse_days(value, today_);
    if (!span) return std::nullopt;
    const bool since = name == U"since";
    out.kind = since ? Token::Kind::since : Token::Kind::until;
    out.time = seconds_of(since ? span->first : span->last + days{1});
    return out;
}

/// None where the name is not known, or what is behind it cannot be its value.
std::optional<Token> Scanner::named(const Value& word, bool excluded) {
    const auto& text = word.text;
    const auto colon = static_cast<std::size_t>(
        std::find_if(text.begin(), text.end(), is_colon) - text.begin());
    if (colon == text.size()) return std::nullopt;
    const auto name = plain_text(text.substr(0, colon));
    const auto before = at_;
    Value value{text.substr(colon + 1), false, word.starred};
    if (value.text.empty() && at_ < text_.size() && quote_kind(text_, at_) != 0) value = quoted();
    std::optional<Token> out;
    if (const auto field = field_named(name)) {
        if (has_word(value.text)) {
            out = Token{excluded ? Token::Kind::without : Token::Kind::term};
            out->term = term_of(value.text, value.phrase, value.starred, *field);
        }
    } else if (!excluded) {
        out = filter(name, value.text);
    }
    if (!out) at_ = before;
    return out;
}

Token Scanner::next() {
    while (at_ < text_.size() && text_[at_] == U' ') ++at_;
    if (at_ == text_.size()) return {};
    if (is_bar(text_[at_])) {
        ++at_;
        return {Token::Kind::join};
    }
    const bool excluded = skip_minus();
    Token out{excluded ? Token::Kind::without : Token::Kind::term};
    if (at_ < text_.size() && quote_kind(text_, at_) != 0) {
        const auto phrase = quoted();
        out.term = term_of(phrase.text, true, phrase.starred, Term::Field::anywhere);
        return out;
    }
    auto word = unquoted();
    if (!excluded && word.text.size() == 2 && (word.text == U"OR" || word.text == U"ＯＲ")) {
        out.kind = Token::Kind::join;
        out.is_word = true;
        return out;
    }
    while (!word.text.empty() && is_minus(word.text.front())) word.text.remove_prefix(1);
    if (auto token = named(word, excluded)) return *token;
    out.term = term_of(word.text, false, word.starred, Term::Field::anywhere);
    return out;
}

}  // namespace colport::typed
