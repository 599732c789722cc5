#include "cli/reader/show.h"

#include <fmt/format.h>
#include <unistd.h>

#include <cstdlib>
#include <nlohmann/json.hpp>

#include "cli/terminal.h"

namespace colport::cli {
namespace {

using nlohmann::json;

std::string raw_text(const json& object, const char* key) {
    const auto found = object.find(key);
    return found != object.end() && found->is_string() ? found->get<std::string>() : "";
}

std::string text_of(const json& object, const char* key) { return one_line(raw_text(object, key)); }

std::string day_of(const json& object, const char* key) { return text_of(object, key).substr(0, 10); }

bool colours() { return ::isatty(1) != 0 && std::getenv("NO_COLOR") == nullptr; }

std::string strong(const std::string& text) {
    return colours() ? "\033[1m" + text + "\033[0m" : text;
}

// Matches are counted as far as this; below it the work was what ended the count.
constexpr std::uint64_t most_counted = 10'000;

/// "45", "more than 10000" or "at least 45, cut short".
std::string total_text(const json& page) {
    const auto total = page.value("total", std::uint64_t{0});
    if (page.value("total_is_exact", true)) return std::to_string(total);
    if (total >= most_counted) return fmt::format("more than {}", total);
    return fmt::format("at least {}{}", total, page.value("partial", false) ? ", cut short" : "");
}

/// What a search may have missed, and how to go on.
void say_what_is_missing(const json& page) {
    if (!page.value("partial", false)) return;
    if (const auto next = page.value("next", json()); next.is_number()) {
        say(fmt::format("hint: to search older articles, add --before {}\n",
                        next.get<std::int64_t>()));
        return;
    }
    if (const auto index = page.value("index", json()); index.is_object())
        say(fmt::format("the archive is being indexed ({} %): older articles may be missing\n",
                        index.value("percent", 0)));
    else say("not everything could be looked through: articles may be missing\n");
}

void say_what_was_meant(const json& page) {
    const auto meant = page.value("did_you_mean", json());
    if (meant.is_object()) say(fmt::format("did you mean: {}\n", text_of(meant, "query")));
}

void show_withdrawn_key(const json& article) {
    const auto key = article.value("withdrawn_key", json());
    if (!key.is_object()) return;
    const auto since = day_of(key, "since");
    if (since.empty()) {
        fmt::print("[CAREFUL: this article may not be by the newsroom. The key that signed it is "
                   "not in the newsroom's list of keys.]\n");
        return;
    }
    if (key.value("doubtful", false))
        fmt::print("[CAREFUL: this article may not be by the newsroom. The key that signed it may "
                   "have been in other hands since {}, and the newsroom has withdrawn that key",
                   since);
    else
        fmt::print("[The newsroom has since withdrawn the key that signed this article, because it "
                   "may have come into other hands on {}. The article is from before that day",
                   since);
    const auto reason = text_of(key, "reason");
    fmt::print("{}]\n", reason.empty() ? "." : ". Its words: " + reason);
}

}  // namespace

std::string json_text(const json& value) {
    return value.dump(-1, ' ', false, json::error_handler_t::replace);
}

std::string snippet_line(const json& hit, bool colours) {
    const auto text = raw_text(hit, "snippet");
    const auto marks = hit.find("marked");
    if (!colours || marks == hit.end()) return one_line(text);
    std::string out;
    std::size_t at = 0;
    for (const auto& mark : *marks) {
        const std::size_t begin = mark.at(0), end = mark.at(1);
        if (begin < at || end < begin || end > text.size()) continue;
        out += one_line(std::string_view(text).substr(at, begin - at));
        out += "\033[1m" + one_line(std::string_view(text).substr(begin, end - begin)) + "\033[0m";
        at = end;
    }
    return out + one_line(std::string_view(text).substr(at));
}

void show_hits(const json& page) {
    for (const auto& hit : page.at("hits")) {
        fmt::print("{}  {}  {}\n", text_of(hit, "id").substr(0, 12), day_of(hit, "published"),
                   strong(text_of(hit, "title")));
        const auto snippet = snippet_line(hit, colours());
        if (!snippet.empty()) fmt::print("    {}\n", snippet);
        if (const auto key = hit.value("withdrawn_key", json());
            key.is_object() && key.value("doubtful", false))
            fmt::print("    CAREFUL: this article may not be by the newsroom; colport read says more\n");
    }
    const auto total = page.value("total", std::uint64_t{0});
    const auto shown = page.at("hits").size();
    if (total == 0)
        say(page.value("next", json()).is_number() ? "nothing found among the newer articles\n"
                                                   : "nothing found\n");
    else if (shown < total || !page.value("total_is_exact", true))
        say(fmt::format("{} shown of {}\n", shown, total_text(page)));
    say_what_was_meant(page);
    say_what_is_missing(page);
}

void warn_of_look_alike(const json& feed) {
    const auto other = text_of(feed, "looks_like");
    if (other.empty()) return;
    fmt::print(stderr,
               "CAREFUL: the feed {} calls itself \"{}\", and so does {}, which you followed first, "
               "or nearly so.\nThey are not by the same publisher. Ask yours for the six words of "
               "its key; those of the new one are\n  {}\nhint: colport unfollow {}\n",
               text_of(feed, "feed").substr(0, 16), text_of(feed, "name"), other.substr(0, 16),
               text_of(feed, "words"), text_of(feed, "feed").substr(0, 16));
}

namespace {

/// What "forked" and "stale" mean for her, and what to do.
void explain_state(const json& feed) {
    const auto name = text_of(feed, "name"), state = text_of(feed, "state");
    if (state == "forked")
        fmt::print(stderr,
                   "CAREFUL: {} has stopped to be safe: two things that contradict each other both bear "
                   "its signature, so somebody else may have its key. Nothing new is taken in, and what "
                   "is here stays readable.\nhint: ask the newsroom by another way, such as by phone or "
                   "in print; colport status says more\n",
                   name);
    if (state == "stale")
        fmt::print(stderr,
                   "{}: nothing new since {}, which is longer than the newsroom promised: you may be cut "
                   "off. What is here stays readable.\nhint: colport doctor says which ways to the "
                   "newsroom work; colport import takes news from a USB stick\n",
                   name, day_of(feed, "released"));
}

}  // namespace

void show_feeds(const json& feeds) {
    for (const auto& feed : feeds)
        fmt::print("{}  {:8}  release {:<5}  {:>6} articles  {}\n",
                   text_of(feed, "feed").substr(0, 16), text_of(feed, "state"),
                   feed.value("seq", std::uint64_t{0}), feed.value("articles", std::uint64_t{0}),
                   strong(text_of(feed, "name")));
    for (const auto& feed : feeds) {
        explain_state(feed);
        warn_of_look_alike(feed);
    }
    if (feeds.empty()) fmt::print(stderr, "no feed is followed\nhint: colport follow LINK\n");
}

void show_article(const json& article) {
    fmt::print("{}\n", strong(text_of(article, "title")));
    std::string line = text_of(article, "feed_name");
    for (const auto& author : article.at("authors"))
        line += ", " + one_line(author.get<std::string>());
    const auto published = text_of(article, "published");
    if (!published.empty()) line += ", " + published.substr(0, 10);
    fmt::print("{}\n", line);
    if (const auto note = text_of(article, "note"); !note.empty()) fmt::print("[{}]\n", note);
    show_withdrawn_key(article);
    fmt::print("\n{}\n", printable(raw_text(article, "text")));
    if (const auto url = text_of(article, "url"); !url.empty()) fmt::print("\n{}\n", url);
}

}  // namespace colport::cli
