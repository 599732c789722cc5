#pragma once

#include <algorithm>
#include <cstdint>
#include <optional>

#include "core/limits.h"
#include "press/catalogue.h"

/// When a feed gets a compression dictionary, how large, and from how much text.
namespace colport::training {

// A hundred articles train a dictionary that makes those to come smaller.
inline constexpr std::size_t enough_articles = 100;
inline constexpr std::size_t most_articles = 3000;
// Zstandard packs every sample to count what is frequent: 4 MiB a second.
inline constexpr std::size_t most_bytes = 6 * limits::mib;
// What a dictionary costs everybody once it must save in articles, in those to come too:
// with a sixteenth of the text, releases of fifty articles take 3% less than with a
// thirtieth, and so does a feed of 2 to 20 MB at once.
inline constexpr std::size_t smallest = 112'640;
inline constexpr std::size_t largest = limits::mib;
inline constexpr std::size_t text_for_a_byte = 16;
// Replacing one that is half as large as it should be makes three until it is the largest.
inline constexpr std::size_t grown_enough = 2;
// What a newsroom writes about changes: after that, the largest saves a tenth less than
// one of newer articles, which costs a twentieth of what it saves.
inline constexpr std::size_t aged_enough = 4;

/// Every how many of so many articles one is trained on.
inline std::size_t step_for(std::uint64_t text, std::size_t articles) {
    return static_cast<std::size_t>(
        std::max<std::uint64_t>(text / most_bytes, articles / most_articles) + 1);
}

/// Those of the articles published before that are trained on beside `taken` articles of
/// `taken_text` bytes of the release; nothing: none. Half of what there is room for is the
/// newest, which those to come are most like, half is taken evenly from the older:
/// releases of fifty articles take 2% less than with all taken evenly.
inline std::optional<Sampling> older_articles(std::uint64_t taken_text, std::size_t taken,
                                              std::uint64_t text, std::size_t articles) {
    if (taken_text >= most_bytes || taken >= most_articles) return {};
    const auto room = most_bytes - taken_text;
    const auto places = most_articles - taken;
    if (text <= room && articles <= places) return Sampling{};
    Sampling out{1, room / 2, places / 2};
    const auto older = text - std::min(text, out.newest_bytes);
    const auto others = articles - std::min(articles, out.newest_articles);
    out.step = static_cast<std::size_t>(
        std::max<std::uint64_t>(older / (room - out.newest_bytes), others / (places - out.newest_articles)) + 1);
    return out;
}

/// The size of the dictionary of a feed with so much text.
inline std::size_t wanted_size(std::uint64_t text) {
    // Short posts need not all stand in it.
    const auto least = std::min<std::uint64_t>(smallest, text / 4);
    return static_cast<std::size_t>(
        std::clamp<std::uint64_t>(text / text_for_a_byte, least, largest));
}

/// What a dictionary that is trained now may have, and what it must have to be worth its
/// bytes, about; no size: it is not time.
struct Due {
    std::size_t size = 0, least = 0;
};
/// Of a feed with so much text that has a dictionary of `held` bytes, and had `tried` of
/// text when training was last tried.
inline Due due(std::uint64_t text, std::size_t held, std::uint64_t tried) {
    const auto size = wanted_size(text);
    // What was too alike or too short takes as long to be found so again.
    if (text / grown_enough < tried) return {};
    // It may have come out smaller than it was to be, and will again.
    const bool aged =
        text / aged_enough >= std::max<std::uint64_t>(tried, held * text_for_a_byte);
    const auto least = aged ? held : grown_enough * held;
    return size >= least ? Due{size, least} : Due{};
}

/// The text that the feed had with the release that brought this dictionary, as far as it
/// is there yet: it tells the same on every machine. 0: none brought it. Errors: those of
/// load_info.
Result<std::uint64_t> text_when_made(const FeedDirectory& directory, const SignedRecords& state,
                                     const TextOfReleases& text, const Sha256& dictionary);

}  // namespace colport::training
