#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "cli/reader/show.h"
#include "cli/terminal.h"

namespace colport::cli {
namespace {

using nlohmann::json;

std::string text(const json& object, const char* key) {
    const auto found = object.find(key);
    return found != object.end() && found->is_string() ? one_line(found->get<std::string>()) : "";
}

std::string size(const json& object, const char* key) {
    return human_size(object.value(key, std::uint64_t{0}));
}

/// "2026-03-14 09:30" of RFC 3339 in UTC.
std::string minute(const json& object, const char* key) {
    auto out = text(object, key).substr(0, 16);
    if (out.size() > 10) out[10] = ' ';
    return out;
}

std::string duration(std::int64_t seconds) {
    if (seconds < 90) return fmt::format("{} s", seconds);
    if (seconds < 5400) return fmt::format("{} min", (seconds + 30) / 60);
    return fmt::format("{} h", (seconds + 1800) / 3600);
}

void show_head(const json& status) {
    std::string line = "mode " + text(status, "mode");
    if (const auto proxy = text(status, "proxy"); !proxy.empty()) line += " by " + proxy;
    const auto& budget = status.at("budget");
    line += fmt::format(", {} in {}", size(budget, "used"), text(budget, "month"));
    if (budget.value("limit", std::uint64_t{0}) != 0) line += " of " + size(budget, "limit");
    line += fmt::format(", {} DHT nodes, received {}, sent {}", status.value("dht_nodes", 0),
                        size(status, "bytes_received"), size(status, "bytes_sent"));
    fmt::print("{}\n", line);
    if (const auto index = status.value("index", json()); index.is_object())
        fmt::print("indexing: {} of {} articles, {} %; searches may miss older ones meanwhile\n",
                   index.value("articles_made", std::int64_t{0}),
                   index.value("articles", std::int64_t{0}), index.value("percent", 0));
    if (budget.value("spent", false))
        fmt::print("the month's budget is spent: nothing is fetched or sent until the next month\n");
    const auto disk = status.value("disk", json::object());
    if (disk.value("full", false))
        fmt::print("the disk is full: nothing is fetched until {} are free, of which there are {}\n",
                   size(disk, "reserve"), size(disk, "free"));
    if (disk.value("quota", std::uint64_t{0}) != 0)
        fmt::print("volumes take {} of {}\n", size(disk, "held"), size(disk, "quota"));
    for (const auto& problem : status.value("problems", json::array()))
        fmt::print("problem: {}\n", one_line(problem.get<std::string>()));
}

void show_carriers(const json& feed) {
    std::string line;
    for (const auto& carrier : feed.value("carriers", json::array())) {
        line += (line.empty() ? "" : "; ") + text(carrier, "name");
        if (const auto where = text(carrier, "where"); !where.empty()) line += " " + where;
        line += " " + text(carrier, "state");
        if (const auto detail = text(carrier, "detail"); !detail.empty())
            line += " (" + detail + ")";
    }
    if (!line.empty()) fmt::print("    {}\n", line);
}

void show_fetching(const json& feed) {
    const auto fetching = feed.value("fetching", json());
    const int total = feed.value("volumes_total", 0), have = feed.value("volumes_have", 0);
    if (have < total) fmt::print("    {} of {} volumes are here\n", have, total);
    if (!fetching.is_object()) return;
    auto line = fmt::format("    fetching {} files, {} of {} left", fetching.value("files_left", 0),
                            size(fetching, "bytes_left"), size(fetching, "bytes_total"));
    if (const auto left = fetching.find("seconds_left"); left != fetching.end() && left->is_number())
        line += fmt::format(", {}/s, about {}", size(fetching, "rate"),
                            duration(left->get<std::int64_t>()));
    fmt::print("{}\n", line);
}

void show_feed(const json& feed) {
    fmt::print("{}  {:8}  {}\n", text(feed, "feed").substr(0, 16), text(feed, "state"),
               text(feed, "name"));
    std::string release = fmt::format("    release {}", feed.value("seq", std::uint64_t{0}));
    if (feed.value("seen_seq", std::uint64_t{0}) > feed.value("seq", std::uint64_t{0}))
        release += fmt::format(" of {}", feed.value("seen_seq", std::uint64_t{0}));
    if (const auto signed_at = minute(feed, "released"); !signed_at.empty())
        release += fmt::format(", signed {}, fresh until {}", signed_at, minute(feed, "fresh_until"));
    fmt::print("{}, {} peers, received {}, sent {}\n", release, feed.value("peers", 0),
               size(feed, "bytes_received"), size(feed, "bytes_sent"));
    if (feed.value("cut_off", false)) {
        const auto heard = minute(feed, "heard");
        fmt::print("    cut off{}: no way to the newsroom works. What is here stays readable; colport "
                   "doctor says what was tried, and colport import takes news from a stick\n",
                   heard.empty() ? "" : " since " + heard);
    }
    show_carriers(feed);
    show_fetching(feed);
    if (const auto problem = text(feed, "problem"); !problem.empty())
        fmt::print("    problem: {}\n", problem);
}

}  // namespace

void show_status(const json& status) {
    show_head(status);
    for (const auto& feed : status.at("feeds")) show_feed(feed);
    for (const auto& feed : status.at("feeds")) warn_of_look_alike(feed);
}

}  // namespace colport::cli
