#pragma once

#include <fmt/format.h>

#include <optional>
#include <string>
#include <vector>

#include "core/bytes.h"
#include "core/result.h"

namespace colport::cli {

/// The feed that `text` names: its name, or an unambiguous beginning of its key.
/// Each of `feeds` has a key, `feed`, and a `name`. Errors: not_found, invalid.
template <class Feed>
Result<PublicKey> choose_feed(const std::vector<Feed>& feeds, const std::string& text) {
    std::optional<PublicKey> found;
    for (const auto& feed : feeds) {
        const bool named = feed.name == text ||
                           (text.size() >= 4 && feed.feed.hex().starts_with(text));
        if (!named) continue;
        if (found)
            return Error{Errc::invalid, fmt::format("more than one feed is called {}", text),
                         "use its key: colport feeds --json"};
        found = feed.feed;
    }
    if (!found)
        return Error{Errc::not_found, fmt::format("no feed called {} is followed", text),
                     "list them: colport feeds"};
    return *found;
}

}  // namespace colport::cli
