#pragma once

#include <string>
#include <vector>

#include "web/context.h"
#include "web/language.h"

/// Pieces of HTML that the pages share. Whatever comes from outside is escaped
/// here. Pure.
namespace colport::web {

struct Layout {
    std::string title;                 ///< plain text
    std::string main;                  ///< HTML
    const char* current = "";          ///< address of the entry of the menu that this is
    std::string words;                 ///< for the search field
};
/// A whole page.
std::string layout(const Context& context, const Layout& page);

/// ` lang="fa" dir="rtl"`; ` dir="auto"` for an unknown language.
std::string language_attributes(std::string_view language);

/// "rtl" or "ltr".
const char* direction_of(std::string_view language);

/// What the keys do, as a list.
std::string keys_html();

/// Escaped, and kept from turning its surroundings round.
std::string bdi(std::string_view text);

/// A `time` element with the date or the whole time in the article's zone.
std::string date_html(std::int64_t seconds, std::int32_t zone);
std::string time_html(std::int64_t seconds, std::int32_t zone);
/// "Saturday, 14 March 2026" where the article was published.
std::string day_name(std::int64_t seconds, std::int32_t zone);

/// The snippet with its marked words in `mark` elements.
std::string snippet_html(std::string_view snippet);

/// A mark where somebody else than the newsroom may have written it; else empty.
std::string doubt_html(const Hit& hit);

enum class When { time, date };
/// A list of hits; `when` says how much of the time each shows.
std::string hits_html(const Context& context, const std::vector<Hit>& hits, When when);

/// A button that does something (actions.h), with what it sends along.
using Fields = std::vector<std::pair<std::string, std::string>>;
std::string action_html(const Context& context, std::string_view action, const Fields& fields,
                        std::string_view label, std::string_view style = "");
/// What each form that acts begins with: its element and the token.
std::string form_begin(const Context& context, std::string_view action,
                       std::string_view attributes = "");
std::string hidden_field(std::string_view name, std::string_view value);
/// Of a search for all articles with one "author" or "tag", as HTML.
std::string search_address(const char* filter, const std::string& value);
/// A link, marked where it leads to what is shown.
std::string choice_html(const std::string& address, const std::string& name_html, bool current);

/// Links to the pages around `page`, from 1, of `pages`. `address` ends where
/// the page's number goes. Empty when there is one page.
std::string paging_html(std::size_t page, std::size_t pages, const std::string& address,
                        Text previous, Text next);

/// A short text under a heading, for a page that has nothing else to show.
/// `level` is the heading's.
std::string notice_html(std::string_view heading, std::string_view text, int level = 1);

/// The whole key in groups that two people can compare over a telephone.
std::string key_html(const PublicKey& key);
/// Rows of a `dl` with the key, its six words and its picture.
std::string fingerprint_html(const PublicKey& key);

/// A way out of a page that has nothing to show.
std::string back_html();

/// What the program itself says, which has no other language than English.
std::string detail_html(std::string text);

/// How a feed stands, in a sentence of plain text.
std::string state_text(const FeedView& view, std::int64_t now);

}  // namespace colport::web
