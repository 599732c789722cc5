#include "press/signing/paper.h"

#include <fmt/format.h>

#include "core/spoken.h"

namespace colport {
namespace {

constexpr std::size_t seed_bytes = 32;
constexpr std::size_t check_bytes = 4;

std::string check_of(Bytes seed) {
    std::string hashed = "colport paper v1\n" + std::string(seed);
    auto out = sha256(hashed).str().substr(0, check_bytes);
    wipe(hashed);
    return out;
}

}  // namespace

std::string paper_words(const SigningKey& key) {
    auto bytes = std::string(key.seed().view()) + check_of(key.seed().view());
    auto out = to_spoken(bytes);
    wipe(bytes);
    return out;
}

Result<SigningKey> key_of_paper(std::string_view words) {
    auto bytes = from_spoken(words);
    if (!bytes)
        return Error{Errc::invalid, "these are not words of a key on paper",
                     "each has five letters: b d f g h j k l m n p r s t v z in the first, third and "
                     "fifth place, a i o u in the second and fourth"};
    if (bytes->size() != seed_bytes + check_bytes) {
        const auto count = bytes->size() / 2;
        wipe(*bytes);
        return Error{Errc::invalid, fmt::format("a key on paper has 18 words, and these are {}", count)};
    }
    const bool good = check_of(Bytes(*bytes).substr(0, seed_bytes)) == bytes->substr(seed_bytes);
    auto seed = Secret::copy(Bytes(*bytes).substr(0, seed_bytes));
    wipe(*bytes);
    if (!good)
        return Error{Errc::invalid, "one of the words is wrong, or two changed places",
                     "compare them with the paper once more, letter by letter"};
    return SigningKey::from_seed(std::move(seed));
}

}  // namespace colport
