#include "cli/nearest.h"

#include <algorithm>
#include <utility>

namespace colport::cli {
namespace {

// Names of options are short; what is longer was no mistake for one.
constexpr std::size_t longest = 64;

/// Letters to insert, delete, replace or swap with a neighbour.
std::size_t distance(std::string_view one, std::string_view other) {
    std::vector<std::size_t> before_last, last(other.size() + 1), row(other.size() + 1);
    for (std::size_t j = 0; j <= other.size(); ++j) last[j] = j;
    for (std::size_t i = 1; i <= one.size(); ++i) {
        row[0] = i;
        for (std::size_t j = 1; j <= other.size(); ++j) {
            row[j] = std::min({last[j] + 1, row[j - 1] + 1,
                               last[j - 1] + (one[i - 1] == other[j - 1] ? 0 : 1)});
            if (i > 1 && j > 1 && one[i - 1] == other[j - 2] && one[i - 2] == other[j - 1])
                row[j] = std::min(row[j], before_last[j - 2] + 1);
        }
        before_last = std::exchange(last, row);
    }
    return last.back();
}

}  // namespace

std::string nearest(std::string_view typed, const std::vector<std::string>& known) {
    if (typed.empty() || typed.size() > longest) return {};
    std::string best;
    std::size_t least = std::max<std::size_t>(1, typed.size() / 3) + 1;
    for (const auto& name : known) {
        const auto mistakes = distance(typed, name);
        if (mistakes >= least) continue;
        least = mistakes;
        best = name;
    }
    if (!best.empty() || typed.size() < 3) return best;
    const auto begins = [&](const std::string& name) { return name.starts_with(typed); };
    const auto found = std::find_if(known.begin(), known.end(), begins);
    if (found == known.end() || std::any_of(found + 1, known.end(), begins)) return {};
    return *found;
}

}  // namespace colport::cli
