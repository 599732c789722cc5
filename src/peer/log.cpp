#include "peer/log.h"

#include <fmt/format.h>

#include <algorithm>
#include <atomic>
#include <cstdio>
#include <cstdlib>
#include <map>

#include "peer/status.h"

namespace colport {
namespace {

constexpr std::pair<LogLevel, const char*> names[] = {
    {LogLevel::error, "error"},
    {LogLevel::warning, "warning"},
    {LogLevel::info, "info"},
    {LogLevel::debug, "debug"},
};

std::atomic<LogLevel> wanted = LogLevel::info;

/// syslog(3)'s.
int priority_of(LogLevel level) {
    switch (level) {
        case LogLevel::error: return 3;
        case LogLevel::warning: return 4;
        case LogLevel::info: return 6;
        case LogLevel::debug: return 7;
    }
    return 7;
}

bool journal_reads() {
    static const bool reads = std::getenv("JOURNAL_STREAM") != nullptr;
    return reads;
}

void log_feed_changes(const FeedStatus& before, const FeedStatus& after) {
    const auto say = [&](LogLevel level, const std::string& event) {
        log(level, fmt::format("{}: {}", after.feed.hex().substr(0, 16), event));
    };
    if (after.seq > before.seq) say(LogLevel::info, fmt::format("release {} is here", after.seq));
    if (after.kept_from > before.kept_from)
        say(LogLevel::info, fmt::format("volumes before {} go for the quota", after.kept_from));
    if (after.cut_off != before.cut_off)
        say(after.cut_off ? LogLevel::warning : LogLevel::info,
            after.cut_off ? "no carrier works" : "a carrier works again");
    if (after.state == before.state) return;
    if (after.state == FeedState::forked)
        say(LogLevel::error, "forked: the key may be in other hands");
    else if (after.state == FeedState::stale)
        say(LogLevel::warning, "nothing new for longer than the publisher promised");
}

}  // namespace

std::optional<LogLevel> log_level_named(std::string_view name) {
    for (const auto& [level, known] : names)
        if (name == known) return level;
    return std::nullopt;
}

void set_log_level(LogLevel level) { wanted = level; }

namespace {

void write(LogLevel level, std::string_view event) {
    std::string line = journal_reads() ? fmt::format("<{}>", priority_of(level)) : std::string();
    line += "colportd: ";
    line += event;
    std::replace_if(line.begin(), line.end(), [](char c) {
        return static_cast<unsigned char>(c) < 0x20 || c == 0x7f;
    }, ' ');
    line += '\n';
    std::fwrite(line.data(), 1, line.size(), stderr);
}

}  // namespace

void log(LogLevel level, std::string_view event) {
    if (level <= wanted.load()) write(level, event);
}

void log_always(std::string_view event) { write(LogLevel::info, event); }

void log_changes(const PeerStatus& before, const PeerStatus& after) {
    if (after.disk.full != before.disk.full)
        log(after.disk.full ? LogLevel::warning : LogLevel::info,
            after.disk.full ? "the disk is full: nothing is fetched until there is room"
                            : "there is room on the disk again");
    if (after.budget.spent != before.budget.spent)
        log(after.budget.spent ? LogLevel::warning : LogLevel::info,
            after.budget.spent ? "the month's budget is spent: nothing moves until it ends"
                               : "there is a budget again");
    if (after.mode != before.mode && !before.mode.empty())
        log(LogLevel::info, "mode " + after.mode);
    std::map<PublicKey, const FeedStatus*> known;
    for (const auto& feed : before.feeds) known[feed.feed] = &feed;
    for (const auto& feed : after.feeds)
        if (const auto was = known.find(feed.feed); was != known.end())
            log_feed_changes(*was->second, feed);
}

}  // namespace colport
