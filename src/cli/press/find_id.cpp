#include "cli/press/find_id.h"

#include <fmt/format.h>

#include <algorithm>

namespace colport::cli {
namespace {

constexpr std::size_t shortest_id = 4;

}  // namespace

Result<ArticleId> find_id(const std::vector<ArticleId>& ids, const std::string& typed,
                          const char* what) {
    std::string wanted = typed;
    std::transform(wanted.begin(), wanted.end(), wanted.begin(),
                   [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
    if (wanted.size() < shortest_id ||
        wanted.find_first_not_of("0123456789abcdef") != wanted.npos)
        return Error{Errc::invalid, fmt::format("\"{}\" is no id", typed),
                     "an id, or its first four digits and more, as colport-press drafts and "
                     "colport latest print it"};
    std::vector<ArticleId> found;
    for (const auto& id : ids)
        if (id.hex().starts_with(wanted)) found.push_back(id);
    if (found.size() == 1) return found.front();
    if (found.empty())
        return Error{Errc::not_found, fmt::format("no {} has the id {}", what, typed)};
    return Error{Errc::invalid, fmt::format("{} ids begin with {}", found.size(), typed),
                 "type more of it"};
}

}  // namespace colport::cli
