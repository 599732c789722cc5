#include "web/metrics.h"

#include <fmt/format.h>
#include <sys/resource.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

#include "web/reply.h"

namespace colport::web {
namespace {

constexpr FeedState states[] = {FeedState::waiting, FeedState::fetching, FeedState::current,
                                FeedState::stale, FeedState::forked};
// A disk that is busy for seconds is no hang.
constexpr std::int64_t most_silent_seconds = 60;

class Page {
public:
    void gauge(const char* name, const char* help, double value) {
        head(name, "gauge", help);
        sample(name, "", value);
    }
    void counter(const char* name, const char* help, double value) {
        head(name, "counter", help);
        sample(name, "", value);
    }
    /// One sample for each feed.
    template <class Value>
    void by_feed(const char* name, const char* type, const char* help, const PeerStatus& status,
                 Value value) {
        head(name, type, help);
        for (const auto& feed : status.feeds)
            sample(name, fmt::format("{{feed=\"{}\"}}", feed.feed.hex()),
                   static_cast<double>(value(feed)));
    }
    void head(const char* name, const char* type, const char* help) {
        fmt::format_to(std::back_inserter(text_), "# HELP {0} {1}\n# TYPE {0} {2}\n", name, help,
                       type);
    }
    void sample(const char* name, const std::string& labels, double value) {
        fmt::format_to(std::back_inserter(text_), "{}{} {}\n", name, labels, value);
    }
    std::string take() { return std::move(text_); }

private:
    std::string text_;
};

double as_number(std::uint64_t value) { return static_cast<double>(value); }
double as_number(std::int64_t value) { return static_cast<double>(value); }

/// By the names that every exporter uses.
void add_process(Page& page, std::int64_t started) {
    rusage used{};
    ::getrusage(RUSAGE_SELF, &used);
    const auto seconds = [](const timeval& time) {
        return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) / 1e6;
    };
    page.counter("process_cpu_seconds_total", "Processor time, of user and system.",
                 seconds(used.ru_utime) + seconds(used.ru_stime));
    page.gauge("process_start_time_seconds", "When the daemon started.", as_number(started));
    std::int64_t whole = 0, resident = 0;
    std::ifstream("/proc/self/statm") >> whole >> resident;
    page.gauge("process_resident_memory_bytes", "Memory in use.",
               as_number(resident * ::sysconf(_SC_PAGESIZE)));
    std::error_code error;
    const std::filesystem::directory_iterator files("/proc/self/fd", error);
    // The one that counts them is not one of them.
    page.gauge("process_open_fds", "Open files and connections.",
               error ? 0 : static_cast<double>(std::distance(begin(files), end(files)) - 1));
    rlimit limit{};
    ::getrlimit(RLIMIT_NOFILE, &limit);
    page.gauge("process_max_fds", "How many there may be.", static_cast<double>(limit.rlim_cur));
}

void add_daemon(Page& page, const PeerStatus& status) {
    page.counter("colport_received_bytes_total", "Received by BitTorrent, protocol included.",
                 as_number(status.bytes_received));
    page.counter("colport_sent_bytes_total", "Sent by BitTorrent, protocol included.",
                 as_number(status.bytes_sent));
    page.counter("colport_payload_received_bytes_total", "Received of files.",
                 as_number(status.payload_received));
    page.gauge("colport_dht_nodes", "Nodes of the DHT that are known.", status.dht_nodes);
    page.gauge("colport_budget_used_bytes", "Bytes of this calendar month, both ways.",
               as_number(status.budget.used));
    page.gauge("colport_budget_limit_bytes", "How many there may be; 0: no limit.",
               as_number(status.budget.limit));
    page.gauge("colport_budget_spent", "1 while nothing moves since the month is used up.",
               status.budget.spent);
    page.gauge("colport_disk_free_bytes", "Free on the disk of the data.",
               as_number(status.disk.free));
    page.gauge("colport_disk_reserve_bytes", "With less than that nothing is fetched.",
               as_number(status.disk.reserve));
    page.gauge("colport_disk_full", "1 while nothing is fetched for want of room.",
               status.disk.full);
    page.gauge("colport_quota_bytes", "Most that volumes may take; 0: no limit.",
               as_number(status.disk.quota));
    page.gauge("colport_index_ratio", "How much of the index of search is made.",
               static_cast<double>(status.index.percent()) / 100);
    page.gauge("colport_problems", "Problems that are of no one feed.",
               static_cast<double>(status.problems.size()));
    page.gauge("colport_feeds", "Feeds that are followed.",
               static_cast<double>(status.feeds.size()));
}

void add_feeds(Page& page, const PeerStatus& status) {
    const auto gauge = [&](const char* name, const char* help, auto value) {
        page.by_feed(name, "gauge", help, status, value);
    };
    const auto counter = [&](const char* name, const char* help, auto value) {
        page.by_feed(name, "counter", help, status, value);
    };
    page.head("colport_feed_state", "gauge", "1 for the state that the feed is in.");
    for (const auto& feed : status.feeds)
        for (const auto state : states)
            page.sample("colport_feed_state",
                        fmt::format("{{feed=\"{}\",state=\"{}\"}}", feed.feed.hex(), name_of(state)),
                        feed.state == state);
    gauge("colport_feed_release", "Newest release that is here whole.",
          [](const FeedStatus& feed) { return feed.seq; });
    gauge("colport_feed_seen_release", "Newest release that was heard of.",
          [](const FeedStatus& feed) { return feed.seen_seq; });
    gauge("colport_feed_released_timestamp_seconds", "When the newest one here was signed.",
          [](const FeedStatus& feed) { return feed.released; });
    gauge("colport_feed_fresh_until_timestamp_seconds", "Silence is normal until then.",
          [](const FeedStatus& feed) { return feed.fresh_until; });
    gauge("colport_feed_heard_timestamp_seconds", "When any carrier last answered; 0: never.",
          [](const FeedStatus& feed) { return feed.heard; });
    gauge("colport_feed_cut_off", "1 while no carrier works.",
          [](const FeedStatus& feed) { return feed.cut_off; });
    gauge("colport_feed_problem", "1 while something keeps it from going on; see colport status.",
          [](const FeedStatus& feed) { return !feed.problem.empty(); });
    gauge("colport_feed_peers", "Peers at its door.",
          [](const FeedStatus& feed) { return feed.peers; });
    gauge("colport_feed_volumes_wanted", "Volumes to hold.",
          [](const FeedStatus& feed) { return feed.volumes_total; });
    gauge("colport_feed_volumes_held", "Of these, those that are here whole.",
          [](const FeedStatus& feed) { return feed.volumes_have; });
    gauge("colport_feed_held_bytes", "Files of volumes, on disk and checked.",
          [](const FeedStatus& feed) { return feed.bytes_held; });
    counter("colport_feed_received_bytes_total", "Received for it, protocol included.",
            [](const FeedStatus& feed) { return feed.bytes_received; });
    counter("colport_feed_sent_bytes_total", "Sent for it, protocol included.",
            [](const FeedStatus& feed) { return feed.bytes_sent; });
}

Response no_daemon() {
    return json_error(503, "network", "no daemon is running", "start it with `colportd`");
}

}  // namespace

std::string metrics_of(const PeerStatus& status) {
    Page page;
    add_process(page, status.started);
    add_daemon(page, status);
    add_feeds(page, status);
    return page.take();
}

Response metrics(const Context& context) {
    if (context.peer == nullptr) return no_daemon();
    Response out{200, "text/plain; version=0.0.4; charset=utf-8",
                 metrics_of(context.peer->status()), {}};
    out.headers["Cache-Control"] = "no-store";
    return out;
}

Response healthz(const Context& context) {
    if (context.peer == nullptr) return no_daemon();
    const auto silent = context.peer->silent_seconds();
    if (silent > most_silent_seconds)
        return json_error(503, "silent", fmt::format("the engine has been silent for {} s", silent),
                          "look at the log, then start colportd again");
    return text_reply(200, std::string("ok\n"));
}

}  // namespace colport::web
