#include "query/describe.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>

#include "query/days.h"
#include "query/typed_text.h"

namespace colport {
namespace typed {
namespace {

const char* name_of(Term::Field field) {
    switch (field) {
        case Term::Field::title: return "title:";
        case Term::Field::author: return "author:";
        case Term::Field::tag: return "tag:";
        default: return "";
    }
}

bool has_quote(std::u32string_view text, int kind) {
    for (std::size_t i = 0; i < text.size(); ++i)
        if (quote_kind(text, i) == kind) return true;
    return false;
}

/// In quotes of a kind that it does not hold itself, where it needs any.
std::string quoted(const std::string& value) {
    struct Pair {
        int kind;
        const char *opening, *closing;
    };
    constexpr Pair pairs[] = {
        {1, "\"", "\""}, {2, "«", "»"}, {3, "‹", "›"}, {4, "「", "」"}, {5, "『", "』"}};
    const auto text = decode(value);
    const auto holds = [&](const Pair& pair) { return has_quote(text, pair.kind); };
    const bool is_word = !text.empty() && !is_star(text.back()) &&
                         std::none_of(text.begin(), text.end(), [](char32_t c) {
                             return c == U' ' || is_bar(c);
                         });
    if (is_word && std::none_of(std::begin(pairs), std::end(pairs), holds)) return value;
    // It stood in quotes itself, and these are not among its own.
    const auto* pair = std::find_if_not(std::begin(pairs), std::end(pairs), holds);
    if (pair == std::end(pairs)) return value;
    return pair->opening + value + pair->closing;
}

std::string date(std::int64_t time) {
    return day_text(std::chrono::floor<std::chrono::days>(
        std::chrono::sys_seconds{std::chrono::seconds{time}}));
}

}  // namespace

std::string describe(const Term& term) {
    const char* quote = term.phrase ? "\"" : "";
    return fmt::format("{}{}{}{}{}", name_of(term.field), quote, term.text, quote,
                       term.prefix ? "*" : "");
}

}  // namespace typed

std::string to_string(const ParsedQuery& query) {
    std::string out;
    const auto add = [&](std::string_view separator, const std::string& part) {
        if (!out.empty()) out += separator;
        out += part;
    };
    for (const auto& group : query.all)
        for (const auto& term : group)
            add(&term == &group.front() ? " " : " OR ", typed::describe(term));
    for (const auto& term : query.without) add(" ", '-' + typed::describe(term));
    // A query without words is not one for everything.
    if (!query.blank && out.empty()) out = "\"\"";
    if (!query.feed.empty()) add(" ", "feed:" + typed::quoted(query.feed));
    if (!query.language.empty()) add(" ", "lang:" + query.language);
    if (query.since) add(" ", "since:" + typed::date(*query.since));
    // The last day is part of what is typed.
    if (query.until) add(" ", "until:" + typed::date(*query.until - 1));
    return out;
}

}  // namespace colport
