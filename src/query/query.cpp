#include "query/query.h"

#include <chrono>

#include "query/describe.h"
#include "query/scanner.h"
#include "query/typed_text.h"

namespace colport {
namespace {

using typed::Token;
using Kind = Token::Kind;

/// Puts tokens together, up to the bounds.
class Assembly {
public:
    explicit Assembly(ParsedQuery& out) : out_(out) {}

    /// False when the bounds are reached: nothing more counts.
    bool add(const Token& token) {
        switch (token.kind) {
            case Kind::term: return add_term(token.term);
            case Kind::without: return add_without(token.term);
            case Kind::join: return join(token.is_word);
            default: return settle() && add_filter(token);
        }
    }

    /// What an OR before the end means.
    bool settle() {
        const bool is_text = joins_ && joins_by_word_;
        joins_ = joins_by_word_ = false;
        joinable_ = false;
        return !is_text || add_or();
    }

private:
    bool join(bool is_word) {
        out_.blank = false;
        if (joinable_) {
            joins_ = true;
            joins_by_word_ = joins_by_word_ || is_word;
            return true;
        }
        return !is_word || add_or();
    }

    bool add_or() { return add_term(Term{"or"}); }

    bool add_term(const Term& term) {
        out_.blank = false;
        if (!has_word(term)) return true;
        if (!fits(term)) return false;
        if (joins_) out_.all.back().push_back(term);
        else out_.all.push_back({term});
        joins_ = joins_by_word_ = false;
        joinable_ = true;
        return true;
    }

    bool add_without(const Term& term) {
        out_.blank = false;
        if (!has_word(term)) return true;
        if (!settle() || !fits(term)) return false;
        out_.without.push_back(term);
        return true;
    }

    bool add_filter(const Token& token) {
        ParsedQuery alone;
        switch (token.kind) {
            case Kind::feed: alone.feed = token.value; break;
            case Kind::language: alone.language = token.value; break;
            case Kind::since: alone.since = token.time; break;
            default: alone.until = token.time; break;
        }
        if (!spend(to_string(alone).size())) return false;
        if (!alone.feed.empty()) out_.feed = alone.feed;
        if (!alone.language.empty()) out_.language = alone.language;
        if (alone.since) out_.since = alone.since;
        if (alone.until) out_.until = alone.until;
        return true;
    }

    static bool has_word(const Term& term) { return typed::has_word(typed::decode(term.text)); }

    bool fits(const Term& term) {
        return ++terms_ <= most_terms && spend(typed::describe(term).size());
    }

    /// The description of a query must not be longer than a query.
    bool spend(std::size_t size) {
        constexpr std::size_t around = 4, nothing = 4;  // " OR ", and `"" `
        spent_ += size + around;
        return spent_ + nothing <= longest_query;
    }

    ParsedQuery& out_;
    std::size_t terms_ = 0, spent_ = 0;
    bool joinable_ = false;  ///< an OR here would have something before it
    bool joins_ = false, joins_by_word_ = false;
};

}  // namespace

ParsedQuery parse_query(std::string_view typed, std::int64_t now) {
    const std::chrono::sys_seconds time{std::chrono::seconds{now}};
    const auto text = typed::decode(typed.substr(0, longest_query));
    typed::Scanner scanner(text, std::chrono::floor<std::chrono::days>(time));
    ParsedQuery out;
    Assembly assembly(out);
    for (auto token = scanner.next(); token.kind != Kind::end; token = scanner.next())
        if (!assembly.add(token)) return out;
    assembly.settle();
    return out;
}

ParsedQuery parse_query(std::string_view typed) {
    const auto now = std::chrono::system_clock::now().time_since_epoch();
    return parse_query(typed, std::chrono::duration_cast<std::chrono::seconds>(now).count());
}

}  // namespace colport
