#include "cli/reader/doctor.h"

#include <fmt/format.h>

#include <map>
#include <nlohmann/json.hpp>

#include "cli/terminal.h"

namespace colport::cli {
namespace {

using nlohmann::json;

struct Carrier {
    const char* name;
    const char* what;
    const char* advice;   ///< when none works
};

constexpr Carrier carriers[] = {
    {"door", "other readers",
     "no reader answers: get a newer link from the newsroom, or ask a friend for the address of "
     "theirs and restart with --peer"},
    {"dht", "the DHT",
     "UDP seems to be blocked, or nobody there knows the feed: rely on mirrors, peers or a stick"},
    {"mirror", "web mirrors",
     "no mirror answers rightly: see --full, and ask the newsroom for another address"},
    {"tracker", "trackers", "no tracker answers: other ways can do without"},
    {"directory", "the feed directory", "run colport-press verify on it"},
};

const char* const states[] = {"works", "trying", "fails", "off"};

Finding sum_up(const Carrier& carrier, const std::vector<json>& found) {
    Finding out{carrier.name, "off", fmt::format("{}: none is named", carrier.what), ""};
    if (found.empty()) return out;
    std::map<std::string, int> count;
    for (const auto& one : found) ++count[one.value("state", "")];
    for (const char* state : states)
        if (count[state] != 0) {
            out.state = state;
            break;
        }
    out.detail = found.size() == 1
                     ? std::string(carrier.what)
                     : fmt::format("{}: {} of {} work", carrier.what, count["works"], found.size());
    if (out.state == "off")
        out.detail = fmt::format("{}: {}", carrier.what, found.front().value("detail", ""));
    if (out.state == "fails") out.advice = carrier.advice;
    return out;
}

void add_network(std::vector<Finding>& out, const json& status, bool full) {
    const auto mode = status.value("mode", "");
    const auto problems = status.value("problems", json::array());
    const auto listening = status.value("listening", json::array());
    if (mode == "open" || mode == "lan")
        out.push_back({"port", listening.empty() ? "fails" : "works",
                       listening.empty() ? "nobody can connect to this computer"
                                         : "other readers can connect, unless a router is in between",
                       listening.empty() ? "choose another port with --listen" : ""});
    const auto& budget = status.at("budget");
    if (budget.value("spent", false))
        out.push_back({"budget", "fails", "the month's bytes are spent: nothing moves",
                       "raise --monthly-budget, or wait for the next month"});
    if (!problems.empty() && !full)
        out.push_back({"daemon", "fails", "it reports problems", "see: colport doctor --full"});
    else
        for (const auto& problem : problems)
            out.push_back({"daemon", "fails", one_line(problem.get<std::string>()), ""});
}

void add_feed(std::vector<Finding>& out, const json& feed) {
    const auto key = feed.value("feed", "").substr(0, 16);
    for (const auto& carrier : feed.at("carriers"))
        out.push_back({carrier.value("name", ""), carrier.value("state", ""),
                       fmt::format("{} {} {}", key, one_line(carrier.value("where", "")),
                                   one_line(carrier.value("detail", ""))),
                       ""});
    if (const auto problem = feed.value("problem", ""); !problem.empty())
        out.push_back({"feed", "fails", fmt::format("{} {}", key, one_line(problem)), ""});
}

}  // namespace

std::vector<Finding> diagnose(const json& status, bool full) {
    std::vector<Finding> out;
    add_network(out, status, full);
    const auto& feeds = status.at("feeds");
    for (const auto& carrier : carriers) {
        std::vector<json> found;
        for (const auto& feed : feeds)
            for (const auto& one : feed.at("carriers"))
                if (one.value("name", "") == carrier.name) found.push_back(one);
        if (found.empty() && std::string(carrier.name) == "directory") continue;
        out.push_back(sum_up(carrier, found));
    }
    int cut_off = 0;
    for (const auto& feed : feeds) cut_off += feed.value("cut_off", false);
    if (cut_off != 0)
        out.push_back({"feeds", "fails",
                       fmt::format("{} of {} are cut off: no way to the newsroom works", cut_off, feeds.size()),
                       "what is here stays readable; import news from a stick with colport import"});
    int forked = 0, stale = 0;
    for (const auto& feed : feeds) {
        forked += feed.value("state", "") == "forked";
        stale += feed.value("state", "") == "stale";
    }
    if (forked != 0)
        out.push_back({"feeds", "fails",
                       fmt::format("{} of {} have stopped: somebody else may have the newsroom's key",
                                   forked, feeds.size()),
                       "colport status says which; ask the newsroom by another way, such as by phone"});
    if (stale != 0)
        out.push_back({"feeds", "fails",
                       fmt::format("{} of {} had nothing new for longer than their newsroom promised",
                                   stale, feeds.size()),
                       "if the ways above work, the newsroom is silent; else you are cut off"});
    if (feeds.empty())
        out.push_back({"feeds", "off", "no feed is followed", "colport follow LINK"});
    if (full)
        for (const auto& feed : feeds) add_feed(out, feed);
    return out;
}

bool is_undecided(const json& status) {
    for (const auto& feed : status.at("feeds"))
        for (const auto& carrier : feed.at("carriers"))
            if (carrier.value("state", "") == "trying") return true;
    return false;
}

}  // namespace colport::cli
