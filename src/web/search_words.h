#pragma once

#include <string>

#include "web/context.h"

namespace colport::web {

/// A search as the page shows it: whole in the search field, so that the next
/// search is narrowed as this one is, and taken apart in the fields that narrow.
struct SearchWords {
    std::string whole;
    std::string rest;                ///< without what the fields say
    std::optional<PublicKey> feed;
    std::string language;
    std::string since, until;        ///< the first and the last day, as 2026-03-14
    [[nodiscard]] bool narrowed() const {
        return feed || !language.empty() || !since.empty() || !until.empty();
    }
};

/// Of `query` as query_parameters() reads it. What its fields say goes before
/// what is typed. Text stays as typed where nothing narrows it.
SearchWords search_words(const Context& context, const std::vector<FeedView>& feeds,
                         const Query& query);

/// What is understood of a text, for a person who wonders what was searched for.
std::string understood(const Context& context, const std::string& typed);

/// A list of what can be typed, with examples.
std::string search_help_html();

}  // namespace colport::web
