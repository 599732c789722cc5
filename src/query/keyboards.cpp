#include "query/keyboards.h"

#include <algorithm>

#include "query/layouts.h"
#include "query/typed_text.h"

namespace colport {
namespace {

using typed::Layout;

// Anything is a word of two letters somewhere.
constexpr std::size_t shortest_text = 3;

/// What the keys that write `text` on one keyboard write on the other.
std::optional<std::u32string> moved(std::u32string_view text, const Layout& from,
                                    const Layout& to) {
    std::u32string out;
    const auto& keys = from.characters;
    for (const char32_t c : text) {
        const auto key = std::find(keys.begin(), keys.end(), c);
        const auto other =
            c == U' ' ? c : key == keys.end() ? 0 : to.characters[std::size_t(key - keys.begin())];
        if (other == 0) return std::nullopt;
        out += other;
    }
    return out;
}

/// Of how many articles the rarest word of a text is a word.
std::uint64_t rarest(std::string_view text, WordSplitter& splitter, const HowCommon& how_common) {
    std::optional<std::uint64_t> out;
    splitter.split(text, "", [&](const Word& word) {
        if (word.beside) return;
        const auto count = how_common(word.form);
        out = std::min(out.value_or(count), count);
    });
    return out.value_or(0);
}

}  // namespace

std::vector<std::string> on_other_keyboards(std::string_view typed) {
    const auto text = typed::decode(typed);
    std::vector<std::string> out;
    if (text.empty()) return out;
    for (const auto& from : typed::layouts) {
        for (const auto& to : typed::layouts) {
            const auto other = moved(text, from, to);
            if (!other || *other == text) continue;
            auto encoded = typed::encode(*other);
            if (std::find(out.begin(), out.end(), encoded) == out.end())
                out.push_back(std::move(encoded));
        }
    }
    return out;
}

std::optional<std::string> correct_keyboard(std::string_view typed, WordSplitter& splitter,
                                            const HowCommon& how_common) {
    if (typed::decode(typed).size() < shortest_text) return std::nullopt;
    // Signs that are letters elsewhere part it: letters that stand alone are common.
    const auto own = rarest(typed, splitter, how_common);
    std::optional<std::string> best;
    std::uint64_t best_count = 0;
    for (auto& other : on_other_keyboards(typed)) {
        const auto count = rarest(other, splitter, how_common);
        if (count <= best_count || !may_be_mistaken(own, count)) continue;
        best_count = count;
        best = std::move(other);
    }
    return best;
}

}  // namespace colport
