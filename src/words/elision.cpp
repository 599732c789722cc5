#include "words/elision.h"

#include <algorithm>
#include <iterator>

namespace colport::words {
namespace {

constexpr std::string_view french[] = {"l", "d",  "qu",    "s",      "n",      "j",     "c",
                                       "m", "t",  "jusqu", "lorsqu", "puisqu", "quoiqu"};
constexpr std::string_view italian[] = {"l", "d", "un", "dell", "all", "dall", "nell", "sull",
                                        "s", "c", "m",  "t",    "v",   "gl",   "coll"};
constexpr std::string_view catalan[] = {"l", "d", "s", "n", "m", "t"};

}  // namespace

bool has_elision(std::string_view language) {
    return language == "fr" || language == "it" || language == "ca";
}

bool is_elided(std::string_view language, std::string_view word) {
    const auto among = [&](const auto& words) {
        return std::find(std::begin(words), std::end(words), word) != std::end(words);
    };
    if (language == "fr") return among(french);
    return language == "it" ? among(italian) : among(catalan);
}

bool ends_at_apostrophe(std::string_view language) {
    return language == "it" || language == "ca";
}

}  // namespace colport::words
