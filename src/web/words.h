#pragma once

#include <utility>

#include "web/language.h"

/// Every sentence of the reading page. po/ has them in other languages; a test
/// keeps the two together. For translators: plain and warm words, as to somebody
/// who is afraid and in a hurry; {0} and {1} are filled in.
namespace colport::web::words {

inline constexpr const char* product = "Colport";

// The frame of every page.
inline constexpr Text latest = text("Latest");
inline constexpr Text feeds = text("Feeds");
inline constexpr Text starred = text("Starred");
inline constexpr Text settings = text("Settings");
inline constexpr Text search = text("Search");
inline constexpr Text search_label = text("Search all articles");
inline constexpr Text skip = text("Skip to the text");
inline constexpr Text main_menu = text("Main menu");
inline constexpr Text more = text("More");
inline constexpr Text help = text("Keys");
inline constexpr Text footer =
    text("This page comes from your own computer. What you read and search here stays on it.");

// Lists of articles.
inline constexpr Text all_feeds = text("All feeds");
inline constexpr Text undated = text("Without a date");
inline constexpr Text no_articles = text("No articles yet");
inline constexpr Text no_articles_hint =
    text("They appear here as soon as the first ones have arrived.");
inline constexpr Text no_feeds = text("You follow no feed yet");
inline constexpr Text no_feeds_hint =
    text("A newsroom gives out a link, a QR code, a file or a folder. That is all you need.");
inline constexpr Text untitled = text("Untitled");
inline constexpr Text unread_only = text("Unread only");
inline constexpr Text unread_too = text("Read ones too");
inline constexpr Text nothing_unread = text("You have read everything here");
inline constexpr Text is_read = text("read");
inline constexpr Text sections = text("Sections");
inline constexpr Text authors = text("Authors");
inline constexpr Text no_names = text("There is nothing to list yet");
inline constexpr Text names_hint = text("From the newest {0} articles.");
inline constexpr Text no_sections = text("No newsroom has sorted its articles into sections.");
inline constexpr Text no_stars = text("Nothing is starred yet");
inline constexpr Text no_stars_hint =
    text("Open an article and press the star. It is kept on this computer alone.");
inline constexpr Text gone_article = text("An article that is no longer in the archive");
inline constexpr Text history = text("History");
inline constexpr Text no_history = text("The history is empty");
inline constexpr Text no_history_hint = text("Articles that you open are listed here.");
inline constexpr Text history_is_off =
    text("It is turned off: nothing that you open is written down.");
inline constexpr Text history_of_session =
    text("Articles that you open are listed here until Colport stops. Nothing of it is written to "
         "the disk.");
inline constexpr Text browser_history =
    text("Your browser keeps a history of its own, with titles and searches: open this page in a "
         "private window.");
inline constexpr Text clear_history = text("Clear the history");
inline constexpr Text newer_page = text("Newer");
inline constexpr Text older_page = text("Older");
inline constexpr Text previous_page = text("Previous");
inline constexpr Text next_page = text("Next");
inline constexpr Text page_of = text("Page {0} of {1}");
inline constexpr Text past_the_end = text("There is nothing on this page");
inline constexpr Plural articles = plural("{0} article", "{0} articles");

// Search.
inline constexpr Text cut_short =
    text("There was more to look through than a search takes at once.");
inline constexpr Text search_older = text("Search older articles");
inline constexpr Text index_in_the_making =
    text("The archive is being indexed, and {0} of it is done: older articles may be missing here.");
inline constexpr Text not_whole =
    text("Not everything could be looked through: articles may be missing here.");
inline constexpr Text search_title = text("Search: {0}");
inline constexpr Text narrow = text("Narrow the search");
inline constexpr Text feed = text("Feed");
inline constexpr Text language_field = text("Language");
inline constexpr Text author = text("Author");
inline constexpr Text tag = text("Tag");
inline constexpr Text since = text_in("a day", "From");
inline constexpr Text until = text_in("a day", "To");
inline constexpr Text sort = text("Order");
inline constexpr Text sort_rank = text("Best match first");
inline constexpr Text sort_date = text("Newest first");
inline constexpr Text found_nothing = text("Nothing found");
inline constexpr Text found_nothing_hint =
    text("Try fewer words, or only the beginning of a word and a star: publi*");
inline constexpr Text found_nothing_new = text("Nothing found among the newer articles");
inline constexpr Text did_you_mean = text("Did you mean:");
inline constexpr Text searched_for = text("Searched for:");
inline constexpr Text search_hint =
    text("Articles are found that hold all words. More can be typed, and put together:");
inline constexpr Plural at_least = plural("at least {0} article", "at least {0} articles");
inline constexpr Plural more_than = plural("more than {0} article", "more than {0} articles");
inline constexpr Text saved_searches = text("Saved searches");
inline constexpr Text save_search = text("Save this search");
inline constexpr Text forget_search = text("Forget this search");
inline constexpr Text suggestions = text("Suggestions");
/// What can be typed, and what it finds. The words before the colons are the
/// same in all languages.
inline constexpr std::pair<const char*, Text> search_help[] = {
    {"\u201criver ferry\u201d", text("these words in a row")},
    {"ferry OR boat", text("one of them at least")},
    {"ferry -winter", text("nothing with the word after the minus")},
    {"publi*", text("all words that begin so")},
    {"title:ferry", text("in the title")},
    {"author:\u201cJane Doe\u201d", text("written by her")},
    {"tag:harbour", text("with this word in a tag")},
    {"lang:fa", text("in one language")},
    {"feed:\u201cHarbour Gazette\u201d", text("from one feed")},
    {"since:2026-03-05 until:2026-04",
     text("published from one day to another, or to the end of a month or year")},
    {"since:7d", text("in the last days; also 2w, 3m and 1y")},
};

// An article.
inline constexpr Text corrected_on = text("Corrected on {0}");
inline constexpr Text corrected = text("Corrected");
inline constexpr Text updated_on = text("updated {0}");
inline constexpr Plural reading_time = plural("{0} minute to read", "{0} minutes to read");
inline constexpr Text retracted = text("The newsroom has withdrawn this article");
inline constexpr Text key_withdrawn_doubtful =
    text("Careful: this article may not be by the newsroom. The key that signed it may have been "
         "in other hands since {0}, and the newsroom has withdrawn that key.");
inline constexpr Text key_unknown =
    text("Careful: this article may not be by the newsroom. The key that signed it is not in the "
         "newsroom's list of keys.");
inline constexpr Text key_withdrawn =
    text("The newsroom has since withdrawn the key that signed this article, because it may have "
         "come into other hands on {0}. The article is from before that day.");
inline constexpr Text key_withdrawn_why = text("The newsroom's words: {0}");
inline constexpr Text is_doubtful = text("may not be by the newsroom");
inline constexpr Text retracted_why = text("Its reason: {0}");
inline constexpr Text which_feed = text("More than one feed has such an article");
inline constexpr Text tags = text("Tags");
inline constexpr Text source = text("First published at");
inline constexpr Text source_hint =
    text("This address is text and no link, so that no click tells anybody what you read.");
inline constexpr Text source_ask = text("Make it a link");
inline constexpr Text save_as = text("Save as");
inline constexpr Text form_text = text("Text");
inline constexpr Text form_package = text("Signed file for Colport");
inline constexpr Text form_package_hint =
    text("The signed file proves whose words these are. Whoever opens it in Colport follows this "
         "feed; the articles that were published together with this one go along.");
inline constexpr Text newer_article = text("Newer");
inline constexpr Text older_article = text("Older");
inline constexpr Text star = text("Star");
inline constexpr Text unstar = text("Take the star away");
inline constexpr Text mark_unread = text("Mark as unread");
inline constexpr Text picture_not_here = text("A picture of {0} that is not on this computer yet");
inline constexpr Text fetch_pictures = text("Fetch the pictures");
inline constexpr Text pictures_coming =
    text("The pictures have been asked for. They show when you open the article again.");

// Feeds and the network.
inline constexpr Text state_current = text("Up to date");
inline constexpr Text state_fetching = text("Fetching what is new");
inline constexpr Text state_waiting = text("Waiting for the first articles");
inline constexpr Text state_forked =
    text("Stopped to be safe: two things that contradict each other both bear the newsroom's "
         "signature, so somebody else may have its key. Nothing new is taken in, and what is here "
         "stays readable. Ask the newsroom by another way, such as by phone or in print.");
inline constexpr Text state_revoked =
    text("Its newsroom has withdrawn keys ({0}). You need not do anything: only what its present "
         "keys sign is taken in.");
inline constexpr Plural stale = plural("Nothing new for {0} day; you may be cut off",
                                       "Nothing new for {0} days; you may be cut off");
inline constexpr Text news_by_hand =
    text("What is here stays readable, and news can also come from a friend or on a USB stick.");
inline constexpr Text looks_like =
    text("Careful: this feed is called like another one that you followed before it, {0}, but it "
         "has another key. Ask your newsroom for the six words of its key.");
inline constexpr Text key = text_in("of a feed", "Key");
inline constexpr Text articles_field = text("Articles");
inline constexpr Text release = text("Release");
inline constexpr Text released = text("{0}, signed {1}");
inline constexpr Text peers = text("Other readers connected");
inline constexpr Text received = text("Received");
inline constexpr Text sent = text("Sent");
inline constexpr Text part_of = text("{0} of {1}");
inline constexpr Text on_its_way = text("On its way");
inline constexpr Text fetching = text("{0} of {1} left, {2}");
inline constexpr Plural minutes_left = plural("about {0} minute", "about {0} minutes");
inline constexpr Text nothing_moves = text("nothing moves at the moment");
inline constexpr Text volumes = text("Volumes");
inline constexpr Text carriers = text("Ways to the newsroom");
inline constexpr Text carrier_door = text("Other readers");
inline constexpr Text carrier_dht = text("The DHT, a directory that all BitTorrent programs share");
inline constexpr Text carrier_mirror = text("Mirror");
inline constexpr Text carrier_tracker = text("Tracker");
inline constexpr Text carrier_directory = text("Folder");
inline constexpr Text carrier_off = text("not used");
inline constexpr Text carrier_trying = text("no answer yet");
inline constexpr Text carrier_works = text("works");
inline constexpr Text carrier_fails = text("does not work");
inline constexpr Text cut_off =
    text("Cut off since {0}: no way to the newsroom works.");
inline constexpr Text cut_off_never =
    text("Cut off: no way to the newsroom works.");
/// What to do where a way to the newsroom does not work.
inline constexpr Text advice = text("What you can do");
inline constexpr Text advice_door =
    text("No other reader answers: get a newer link from the newsroom, or from a friend who reads "
         "this feed.");
inline constexpr Text advice_dht =
    text("The DHT finds nobody: it may be blocked here. Mirrors, other readers or a USB stick do "
         "without it.");
inline constexpr Text advice_mirror =
    text("No mirror answers rightly: ask the newsroom for another address.");
inline constexpr Text advice_port =
    text("Nobody can connect to this computer: start Colport with another port.");
inline constexpr Text advice_none = text("Everything that is used works.");
inline constexpr Text network = text("Network");
inline constexpr Text mode = text("Mode");
inline constexpr Text mode_open = text("Open: by every way there is");
inline constexpr Text mode_proxy = text("Proxy: through a proxy or not at all");
inline constexpr Text mode_lan = text("LAN: with computers nearby only, no internet");
inline constexpr Text mode_offline = text("Offline: with nobody");
inline constexpr Text proxy = text("Address of the proxy");
inline constexpr Text change_mode = text("Change the mode");
inline constexpr Text pause = text("Pause: go offline");
inline constexpr Text resume = text("Resume");
inline constexpr Text look_now = text("Try every way now");
inline constexpr Text look_hint = text("Every way is being tried. Open this page again in a moment.");
inline constexpr Text index = text("Index");
inline constexpr Text indexing = text("{0} of {1} articles, {2}");
inline constexpr Text this_month = text("Traffic this month");
inline constexpr Text budget_spent =
    text("This month's traffic is used up: nothing is fetched or sent until the next month.");
inline constexpr Text since_start = text("{0} since the start");
inline constexpr Text pass_on = text("Pass it on, or copy it to a stick");
inline constexpr Text details = text("Details");
inline constexpr Text link = text("Link to pass on");
inline constexpr Text qr_hint = text("Or let somebody photograph this:");
inline constexpr Text link_file = text("The link as a file");
inline constexpr Text news_readers = text("For news and e-book readers on this computer");
inline constexpr Text books_by_day = text("A book for each day");
inline constexpr Text books_by_week = text("A book for each week");
inline constexpr Text week_of = text("Week of {0}");
inline constexpr Text unfollow = text("Stop following");
inline constexpr Text unfollow_sure =
    text("Stop following {0}? Its articles disappear from here.");
inline constexpr Text unfollow_files =
    text("Its files stay on the disk, so that nothing is fetched again if you come back, unless "
         "you erase them too.");
inline constexpr Text unfollow_erase = text("Stop following, and erase its files");
inline constexpr Text unfollow_yes = text("Yes, stop following");

// Following and carrying.
inline constexpr Text follow = text("Follow a feed");
inline constexpr Text follow_link = text("Paste the link, or the text of the QR code");
inline constexpr Text follow_file = text("Or choose a file, with the link or with articles");
inline constexpr Text follow_folder = text("Or the address of a folder, as on a USB stick");
inline constexpr Text follow_look = text("Look at it first");
inline constexpr Text follow_preview = text("Is this the feed that you want?");
inline constexpr Text follow_compare =
    text("Compare the key with what the newsroom prints, says on air or tells you in person. The "
         "name can be copied, the key cannot.");
/// Six words and a picture that follow from the key.
inline constexpr Text key_words = text("The key in words");
inline constexpr Text key_picture = text("The key as a picture");
inline constexpr Text take_in = text("Take these articles in");
inline constexpr Text follow_unnamed = text("Its name comes with the first release.");
inline constexpr Text follow_visible =
    text("Others in the feed's swarm can see that your address follows it, unless you use a proxy.");
inline constexpr Text follow_yes = text("Follow this feed");
inline constexpr Text followed_already = text("You follow this feed already");
inline constexpr Text addresses = text("Addresses in the link");
inline constexpr Text carry = text("Copy to a USB stick");
inline constexpr Text carry_start = text("Copy");
inline constexpr Text carry_running = text("Copying: {0} of {1} files");
inline constexpr Text carry_done = text("Copied: {0} files, {1}");
inline constexpr Text carry_failed = text("The copy failed: {0}");

// Settings.
inline constexpr Text looks = text("Looks");
inline constexpr Text text_size = text("Size of the text");
inline constexpr Text size_small = text("Small");
inline constexpr Text size_normal = text("Normal");
inline constexpr Text size_large = text("Large");
inline constexpr Text size_huge = text("Very large");
inline constexpr Text typeface = text("Letters of articles");
inline constexpr Text typeface_serif = text("With serifs");
inline constexpr Text typeface_sans = text("Without serifs");
inline constexpr Text colours = text("Colours");
inline constexpr Text colours_auto = text("As the device has them");
inline constexpr Text colours_light = text("Light");
inline constexpr Text colours_dark = text("Dark");
inline constexpr Text language_auto = text("As the browser asks");
inline constexpr Text traces = text("Traces");
inline constexpr Text keep_history = text("Remember which articles I opened");
inline constexpr Text keep_history_hint =
    text("This is what tells read from unread. What is on the disk can be found by whoever takes "
         "the computer.");
inline constexpr Text history_session = text("Only in memory, until Colport stops");
inline constexpr Text history_on = text("On the disk, until I clear it");
inline constexpr Text history_off = text("Not at all");
inline constexpr Text panic = text("Leave at once");
inline constexpr Text panic_hint =
    text("Pressing Esc three times, or the link below each page, leaves for a harmless page.");
inline constexpr Text panic_leave = text("Only leave");
inline constexpr Text panic_forget = text("Leave, and forget history, stars, searches and settings");
inline constexpr Text panic_purge =
    text("Leave, delete everything that Colport keeps here, and stop it");
inline constexpr Text purge_hint =
    text("Deleted files can often be recovered from a disk that is not encrypted, and other "
         "readers may have seen that you follow a feed.");
inline constexpr Text panic_link = text("Leave");
inline constexpr Text save = text("Save");
inline constexpr Text saved = text("Saved");

// The keyboard.
inline constexpr Text keys = text("What the keys do");
inline constexpr Text key_next = text("next article");
inline constexpr Text key_previous = text("previous article");
inline constexpr Text key_open = text("open the article");
inline constexpr Text key_star = text("star it, or take the star away");
inline constexpr Text key_read = text("mark it as read or unread");
inline constexpr Text key_search = text("search");
inline constexpr Text key_help = text("show this help");
inline constexpr Text key_leave = text("three times: leave at once");
inline constexpr Text close = text("Close");

// The harmless page.
inline constexpr Text kitchen_title = text("Kitchen measures");
inline constexpr Text kitchen_cup = text("One cup of");
inline constexpr Text kitchen_flour = text("Flour");
inline constexpr Text kitchen_sugar = text("Sugar");
inline constexpr Text kitchen_rice = text("Rice");
inline constexpr Text kitchen_butter = text("Butter");
inline constexpr Text kitchen_milk = text("Milk");
inline constexpr Text kitchen_honey = text("Honey");

// What goes wrong.
inline constexpr Text error_400 = text("That does not work");
inline constexpr Text error_403 = text("Not allowed");
inline constexpr Text error_404 = text("Not here");
inline constexpr Text error_405 = text("This page is for reading only");
inline constexpr Text error_500 = text("Something went wrong");
inline constexpr Text error_503 = text("Not available now");
inline constexpr Text no_such_page = text("There is no page at this address.");
inline constexpr Text no_such_article = text("This article is not in the archive.");
inline constexpr Text old_form =
    text("This form was too old. Go back, open the page anew, and try again.");
inline constexpr Text back = text("Go to the latest articles");

}  // namespace colport::web::words
