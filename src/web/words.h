#pragma once

#include <fmt/format.h>

#include <cstdint>
#include <string>
#include <utility>

/// Every sentence of the reading page, so that another language is another
/// version of this file. Plain text: escaped where it is shown. What stands in
/// braces is filled in by fmt.
namespace colport::web::words {

inline constexpr const char* language = "en";
inline constexpr const char* product = "Colport";

inline constexpr const char* latest = "Latest";
inline constexpr const char* feeds = "Feeds";
inline constexpr const char* search = "Search";
inline constexpr const char* search_label = "Search all articles";
inline constexpr const char* skip = "Skip to the text";
inline constexpr const char* footer =
    "This page comes from your own computer. What you read and search here stays on it.";

inline constexpr const char* all_feeds = "All feeds";
inline constexpr const char* undated = "Without a date";
inline constexpr const char* no_articles = "No articles yet";
inline constexpr const char* no_articles_hint =
    "They appear here as soon as the first ones have arrived.";
inline constexpr const char* no_feeds = "You follow no feed yet";
inline constexpr const char* no_feeds_hint =
    "A newsroom gives out a link, a QR code or a folder. In a terminal, type: colport follow LINK";
inline constexpr const char* untitled = "Untitled";

inline constexpr const char* newer_page = "Newer";
inline constexpr const char* older_page = "Older";
inline constexpr const char* previous_page = "Previous";
inline constexpr const char* next_page = "Next";
inline constexpr const char* page_of = "Page {} of {}";
inline constexpr const char* cut_short =
    "There was more to look through than a search takes at once.";
inline constexpr const char* search_older = "Search older articles";
inline constexpr const char* index_in_the_making =
    "The archive is being indexed, and {} % of it is done: older articles may be missing here.";
inline constexpr const char* not_whole =
    "Not everything could be looked through: articles may be missing here.";
inline constexpr const char* past_the_end = "There is nothing on this page";

inline constexpr const char* search_title = "Search: {}";
inline constexpr const char* narrow = "Narrow the search";
inline constexpr const char* feed = "Feed";
inline constexpr const char* language_field = "Language";
inline constexpr const char* language_example = "en, fa, zh";
inline constexpr const char* since = "From";
inline constexpr const char* until = "To";
inline constexpr const char* sort = "Order";
inline constexpr const char* sort_rank = "Best match first";
inline constexpr const char* sort_date = "Newest first";
inline constexpr const char* found_nothing = "Nothing found";
inline constexpr const char* found_nothing_hint =
    "Try fewer words, or only the beginning of a word and a star: publi*";
inline constexpr const char* found_nothing_new = "Nothing found among the newer articles";
inline constexpr const char* did_you_mean = "Did you mean:";
inline constexpr const char* searched_for = "Searched for:";
inline constexpr const char* search_hint =
    "Articles are found that hold all words. More can be typed, and put together:";
/// What can be typed, and what it finds. The words before the colons are the
/// same in all languages.
inline constexpr std::pair<const char*, const char*> search_help[] = {
    {"\u201criver ferry\u201d", "these words in a row"},
    {"ferry OR boat", "one of them at least"},
    {"ferry -winter", "nothing with the word after the minus"},
    {"publi*", "all words that begin so"},
    {"title:ferry", "in the title"},
    {"author:\u201cJane Doe\u201d", "written by her"},
    {"tag:harbour", "with this word in a tag"},
    {"lang:fa", "in one language"},
    {"feed:\u201cHarbour Gazette\u201d", "from one feed"},
    {"since:2026-03-05 until:2026-04", "published from one day to another, or to the end of a month "
                                       "or year"},
    {"since:7d", "in the last days; also 2w, 3m and 1y"},
};

inline constexpr const char* corrected_on = "Corrected on {}";
inline constexpr const char* corrected = "Corrected";
inline constexpr const char* updated_on = "updated {}";
inline constexpr const char* which_feed = "More than one feed has such an article";
inline constexpr const char* tags = "Tags";
inline constexpr const char* source = "First published at";
inline constexpr const char* save_as = "Other forms";
inline constexpr const char* form_text = "Text";
inline constexpr const char* form_markdown = "Markdown";
inline constexpr const char* form_json = "JSON";
inline constexpr const char* newer_article = "Newer";
inline constexpr const char* older_article = "Older";

inline constexpr const char* state_current = "Up to date";
inline constexpr const char* state_fetching = "Fetching what is new";
inline constexpr const char* state_waiting = "Waiting for the first articles";
inline constexpr const char* state_forked =
    "Stopped: two different releases carry the same number, so the key may be in other hands. "
    "Ask the newsroom over another channel.";
inline constexpr const char* key = "Key";
inline constexpr const char* articles_field = "Articles";
inline constexpr const char* release = "Release";
inline constexpr const char* released = "{}, signed {}";
inline constexpr const char* peers = "Peers";
inline constexpr const char* received = "Received";
inline constexpr const char* sent = "Sent";
inline constexpr const char* part_of = "{} of {}";
inline constexpr const char* on_its_way = "On its way";
inline constexpr const char* fetching = "{} of {} left, {}";
inline constexpr const char* minutes_left = "about {} min";
inline constexpr const char* nothing_moves = "nothing moves at the moment";
inline constexpr const char* volumes = "Volumes";
inline constexpr const char* carriers = "Ways to the newsroom";
inline constexpr const char* carrier_door = "Other readers";
inline constexpr const char* carrier_dht = "DHT";
inline constexpr const char* carrier_mirror = "Mirror";
inline constexpr const char* carrier_tracker = "Tracker";
inline constexpr const char* carrier_directory = "Folder";
inline constexpr const char* carrier_off = "not used";
inline constexpr const char* carrier_trying = "no answer yet";
inline constexpr const char* carrier_works = "works";
inline constexpr const char* carrier_fails = "does not work";
inline constexpr const char* cut_off =
    "Cut off since {}: no way to the newsroom works. What is here stays readable.";
inline constexpr const char* cut_off_never =
    "Cut off: no way to the newsroom works. In a terminal, colport doctor says more.";
inline constexpr const char* mode = "Mode";
inline constexpr const char* index = "Index";
inline constexpr const char* indexing = "{} of {} articles, {} %";
inline constexpr const char* this_month = "Traffic this month";
inline constexpr const char* budget_spent =
    "The month's budget of bytes is spent: nothing is fetched or sent until the next month.";
inline constexpr const char* link = "Link to pass on";
inline constexpr const char* since_start = "{} since the daemon started";

inline constexpr const char* error_400 = "That does not work";
inline constexpr const char* error_403 = "Not allowed";
inline constexpr const char* error_404 = "Not here";
inline constexpr const char* error_405 = "This page is for reading only";
inline constexpr const char* error_500 = "Something went wrong";
inline constexpr const char* error_503 = "Not available now";
inline constexpr const char* no_such_page = "there is no page at this address";
inline constexpr const char* no_such_article = "this article is not in the archive";
inline constexpr const char* no_such_picture = "this picture is not in the archive";
inline constexpr const char* back = "Go to the latest articles";
inline constexpr const char* wrong_host =
    "This address is not how the reading page is reached. Type the address that the daemon "
    "printed, for example http://127.0.0.1:8080/\n";

inline constexpr const char* weekdays[] = {"Sunday",   "Monday", "Tuesday", "Wednesday",
                                           "Thursday", "Friday", "Saturday"};
inline constexpr const char* months[] = {"January",   "February", "March",    "April",
                                         "May",       "June",     "July",     "August",
                                         "September", "October",  "November", "December"};
inline constexpr const char* day = "{weekday}, {day} {month} {year}";

inline std::string count(std::uint64_t number, const char* one, const char* many) {
    return fmt::format("{} {}", number, number == 1 ? one : many);
}
inline std::string article_count(std::uint64_t number) {
    return count(number, "article", "articles");
}
inline std::string at_least(std::uint64_t number) {
    return fmt::format("at least {}", article_count(number));
}
inline std::string more_than(std::uint64_t number) {
    return fmt::format("more than {}", article_count(number));
}
inline std::string stale(std::int64_t days) {
    return fmt::format("Nothing new for {}; you may be cut off",
                       count(static_cast<std::uint64_t>(days), "day", "days"));
}

}  // namespace colport::web::words
