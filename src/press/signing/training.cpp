#include "press/signing/training.h"

#include <charconv>

namespace colport::training {
namespace {

/// The release that brought a file: the one that put it in another's place, if one did.
std::uint64_t brought_by(std::string_view name) {
    const auto rest = name.substr(std::min(place_of(name).size() + 1, name.size()));
    std::uint64_t again = 0;
    const bool reissued =
        std::from_chars(rest.data(), rest.data() + rest.size(), again).ec == std::errc();
    return reissued ? again : release_of(name);
}

}  // namespace

Result<std::uint64_t> text_when_made(const FeedDirectory& directory, const SignedRecords& state,
                                     const TextOfReleases& text, const Sha256& dictionary) {
    for (const auto& volume : volumes_of(state)) {
        const auto info = COLPORT_TRY(load_info(directory, volume, state.feed));
        for (const auto& file : info.files)
            if (file.sha256 == dictionary) return sum_of(text, brought_by(file.name));
    }
    return std::uint64_t{0};
}

}  // namespace colport::training
