#include "cli/show.h"

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
    }
    const auto total = page.value("total", std::uint64_t{0});
    const auto shown = page.at("hits").size();
    if (shown < total) fmt::print(stderr, "{} of {} shown\n", shown, total);
    if (total == 0) fmt::print(stderr, "nothing found\n");
}

void show_feeds(const json& feeds) {
    for (const auto& feed : feeds)
        fmt::print("{}  {:8}  release {:<5}  {:>6} articles  {}\n",
                   text_of(feed, "feed").substr(0, 16), text_of(feed, "state"),
                   feed.value("seq", std::uint64_t{0}), feed.value("articles", std::uint64_t{0}),
                   strong(text_of(feed, "name")));
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
    fmt::print("\n{}\n", printable(raw_text(article, "text")));
    if (const auto url = text_of(article, "url"); !url.empty()) fmt::print("\n{}\n", url);
}

}  // namespace colport::cli
