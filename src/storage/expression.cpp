#include "storage/expression.h"

#include <fmt/format.h>

#include "storage/tokenizer.h"

namespace colport::fts {

std::string quoted(std::string_view token) {
    std::string out = "\"";
    for (const char c : token) {
        // Of what a reader names nothing may part a token in two: a phrase is an error.
        if (c == tokenizer::separator) continue;
        if (c == '"') out += '"';
        out += c;
    }
    return out + '"';
}

std::string in(const std::vector<std::string>& languages, const std::string& expression) {
    std::string tokens;
    for (const auto& language : languages)
        tokens = any(tokens, fts::quoted(token::of(token::language, language)));
    return tokens.empty() ? expression : all({expression, tokens});
}

std::string any(const std::string& first, const std::string& second) {
    if (first.empty() || first == second) return second;
    return second.empty() ? first : first + " OR " + second;
}

std::string all(const std::vector<std::string>& operands) {
    if (operands.size() == 1) return operands.front();
    // Flat: FTS5 takes no deep nests.
    std::string out;
    for (const auto& operand : operands) {
        if (operand.empty()) return {};
        out += fmt::format("{}({})", out.empty() ? "" : " AND ", operand);
    }
    return out;
}

std::string but(const std::string& first, const std::string& second) {
    if (first.empty() || second.empty()) return first;
    return fmt::format("({}) NOT ({})", first, second);
}

}  // namespace colport::fts
